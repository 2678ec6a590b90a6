import type { Link } from '../../facts/images.ts';
import type { Manifest, Project } from '../../facts/project.ts';
import { words } from '../containers/words.ts';

const valued = /^(?:--filter|-F|--prefix|--cwd|-C|--dir|-w|--workspace|--scope)$/;

/** The script that a package manager's command line runs, when it runs one. */
function scriptNameOf(text: string): { readonly name: string; readonly explicit: boolean } | undefined {
  const [manager = '', ...rest] = words(text);
  const plain = rest.filter((word, index) => !word.startsWith('-') && !valued.test(rest[index - 1] ?? ''));
  const [first, second, third] = plain;
  if (first === 'run' || first === 'run-script')
    return second === undefined ? undefined : { name: second, explicit: true };
  if (manager.endsWith('yarn') && first === 'workspace')
    return third === undefined ? undefined : { name: third === 'run' ? (plain[3] ?? '') : third, explicit: false };
  if (/(?:^|\/)(?:npm|bun)$/.test(manager)) return first === 'start' ? { name: 'start', explicit: true } : undefined;
  return /(?:^|\/)(?:pnpm|yarn)$/.test(manager) && first !== undefined && !/^(?:exec|dlx|install|i|node)$/.test(first)
    ? { name: first, explicit: first === 'start' }
    : undefined;
}

/** What a package manager's command line runs, with the scripts of the package that it calls; '' when it runs none. */
export function scriptText(command: string, manifest: Manifest): string {
  const called = scriptNameOf(command);
  return called ? textOf(manifest, called.name, 0) : '';
}

/** Adds to a package manager's link the script that it runs. */
export function withScript(link: Link, project: Project, manifestFile: string | undefined): Link {
  if (link.kind !== 'manager') return link;
  const called = scriptNameOf(link.text);
  if (!called) return link;
  const found = holders(project, manifestFile).find((manifest) => manifest.scripts[called.name] !== undefined);
  if (!found)
    return called.explicit && project.manifests.length > 0
      ? { ...link, script: { name: called.name, text: undefined, at: undefined } }
      : link;
  const line = found.lineOf('scripts', called.name);
  return {
    ...link,
    script: {
      name: called.name,
      text: textOf(found, called.name, 0),
      at: { file: found.file, ...(line === undefined ? {} : { line }) },
    },
  };
}

const holders = (project: Project, file: string | undefined): readonly Manifest[] =>
  project.manifests.toSorted((a, b) => rank(a, file) - rank(b, file));

const rank = (manifest: Manifest, file: string | undefined): number =>
  manifest.file === file ? 0 : manifest.dir === '.' ? 1 : 2;

function textOf(manifest: Manifest, name: string, depth: number): string {
  const text = manifest.scripts[name] ?? '';
  if (depth > 3) return text;
  const called = [
    ...text.matchAll(/\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?([\w:-]+)/g),
    ...text.matchAll(/\b(?:run-s|run-p|npm-run-all)\s+([\w: -]+)/g),
  ].flatMap((match) => (match[1] ?? '').split(' '));
  return [
    text,
    ...called
      .filter((other) => other !== name && manifest.scripts[other] !== undefined)
      .map((other) => textOf(manifest, other, depth + 1)),
  ].join('\n');
}
