import { posix } from 'node:path';
import type { CodeModel, SourceFile } from '../../code/model.ts';
import { lastName } from '../../code/sites.ts';
import { walkStmts } from '../../code/walk.ts';
import type { Reach } from '../../facts/live.ts';
import type { Manifest, Project } from '../../facts/project.ts';
import type { Service } from '../../facts/services.ts';

/** Where a file stands among what is shipped, run by hand, or forgotten. */
export type Standing =
  /** Its safeguards count, live or dead. */
  | { readonly kind: 'own' }
  /** Only a program that is run by hand leads to it. */
  | { readonly kind: 'by-hand' }
  /** Not judged: run by hand, for browsers, published for others, an example. */
  | { readonly kind: 'aside' }
  /** The whole of it is loaded by nothing. */
  | {
      readonly kind: 'abandoned';
      readonly what: 'application' | 'package' | 'folder' | 'module';
      readonly root: string;
      readonly name: string;
    };

export interface Ground {
  readonly model: CodeModel;
  readonly reach: Reach;
  readonly project: Project;
  readonly services: readonly Service[];
}

const asideFolder =
  /(?:^|\/)(?:scripts?|bin|tools?|tooling|seeds?|seeders?|migrations?|examples?|demos?|samples?|docs?|templates?|fixtures?|benchmarks?|bench|playground|sandbox|e2e|cypress|playwright|storybook|\.storybook|mocks?|__mocks__|testing|test-utils|generators?|codegen|generated|vendor|third[_-]party|public|static|dist|build|skills|cli)\//i;
const asideFile =
  /(?:\.config|\.stories|\.story|\.d|rc|\.setup|\.seed|\.mock|\.fixture)\.[cm]?[jt]sx?$|(?:^|\/)(?:seed|gulpfile|gruntfile)[\w.-]*\.[cm]?[jt]s$/i;
const oldFolder =
  /^(.*?(?:^|\/)(?:legacy|old|archived?|deprecated|backups?|bak|unused|attic|graveyard|_old|_legacy))\//i;

export function createStanding(ground: Ground): (file: string) => Standing {
  const named = namedInScripts(ground.project);
  const packages = packagesWithoutLife(ground);
  const applications = deadApplications(ground);
  const modules = deadModules(ground);
  const scripts = new Set(
    ground.model.files.filter((file) => ground.reach.roleOf(file) === 'unreached' && isScript(ground, file, named)),
  );
  const byHand = closureOf(ground, [...scripts]);
  return (file) => {
    const source = ground.model.get(file);
    if (ground.reach.roleOf(file) === 'live') return { kind: 'own' };
    if (!source || asideFile.test(file) || source.head.generated || isBrowserCode(source)) return { kind: 'aside' };
    const old = oldFolder.exec(file)?.[1];
    if (old !== undefined) return { kind: 'abandoned', what: 'folder', root: old, name: old };
    if (asideFolder.test(file)) return { kind: 'aside' };
    const holder = packages.get(ground.project.manifestOf(file)?.file ?? '');
    if (holder === 'aside') return { kind: 'aside' };
    const application = applications.get(file);
    if (application !== undefined)
      return { kind: 'abandoned', what: 'application', root: application, name: application };
    if (scripts.has(file)) return { kind: 'aside' };
    if (byHand.has(file)) return { kind: 'by-hand' };
    const dir = ground.project.manifestOf(file)?.dir ?? '.';
    if (holder === 'lifeless')
      return { kind: 'abandoned', what: 'package', root: dir, name: ground.project.manifestOf(file)?.name ?? dir };
    if (servesBrowsers(ground, file)) return { kind: 'aside' };
    const module = modules.get(file);
    return module === undefined
      ? { kind: 'own' }
      : { kind: 'abandoned', what: 'module', root: module.file, name: module.name };
  };
}

const browserPackages =
  /^(?:react|react-dom|react-native|vue|svelte|solid-js|preact|@angular\/.*|expo|zustand|@tanstack\/react-query)$/;

function isBrowserCode(source: SourceFile): boolean {
  return (
    source.head.jsx ||
    source.head.directives.includes('use client') ||
    source.head.imports.some((i) => !i.typeOnly && browserPackages.test(i.from))
  );
}

/** All that leads to it is unused code for browsers. */
function servesBrowsers({ model, reach }: Ground, file: string): boolean {
  const seen = new Set<string>();
  const queue = [file];
  for (const at of queue) {
    for (const other of model.importersOf(at)) {
      const source = model.get(other);
      if (seen.has(other) || !source || reach.roleOf(other) === 'test') continue;
      if (isBrowserCode(source) || /(?:^|\/)(?:hooks|components|stores)\//.test(other)) return true;
      seen.add(other);
      queue.push(other);
    }
  }
  return false;
}

function namedInScripts(project: Project): ReadonlySet<string> {
  const found = new Set<string>();
  for (const manifest of project.manifests) {
    for (const text of Object.values(manifest.scripts)) {
      for (const [, path] of text.matchAll(/([\w./-]+\.[cm]?[jt]sx?)\b/g))
        if (path) found.add(posix.normalize(posix.join(manifest.dir, path)));
    }
  }
  return found;
}

/** A program that nothing imports and that is no server: someone runs it by hand. */
function isScript({ model }: Ground, file: string, named: ReadonlySet<string>): boolean {
  if (named.has(file) || asideFolder.test(file)) return true;
  const source = model.get(file);
  if (!source || source.head.exports.length > 0 || model.importersOf(file).length > 0) return false;
  const body = source.summary.functions[0]?.body ?? [];
  return body.some((stmt) => stmt.k === 'expr' && stmt.of.k !== 'other') && !listens(source);
}

function listens(source: SourceFile): boolean {
  if (
    !source.head.imports.some((i) =>
      /^(?:express|fastify|koa|hono|@hono\/node-server|@nestjs\/core|node:http|http|https|@hapi\/hapi|restify)$/.test(
        i.from,
      ),
    )
  )
    return false;
  let found = false;
  for (const func of source.summary.functions) {
    walkStmts(func.body, (expr) => {
      found ||= expr.k === 'call' && /^(?:listen|serve)$/.test(lastName(expr.callee));
      return !found;
    });
  }
  return found;
}

/** Packages none of whose files a service loads. */
function packagesWithoutLife({ model, reach, project, services }: Ground): ReadonlyMap<string, 'aside' | 'lifeless'> {
  const alive = new Set<string>();
  for (const file of model.files)
    if (reach.roleOf(file) === 'live' || reach.roleOf(file) === 'client')
      alive.add(project.manifestOf(file)?.file ?? '');
  for (const service of services) alive.add(service.manifest ?? '');
  const found = new Map<string, 'aside' | 'lifeless'>();
  for (const manifest of project.manifests) {
    if (isPublished(manifest))
      found.set(manifest.file, services.some((service) => service.manifest === manifest.file) ? 'lifeless' : 'aside');
    else if (!alive.has(manifest.file) && manifest.dir !== '.')
      found.set(manifest.file, isProgram(manifest) ? 'aside' : 'lifeless');
  }
  for (const [file, standing] of found) if (standing === 'lifeless' && alive.has(file)) found.delete(file);
  return found;
}

const isPublished = ({ private: own, raw }: Manifest): boolean =>
  !own &&
  (raw['publishConfig'] !== undefined ||
    raw['files'] !== undefined ||
    raw['repository'] !== undefined ||
    raw['bin'] !== undefined);

/** It has a start of its own that could not be made out as a service, or is made for browsers or tools. */
const isProgram = ({ scripts, bin, dependencies, devDependencies }: Manifest): boolean =>
  bin.length > 0 ||
  ['start', 'dev', 'serve'].some((name) => scripts[name] !== undefined) ||
  Object.keys({ ...dependencies, ...devDependencies }).some(
    (name) => browserPackages.test(name) || /^(?:electron|vscode|@types\/vscode|@playwright\/test)$/.test(name),
  );

/** Files that only a server loads which nothing starts, by that server's file. */
function deadApplications(ground: Ground): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const { model, reach } = ground;
  for (const file of model.files) {
    if (reach.roleOf(file) !== 'unreached' || asideFile.test(file)) continue;
    const source = model.get(file);
    const imported = model.importersOf(file).some((other) => reach.roleOf(other) !== 'test');
    if (!source || imported || source.head.jsx || !listens(source)) continue;
    for (const member of closureOf(ground, [file])) if (!found.has(member)) found.set(member, file);
  }
  return found;
}

/** What an unimported Nest module brings along, by that module. */
function deadModules(ground: Ground): ReadonlyMap<string, { file: string; name: string }> {
  const found = new Map<string, { file: string; name: string }>();
  const { model, reach } = ground;
  for (const file of model.files) {
    const source = model.get(file);
    if (!source || !/module\.[cm]?[jt]s$/i.test(file) || reach.roleOf(file) !== 'unreached') continue;
    if (model.importersOf(file).some((other) => reach.roleOf(other) === 'unreached')) continue;
    const cls = source.summary.classes.find((one) =>
      one.decorators.some((d) => d.k === 'call' && d.callee.k === 'ref' && d.callee.path === 'Module'),
    );
    if (cls)
      for (const member of closureOf(ground, [file]))
        if (!found.has(member)) found.set(member, { file, name: cls.name });
  }
  return found;
}

/** The given files and all unreached files that they bring along. */
function closureOf({ model, reach }: Ground, roots: readonly string[]): ReadonlySet<string> {
  const found = new Set(roots);
  for (const file of found)
    for (const next of model.importsOf(file)) if (reach.roleOf(next) === 'unreached') found.add(next);
  return found;
}
