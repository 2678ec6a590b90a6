import type { Manifest } from '../../facts/project.ts';
import type { Place } from '../../model/place.ts';
import { followedOnce } from './followed.ts';
import { makeRecipes } from './make.ts';
import { type Frame, type Leaf, leafOf, type Written } from './leaf.ts';
import { filtered, manifestIn, membersOf, workspaceRoot } from './packages.ts';
import { globPattern, joined } from './paths.ts';
import { isKnownProgram, purposeOfName } from './programs.ts';
import type { Request } from './requests.ts';
import { requestOf } from './runners.ts';
import { callsOf } from './shell.ts';
import { definitionOf, mayDefineMore, namedTasks, startsRoot } from './tasks.ts';
import { unwrap } from './wrappers.ts';

export interface ShellText {
  readonly text: string;
  readonly errexit: boolean;
  readonly pipefail: boolean;
  /** Where a line of it stands; the caller knows when it is missing. */
  readonly at?: (line: number) => Place;
}

/** The commands of a shell text, followed to their ends. */
export function expandText(shell: ShellText, frame: Frame): readonly (Leaf & { readonly line: number })[] {
  if (frame.depth > 8 || frame.budget.left <= 0) return [];
  const exists = (path: string): boolean => standsIn(frame, path);
  return callsOf(shell.text, { errexit: shell.errexit, pipefail: shell.pipefail, exists }).flatMap((call) => {
    if (!call.reached) return [];
    const swallowed =
      frame.swallowed ??
      (call.swallowed ? { how: call.swallowed, ...(shell.at ? { at: shell.at(call.line) } : {}) } : undefined);
    const dir = call.cd === '?' ? frame.dir : joined(frame.dir, call.cd);
    const lost = frame.lost || call.cd === '?' || !isFolder(frame, dir);
    const inner: Frame = {
      ...frame,
      dir,
      lost,
      env: { ...frame.env, ...call.env },
      ...(swallowed ? { swallowed } : {}),
    };
    return expandWords(call.words, inner).map((leaf) => ({ ...leaf, line: call.line }));
  });
}

const isFolder = (frame: Frame, dir: string): boolean =>
  dir === '.' || dir.startsWith('..') || standsIn({ ...frame, dir: '.' }, dir);

function standsIn(frame: Frame, path: string): boolean {
  const { workspace } = frame.packages;
  const full = joined(frame.dir, path);
  return workspace.has(full) || frame.packages.folders.has(full);
}

function expandWords(words: readonly string[], frame: Frame): readonly Leaf[] {
  frame.budget.left--;
  const { words: inner, env, fetched, bin } = unwrap(words);
  const own: Frame = { ...frame, env: { ...frame.env, ...env } };
  const runner = ['npm', 'pnpm', 'yarn', 'bun', 'turbo', 'nx', 'lerna', 'make'].includes(inner[0] ?? '');
  const request: Request =
    bin && !runner && !['npm-run-all', 'npm-run-all2', 'run-s', 'run-p', 'concurrently'].includes(inner[0] ?? '')
      ? { kind: 'program', words: inner }
      : requestOf(inner);
  return follow(request, { written: words.join(' '), inner, fetched }, own);
}

function follow(request: Request, from: Written, frame: Frame): readonly Leaf[] {
  if (frame.depth > 8 || frame.budget.left <= 0) return [];
  switch (request.kind) {
    case 'scripts':
      return request.names.flatMap((name) => runScript(name, request, from, frame));
    case 'tasks':
      return request.names.flatMap((name) => runTask(name, request, from, frame));
    case 'commands':
      return request.texts.flatMap((text) =>
        expandText(
          { text, errexit: false, pipefail: false, at: () => placeOf(frame) },
          deeper(frame, joined(frame.dir, request.dir ?? '.')),
        ),
      );
    case 'make':
      return runMake(request, from, frame);
    case 'file':
      return runFile(request, from, frame);
    case 'program': {
      const dir = joined(frame.dir, request.dir ?? '.');
      const other = request.words[0] !== from.inner[0] && request.words.length > 0;
      return other ? expandWords(request.words, deeper(frame, dir)) : [leafOf(from, request.words, { ...frame, dir })];
    }
  }
}

const placeOf = (frame: Frame): Place => frame.trail.at(-1)?.at ?? { file: 'package.json' };
const deeper = (frame: Frame, dir: string): Frame => ({ ...frame, dir, depth: frame.depth + 1 });

function runScript(name: string, request: Request & { kind: 'scripts' }, from: Written, frame: Frame): readonly Leaf[] {
  const base = joined(frame.dir, request.where.dir);
  if (request.where.kind === 'members') return runInMembers(name, request, from, { ...frame, dir: base });
  const manifest = manifestIn(frame.packages, base);
  const names = manifest ? matching(Object.keys(manifest.scripts), name) : [];
  if (manifest && names.length > 0) return names.flatMap((each) => scriptLeaves(each, manifest, frame));
  if (request.orProgram && isProgramOf(request.orProgram, frame, base))
    return runProgram(request.orProgram, from, { ...frame, dir: base });
  if (request.ifPresent || name.includes('$')) return [];
  return [
    missing(
      name,
      from,
      { ...frame, dir: base },
      `${manifest?.file ?? 'the repository'} has no script "${name}"`,
      manifest,
    ),
  ];
}

/** A program of the packages: a task runner among them is followed to what it starts. */
function runProgram(words: readonly string[], from: Written, frame: Frame): readonly Leaf[] {
  const { words: inner } = unwrap(words);
  const request = requestOf(inner);
  return request.kind === 'program' ? [leafOf(from, inner, frame)] : follow(request, from, deeper(frame, frame.dir));
}

/** `yarn jest` runs a program when no script is called so. */
function isProgramOf(words: readonly string[], frame: Frame, dir: string): boolean {
  const [program = ''] = words;
  const purpose = purposeOfName(program);
  return (
    isKnownProgram(program) ||
    frame.packages.project.depends(manifestIn(frame.packages, dir), program) ||
    purpose === undefined
  );
}

/** `lint:*` stands for several. */
function matching(scripts: readonly string[], name: string): readonly string[] {
  if (!name.includes('*')) return scripts.includes(name) ? [name] : [];
  const pattern = globPattern(name.replaceAll('/', '\u0000'));
  return scripts.filter((script) => pattern.test(script));
}

function missing(name: string, from: Written, frame: Frame, text: string, manifest: Manifest | undefined): Leaf {
  const purpose = purposeOfName(name);
  const line = manifest?.lineOf('scripts');
  const at: Place | undefined = manifest ? { file: manifest.file, ...(line ? { line } : {}) } : undefined;
  return {
    command: from.written,
    words: from.inner,
    purposes: [purpose ?? 'other'],
    dirs: [frame.dir],
    trail: frame.trail,
    ...(frame.swallowed ? { swallowed: frame.swallowed } : {}),
    ...(frame.lost ? {} : { obstacle: { kind: 'missing-script' as const, text, ...(at ? { at } : {}) } }),
  };
}

function runInMembers(
  name: string,
  request: Request & { kind: 'scripts' },
  from: Written,
  frame: Frame,
): readonly Leaf[] {
  const root = workspaceRoot(frame.packages, frame.dir);
  if (!root || request.where.kind !== 'members') return [];
  const { filters, withRoot } = request.where;
  const members = filtered([...(withRoot ? [root] : []), ...membersOf(frame.packages, root)], root, filters);
  const owners = (members ?? []).filter((member) => member.scripts[name] !== undefined && !seen(member, name, frame));
  if (owners.length > 0) return owners.flatMap((member) => scriptLeaves(name, member, frame));
  const own = root.scripts[name] !== undefined && seen(root, name, frame);
  if (members === undefined || members.length === 0 || own)
    return [byName(name, from, { ...frame, dir: root.dir }, members ? [] : [root.dir])].filter(
      (leaf) => leaf.dirs.length > 0,
    );
  return request.ifPresent
    ? []
    : [missing(name, from, { ...frame, dir: root.dir }, `no package of the workspace has a script "${name}"`, root)];
}

const seen = (manifest: Manifest, name: string, frame: Frame): boolean => frame.seen.has(`${manifest.file}#${name}`);

/** What only its name tells about. */
const byName = (name: string, from: Written, frame: Frame, dirs: readonly string[]): Leaf => ({
  command: from.written,
  words: from.inner,
  purposes: [purposeOfName(name) ?? 'other'],
  dirs,
  trail: frame.trail,
  ...(frame.swallowed ? { swallowed: frame.swallowed } : {}),
});

/** A script with its `pre` and `post`, followed to its ends. */
function scriptLeaves(name: string, manifest: Manifest, frame: Frame): readonly Leaf[] {
  if (seen(manifest, name, frame)) return [];
  const around = [`pre${name}`, name, `post${name}`].filter((each) => manifest.scripts[each] !== undefined);
  return around.flatMap((each) => oneScript(each, manifest, frame));
}

function oneScript(name: string, manifest: Manifest, frame: Frame): readonly Leaf[] {
  const text = manifest.scripts[name] ?? '';
  const line = manifest.lineOf('scripts', name);
  const at: Place = { file: manifest.file, ...(line ? { line } : {}) };
  const key = `${manifest.file}#${name}`;
  return followedOnce(key, frame, (alone) => {
    const inner: Frame = {
      ...deeper(alone, manifest.dir),
      trail: [{ note: `"${name}" runs \`${text.length > 120 ? `${text.slice(0, 117)}…` : text}\``, at }],
      seen: new Set([...frame.seen, key]),
    };
    return promised(name, text, expandText({ text, errexit: false, pipefail: false, at: () => at }, inner), inner);
  });
}

const silentPrograms = new Set(['echo', 'true', ':', 'printf', 'exit']);

/** Where the commands of a script say nothing, its name does; and a script that only prints has nothing behind it. */
function promised(name: string, text: string, leaves: readonly Leaf[], frame: Frame): readonly Leaf[] {
  const purpose = purposeOfName(name);
  if (
    !purpose ||
    leaves.some((leaf) => leaf.purposes.some((own) => own !== 'other' && own !== 'install') || leaf.obstacle)
  )
    return leaves;
  const last = leaves.at(-1);
  const only: Leaf = {
    command: text,
    words: last?.words ?? [],
    purposes: [purpose],
    dirs: [frame.dir],
    trail: frame.trail,
    ...(frame.swallowed ? { swallowed: frame.swallowed } : {}),
  };
  const failing = /(^|[;&\s])exit\s+[1-9]/.test(text);
  const hollow = leaves.every((leaf) => silentPrograms.has(leaf.words[0] ?? ''));
  if (!hollow) return [...leaves.slice(0, -1), { ...(last ?? only), purposes: [purpose] }];
  if (failing)
    return [
      {
        ...only,
        obstacle: {
          kind: 'always-fails',
          text: `the script "${name}" only ends in an error`,
          ...(frame.trail.at(-1)?.at ? { at: placeOf(frame) } : {}),
        },
      },
    ];
  return [{ ...only, hollow: `the script "${name}" only prints a text` }];
}

function runTask(name: string, request: Request & { kind: 'tasks' }, from: Written, frame: Frame): readonly Leaf[] {
  const root = workspaceRoot(frame.packages, frame.dir);
  if (!root || name.includes('$')) return [];
  const found = namedTasks(frame.packages, root, request.runner, name);
  const leaves = found.flatMap((task) => taskLeaves(task, root, request, from, frame));
  if (leaves.length > 0) return leaves;
  const members = filtered([root, ...membersOf(frame.packages, root)], root, request.filters);
  if (members === undefined || members.length === 0 || (request.runner === 'nx' && mayDefineMore(frame.packages, root)))
    return [byName(name, from, frame, [root.dir])];
  const text =
    request.runner === 'nx'
      ? `no project has a target "${name}"`
      : `no package of the workspace has a script "${name}"`;
  return [missing(name, from, { ...frame, dir: root.dir }, text, root)];
}

function taskLeaves(
  task: string,
  root: Manifest,
  request: Request & { kind: 'tasks' },
  from: Written,
  frame: Frame,
): readonly Leaf[] {
  const members = filtered([root, ...membersOf(frame.packages, root)], root, request.filters) ?? [root];
  const owners = members.filter(
    (member) =>
      member.scripts[task] !== undefined &&
      (member !== root || startsRoot(frame.packages, root, request.runner, task)) &&
      !seen(member, task, frame),
  );
  const scripts = owners.flatMap((member) => scriptLeaves(task, member, frame));
  const defined = definitionOf(frame.packages, root, request, task, members);
  if (defined.length === 0) return scripts;
  return [
    ...scripts,
    ...defined.map((each) => ({
      ...byName(task, from, frame, each.dirs),
      ...(each.purposes.length > 0 ? { purposes: each.purposes } : {}),
    })),
  ];
}

function runMake(request: Request & { kind: 'make' }, from: Written, frame: Frame): readonly Leaf[] {
  const dir = joined(frame.dir, request.dir);
  const recipes = makeRecipes(frame.packages.workspace, dir, request.targets);
  if (!recipes)
    return request.targets
      .map((target) => byName(target, from, frame, [dir]))
      .filter((leaf) => leaf.purposes[0] !== 'other');
  return recipes.flatMap((recipe) => {
    const at: Place = { file: recipe.file, line: recipe.line };
    const swallowed =
      frame.swallowed ??
      (recipe.ignored ? { how: 'the recipe line begins with `-`, which ignores its failure', at } : undefined);
    const inner: Frame = {
      ...deeper(frame, dir),
      trail: [...frame.trail, { note: `make ${recipe.target}`, at }],
      ...(swallowed ? { swallowed } : {}),
    };
    return expandText({ text: recipe.text, errexit: false, pipefail: false, at: () => at }, inner);
  });
}

function runFile(request: Request & { kind: 'file' }, from: Written, frame: Frame): readonly Leaf[] {
  const path = joined(frame.dir, request.path);
  const text = frame.seen.has(path) ? undefined : frame.packages.workspace.read(path);
  if (text === undefined) return [leafOf(from, from.inner, frame)];
  const errexit = request.errexit || /^#!.*\s-[a-z]*e/.test(text);
  const inner: Frame = {
    ...deeper(frame, frame.dir),
    seen: new Set([...frame.seen, path]),
    trail: [...frame.trail, { note: `runs ${path}`, at: { file: path } }],
  };
  return expandText({ text, errexit, pipefail: false, at: (line) => ({ file: path, line: line + 1 }) }, inner);
}
