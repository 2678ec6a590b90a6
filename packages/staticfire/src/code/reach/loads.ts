import { posix } from 'node:path';
import type { CodeModel } from '../model.ts';
import type { Expr } from '../summary.ts';
import { walkFile } from '../walk.ts';
import { globPattern } from './globs.ts';
import { pathOf, specifierOf } from './paths.ts';
import { isTestFile } from './tests.ts';

/** What a file loads without naming it in an import. */
export interface Loads {
  readonly files: readonly string[];
  /** Loads of which nothing could be made out. */
  readonly lost: number;
}

const none: Loads = { files: [], lost: 0 };

/** Files under a folder, by a sorted list. */
export type Below = (prefix: string) => readonly string[];

/** Computed imports, glob loaders, workers and forks: every file of the repository that they may mean. Errs on the side of loading. */
export function loadsOf(code: CodeModel, file: string, below: Below, programDir: string): Loads {
  const source = code.get(file);
  if (!source?.head.computesPaths) return none;
  const found = new Set<string>();
  let lost = 0;
  const loader =
    loadsComputed(code, file) ||
    code.importsOf(file).some((next) => code.get(next)?.head.computesPaths === true && loadsComputed(code, next));
  walkFile(source.summary, (expr, fn) => {
    const at: Site = { code, file, fn, below, programDir, loader };
    const files =
      ownLoads(at, expr) ??
      (expr.k === 'call' ? argumentLoads(at, expr) : expr.k === 'obj' ? propertyLoads(at, expr) : undefined);
    if (files === 'lost') lost += 1;
    else for (const path of files ?? []) if (path !== file && !isTestFile(path)) found.add(path);
  });
  return { files: [...found].toSorted(), lost };
}

interface Site {
  readonly code: CodeModel;
  readonly file: string;
  readonly fn: number;
  readonly below: Below;
  readonly programDir: string;
  /** The file, or one that it imports, loads what it computes. */
  readonly loader: boolean;
}

/** `import(x)`, `require(x)`, `import.meta.glob('…')`, `require.context('…')`. */
function ownLoads(at: Site, expr: Expr): readonly string[] | 'lost' | undefined {
  if (expr.k === 'import') return expr.of.k === 'str' ? undefined : computed(at, expr.of);
  if (expr.k !== 'call' || expr.callee.k !== 'ref') return undefined;
  const [first, second] = expr.args;
  switch (expr.callee.path) {
    case 'require':
    case 'require.resolve':
      return !first || (first.k === 'str' && expr.callee.path === 'require') ? undefined : computed(at, first);
    case 'import.meta.glob':
    case 'import.meta.globEager':
      return textsIn(first).flatMap((text) =>
        matching(at, posix.join(text.startsWith('/') ? at.programDir : posix.dirname(at.file), text)),
      );
    case 'require.context':
      return first?.k === 'str'
        ? within(at, posix.join(posix.dirname(at.file), first.v), second?.k === 'bool' && !second.v)
        : 'lost';
    default:
      return undefined;
  }
}

const textsIn = (expr: Expr | undefined): readonly string[] =>
  expr?.k === 'str' ? [expr.v] : expr?.k === 'arr' ? expr.items.flatMap(textsIn) : [];

function computed(at: Site, expr: Expr): readonly string[] | 'lost' {
  const path = specifierOf(at.code, at.file, at.fn, expr) ?? pathOf(at.code, at.file, at.fn, expr, at.programDir)?.path;
  if (path === undefined || isAnything(at, path)) return 'lost';
  if (!path.includes('*')) return exactly(at, path);
  const own = posix.dirname(path.slice(0, path.indexOf('*') + 1)) === posix.dirname(at.file);
  return matching(at, path, !own);
}

/** Nothing is known but the folder in which the program runs. */
const isAnything = (at: Site, path: string): boolean =>
  /^[*./]*$/.test(path) || /^\/?\*/.test(posix.relative(at.programDir, path));

/** Paths that are handed to others: workers, forks, autoloaders, lists of entities. Reading a file is no load. */
const reading =
  /(?:^|\.)(?:static|serveStatic|sendFile|readFile\w*|readJson\w*|writeFile\w*|createReadStream|createWriteStream|exists\w*|stat\w*|access\w*|mkdir\w*|rm\w*|unlink\w*|cp\w*|copy\w*|log|info|debug|warn|error|config|set|join|resolve|dirname|fileURLToPath|pathToFileURL|relative|basename|readdir\w*|opendir\w*|watch|URL|normalize|loadEnvFile|renderFile|render|compile|URL\.canParse)$/;

function argumentLoads(at: Site, call: Extract<Expr, { k: 'call' }>): readonly string[] | undefined {
  const callee = call.callee.k === 'ref' ? call.callee.path : call.callee.k === 'member' ? call.callee.name : '';
  if (reading.test(callee) && !(call.new && callee === 'Worker')) return undefined;
  const globs =
    /glob|requireAll|requireDirectory|importAll|autoload|loadFiles|loadRoutes|importDirectory|readdir/i.test(callee);
  return call.args.flatMap((arg) => pathLoads(at, arg, globs));
}

/** Keys under which libraries take files to load. */
const loadingKeys =
  /^(?:entities|subscribers|migrations|dir|dirs|directory|routes|controllers|plugins|pattern|patterns|filename|worker|processor|models|jobs|tasks|taskDirectory|target|autoload|modules|events|commands|handlers|resolvers|loaders|services|entry|glob|globs|routesPath|controllersPath)$/i;

function propertyLoads(at: Site, object: Extract<Expr, { k: 'obj' }>): readonly string[] {
  return object.props.flatMap((prop) =>
    loadingKeys.test(prop.key)
      ? listed(prop.value).flatMap((value) =>
          pathLoads(
            at,
            value,
            /^(?:entities|subscribers|dir|dirs|plugins|controllers|models|routes|jobs|tasks|commands|events)$/i.test(
              prop.key,
            ),
          ),
        )
      : [],
  );
}

const listed = (value: Expr): readonly Expr[] => (value.k === 'arr' ? value.items : [value]);

function pathLoads(at: Site, expr: Expr, folders: boolean): readonly string[] {
  if (!/^(?:call|template|bin|ref|str)$/.test(expr.k)) return [];
  const known = expr.k === 'str' ? undefined : pathOf(at.code, at.file, at.fn, expr, at.programDir, folders);
  const path = expr.k === 'str' ? globText(at, expr.v, folders) : known?.path;
  if (path === undefined || isAnything(at, path)) return [];
  if (path.includes('*')) {
    const taken = folders || at.loader || /\.(?:[cm]?[jt]s|\{)/.test(path) || path.includes('**');
    return taken ? matching(at, path) : [];
  }
  if (folders || at.loader) {
    const inside = within(at, path, false);
    if (inside.length > 0) return inside;
  }
  return exactly(at, path);
}

/** A plain string counts as a glob only where globs are taken and it looks like source. */
const globText = (at: Site, text: string, folders: boolean): string | undefined =>
  folders && /\*/.test(text) && /\.(?:[cm]?[jt]s|\{)|\/\*/.test(text)
    ? posix.join(text.startsWith('.') ? posix.dirname(at.file) : at.programDir, text)
    : undefined;

function exactly(at: Site, path: string): readonly string[] {
  const relative = posix.relative(posix.dirname(at.file), path);
  const target = at.code.get(at.file)?.resolve(relative.startsWith('.') ? relative : `./${relative}`);
  return target?.kind === 'file' && at.code.get(target.path) !== undefined ? [target.path] : [];
}

/** Output folders stand for their sources: dist/entities/*.js is src/entities/*.ts. */
function matching(at: Site, glob: string, loose = false): readonly string[] {
  const output = /(^|\/)(?:dist|build|lib|out)\//;
  const globs = [glob, glob.replace(output, '$1src/'), glob.replace(output, '$1')];
  for (const one of new Set(globs)) {
    const pattern = globPattern(one, { loose });
    const fixed = one.slice(0, one.search(/[*{]/));
    const files = pattern ? at.below(fixed).filter((path) => pattern.test(path)) : [];
    if (files.length > 0) return files;
  }
  return [];
}

function within(at: Site, dir: string, flat: boolean): readonly string[] {
  const prefix = dir === '.' ? '' : `${dir.replace(/\/$/, '')}/`;
  if (prefix === '') return [];
  return at.below(prefix).filter((path) => !flat || !path.slice(prefix.length).includes('/'));
}

/** Does the file itself import or require what it computes? */
function loadsComputed(code: CodeModel, file: string): boolean {
  const summary = code.get(file)?.summary;
  let found = false;
  if (summary) {
    walkFile(summary, (expr) => {
      if (expr.k === 'import' && expr.of.k !== 'str') found = true;
      if (
        expr.k === 'call' &&
        expr.callee.k === 'ref' &&
        expr.callee.path === 'require' &&
        expr.args[0] &&
        expr.args[0].k !== 'str'
      )
        found = true;
      return !found;
    });
  }
  return found;
}
