import type { Workspace } from '../../model/workspace.ts';
import { joined } from './paths.ts';

export interface Recipe {
  readonly target: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** The line begins with `-`. */
  readonly ignored: boolean;
}

interface Rule {
  readonly needs: readonly string[];
  readonly lines: readonly { readonly line: number; readonly text: string }[];
}

/** The recipe lines that `make` runs for these targets, prerequisites first; undefined without a Makefile. */
export function makeRecipes(
  workspace: Workspace,
  dir: string,
  targets: readonly string[],
): readonly Recipe[] | undefined {
  const file = ['GNUmakefile', 'makefile', 'Makefile']
    .map((name) => joined(dir, name))
    .find((path) => workspace.has(path));
  const text = file === undefined ? undefined : workspace.read(file);
  if (file === undefined || text === undefined) return undefined;
  const rules = rulesOf(text);
  const wanted = targets.length > 0 ? targets : [...rules.keys()].filter((name) => !name.startsWith('.')).slice(0, 1);
  const done = new Set<string>();
  return wanted.flatMap((target) => recipesOf(target, rules, file, done));
}

function recipesOf(
  target: string,
  rules: ReadonlyMap<string, Rule>,
  file: string,
  done: Set<string>,
): readonly Recipe[] {
  const rule = rules.get(target);
  if (!rule || done.has(target)) return [];
  done.add(target);
  const before = rule.needs.flatMap((need) => recipesOf(need, rules, file, done));
  return [...before, ...rule.lines.map(({ line, text }) => recipe(target, file, line, text))];
}

function recipe(target: string, file: string, line: number, text: string): Recipe {
  const prefix = /^[@+-]*/.exec(text)?.[0] ?? '';
  return {
    target,
    file,
    line,
    text: text.slice(prefix.length).replaceAll('$(MAKE)', 'make').replaceAll('$$', '$'),
    ignored: prefix.includes('-'),
  };
}

function rulesOf(text: string): ReadonlyMap<string, Rule> {
  const rules = new Map<string, { needs: readonly string[]; lines: { line: number; text: string }[] }>();
  let current: string | undefined;
  text.split('\n').forEach((row, index) => {
    const head = /^([\w./ -]+?)\s*::?(?!=)\s*([^#;=]*)/.exec(row);
    if (row.startsWith('\t') && current !== undefined)
      rules.get(current)?.lines.push({ line: index + 1, text: row.trim() });
    else if (head?.[1] !== undefined) {
      current = head[1].split(/\s+/)[0];
      for (const name of head[1].split(/\s+/))
        if (!rules.has(name))
          rules.set(name, { needs: (head[2] ?? '').trim().split(/\s+/).filter(Boolean), lines: [] });
    }
  });
  return rules;
}
