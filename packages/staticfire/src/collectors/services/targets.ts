import { posix } from 'node:path';
import { walkFile } from '../../code/walk.ts';
import type { CodeModel } from '../../code/model.ts';
import type { Expr } from '../../code/summary.ts';
import { filesBelow } from '../../code/reach/below.ts';
import { sourceAt } from '../../frameworks/reading/places.ts';
import { stringsIn } from '../../frameworks/reading/literals.ts';
import { simpleCommands } from './shell.ts';
import { baseOf, unwrap } from './unwrap.ts';
import type { Candidate } from './sites.ts';

/** The source that a start command's target is, or is built from. `target` is relative to `dir`, which is relative to the root. */
export function sourceOf(candidate: Candidate, dir: string, target: string): string | undefined {
  const { code } = candidate;
  const written = target.replaceAll(/^["']|["']$/g, '').replace(/^file:\/*/, '/');
  if (written === '' || /^-|\$/.test(written)) return undefined;
  if (written.startsWith('/')) return fromImage(candidate, dir, written);
  const path = posix.join(dir, written);
  return (
    checkedIn(code, path) ?? throughResolver(code, path) ?? byBuildEntry(candidate, path) ?? byTail(candidate, path)
  );
}

/** Build output that was checked in: the TypeScript it is built from is what the next build starts. */
function checkedIn(code: CodeModel, path: string): string | undefined {
  const [, before = '', rest] = /^(.*?\/)?(?:dist|build|out)\/(?:src\/)?(.+)\.[cm]?js$/.exec(path) ?? [];
  if (rest === undefined || code.get(path) === undefined) return undefined;
  return ['ts', 'tsx', 'mts', 'cts']
    .map((ending) => `${before}src/${rest}.${ending}`)
    .find((source) => code.get(source));
}

/** Paths inside an image: `/usr/src/app/apps/api/dist/main.js`; the leading folders are the image's own. */
function fromImage(candidate: Candidate, dir: string, path: string): string | undefined {
  const names = path.split('/').filter(Boolean);
  for (let from = 0; from < names.length; from += 1) {
    const rest = names.slice(from).join('/');
    const found =
      throughResolver(candidate.code, posix.join(dir, rest)) ??
      (dir === '.' ? undefined : throughResolver(candidate.code, rest));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The resolver of imports knows compiler configurations and customs of build output. */
export function throughResolver(code: CodeModel, path: string): string | undefined {
  if (path.startsWith('..')) return undefined;
  const from = code.files[0];
  const source = from === undefined ? undefined : code.get(from);
  if (from === undefined || !source || path === '.') return undefined;
  const relative = posix.relative(posix.dirname(from), path);
  const found = source.resolve(relative.startsWith('.') ? relative : `./${relative}`);
  return found.kind === 'file' && code.get(found.path) !== undefined ? found.path : undefined;
}

/** Sources that the package's own build names as its entries, in scripts and in configuration files. */
function buildEntries(candidate: Candidate): readonly string[] {
  const found = new Set([
    ...inScripts(candidate),
    ...configFiles(candidate).flatMap((file) => configEntries(candidate, file)),
  ]);
  return [...found];
}

const bundlers =
  /^(?:tsup|esbuild|ncc|tsdown|rollup|swc|parcel|pkgroll|microbundle|unbuild|bunchee|webpack|rspack|vite)$/;

function inScripts(candidate: Candidate): readonly string[] {
  const { manifest } = candidate;
  if (!manifest || manifest.dir !== candidate.dir) return [];
  return Object.values(manifest.scripts).flatMap((script) =>
    simpleCommands(script).flatMap((written) => {
      const { words } = unwrap(written);
      const program = baseOf(words[0] ?? '');
      if (!bundlers.test(program) && !(program === 'bun' && words[1] === 'build')) return [];
      return words.slice(1).flatMap((word) => existing(candidate, word.replace(/^--[\w-]+=/, '')));
    }),
  );
}

const configFiles = (candidate: Candidate): readonly string[] =>
  [
    'webpack.config',
    'webpack.prod',
    'webpack.config.prod',
    'rollup.config',
    'vite.config',
    'vite.config.server',
    'vite.server.config',
    'tsup.config',
    'tsdown.config',
    'rspack.config',
    'rsbuild.config',
    'esbuild.config',
    'esbuild',
    'build',
    'build.config',
    'scripts/build',
    'ecosystem.build',
  ].flatMap((name) => sourceAt(candidate, name) ?? []);

const entryKeys = new Set(['main', 'entry', 'input', 'inputs', 'entries', 'entryPoints', 'entrypoints', 'server']);

/** Sources that a configuration file names as entries. */
export function configEntries(
  candidate: Candidate,
  file: string,
  keys: ReadonlySet<string> = entryKeys,
): readonly string[] {
  const summary = candidate.code.get(file)?.summary;
  const found: string[] = [];
  if (!summary) return found;
  walkFile(summary, (expr: Expr) => {
    if (expr.k !== 'obj') return;
    for (const prop of expr.props)
      if (keys.has(prop.key)) found.push(...stringsOf(prop.value).flatMap((text) => existing(candidate, text)));
  });
  return found;
}

/** Strings of a value, also the last part of `path.join(__dirname, 'src/main.ts')`. Keys of an object of entries are names. */
const stringsOf = (value: Expr): readonly string[] => stringsIn(value);

function existing(candidate: Candidate, text: string): readonly string[] {
  if (!/^[\w./@-]+$/.test(text) || !/\.[cm]?[jt]sx?$|\//.test(text)) return [];
  const path = posix.join(candidate.dir, text);
  const own = candidate.code.get(path) === undefined ? sourceAt(candidate, text) : path;
  return own === undefined ? [] : [own];
}

/** dist/server.js beside an entry src/server/main.ts: the entry of that name, else the only one. */
function byBuildEntry(candidate: Candidate, path: string): string | undefined {
  const entries = buildEntries(candidate).filter((file) => !/\.config\./.test(file));
  const name = bare(posix.basename(path));
  return (
    entries.find((file) => bare(posix.basename(file)) === name) ??
    (entries.length === 1 && inOutput(candidate, path) ? entries[0] : undefined)
  );
}

const bare = (name: string): string => name.replace(/\.(?:bundle|min)?\.?[cm]?[jt]sx?$/, '').replace(/\.bundle$/, '');

/** Not source of ours: it lies in a folder of the package that holds no source at all. */
function inOutput(candidate: Candidate, path: string): boolean {
  const [first = '', ...rest] = posix.relative(candidate.dir, path).split('/');
  if (first === '..' || rest.length === 0) return false;
  return filesBelow(candidate.code.files, `${posix.join(candidate.dir, first)}/`).length === 0;
}

/** A build may drop or add leading folders: the source whose path ends alike, when there is only one nearest. */
function byTail(candidate: Candidate, path: string): string | undefined {
  const below = posix.relative(candidate.dir, path);
  if (below.startsWith('..') || !inOutput(candidate, path)) return undefined;
  return tailed(candidate, below.split('/').slice(1));
}

/** The source whose path ends like an import of build output: './hono/server/router.js' is server/router.ts. */
export function builtFrom(candidate: Candidate, specifier: string): string | undefined {
  return tailed(
    candidate,
    specifier.split('/').filter((name) => !/^\.*$/.test(name)),
  );
}

/** Two names at least must agree. */
function tailed(candidate: Candidate, written: readonly string[]): string | undefined {
  const names = written
    .join('/')
    .replace(/\.[cm]?js$/, '')
    .split('/');
  const prefix = candidate.dir === '.' ? '' : `${candidate.dir}/`;
  const files = filesBelow(candidate.code.files, prefix);
  for (let from = 0; from < names.length - 1; from += 1) {
    const tail = `/${names.slice(from).join('/')}`;
    const hits = files.filter((file) => `/${file}`.replace(/\.[cm]?[jt]sx?$/, '').endsWith(tail));
    const [first] = hits.toSorted((a, b) => a.length - b.length);
    if (first !== undefined) return first;
  }
  return undefined;
}

/** The program's usual file when a task runner or a bare start names none. */
export function customaryEntry(candidate: Candidate): string | undefined {
  if (candidate.main !== undefined && candidate.code.get(candidate.main) !== undefined) return candidate.main;
  const built = buildEntries(candidate).find((file) => !/\.config\./.test(file));
  if (built !== undefined) return built;
  const root = candidate.sourceRoot === undefined ? 'src' : posix.relative(candidate.dir, candidate.sourceRoot) || '.';
  return sourceAt(
    candidate,
    ...['main', 'server', 'index', 'app'].map((name) => posix.join(root, name)),
    'main',
    'server',
    'index',
    'app',
  );
}
