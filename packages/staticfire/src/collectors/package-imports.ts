import type { CodeModel, SourceFile } from '../code/model.ts';
import { lineOf } from '../code/summary.ts';
import { code } from '../facts/code.ts';
import { images, type Image, type Images } from '../facts/images.ts';
import { live, type LiveCode } from '../facts/live.ts';
import { packageImports, type LeftOut, type PackageImports, type Undeclared } from '../facts/package-imports.ts';
import { project, type Manifest, type Project } from '../facts/project.ts';
import { service, type Service } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Place } from '../model/place.ts';
import type { Workspace } from '../model/workspace.ts';
import { dependenciesOf, isPackageName, isProvided, typesOf } from './package-imports/provided.ts';
import { isUsed } from './package-imports/used.ts';
import { isMember } from './pipelines/packages.ts';

export const packageImportsCollector = defineCollector({
  fact: packageImports,
  needs: { code, images, live, project, service },
  collect: ({ workspace, facts }) => known(gather({ workspace, ...facts })),
});

interface Reading {
  readonly workspace: Workspace;
  readonly code: CodeModel;
  readonly images: Images;
  readonly live: LiveCode;
  readonly project: Project;
  readonly service: Service;
}

/** Imports of one package by the files that one package.json governs. */
interface Group {
  readonly name: string;
  readonly manifest: Manifest;
  readonly places: Place[];
}

function gather(reading: Reading): PackageImports {
  const groups = groupsOf(reading);
  const found = groups.map((group) => ({ group, by: declarer(reading, group) }));
  return {
    packages: new Set(groups.map((group) => group.name)).size,
    hoisted: found.flatMap(({ group, by }) =>
      by.kind === 'root' && group.places[0] ? [{ name: group.name, at: group.places[0] }] : [],
    ),
    undeclared: found.flatMap(({ group, by }) =>
      by.kind === 'none' || by.kind === 'above' ? undeclaredOf(reading, group, by.at) : [],
    ),
    leftOut: found.flatMap(({ group, by }) => (by.kind === 'dev' ? leftOutOf(reading, group) : [])),
    files: reading.live.files.length,
  };
}

function groupsOf(reading: Reading): Group[] {
  const groups = new Map<string, Group>();
  for (const file of reading.live.files) {
    const source = reading.code.get(file);
    const manifest = source && governing(reading.project, file);
    if (!source || !manifest) continue;
    for (const { name, line } of packagesIn(source)) {
      const key = `${manifest.file}\0${name}`;
      const group = groups.get(key) ?? { name, manifest, places: [] };
      group.places.push({ file, line });
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

function packagesIn(source: SourceFile): { readonly name: string; readonly line: number }[] {
  return source.head.imports.flatMap((imported) => {
    if (imported.typeOnly || /^[./#~$]|:/.test(imported.from)) return [];
    const target = source.resolve(imported.from);
    return target.kind === 'package' && isPackageName(target.name)
      ? [{ name: target.name, line: lineOf(imported.at) }]
      : [];
  });
}

/** The nearest package.json that is one: a file that only says `"type": "module"` declares nothing. */
function governing(found: Project, file: string): Manifest | undefined {
  let manifest = found.manifestOf(file);
  while (manifest && manifest.name === undefined && dependenciesOf(manifest).length === 0) {
    const [outer] = aboveOf(found, manifest);
    if (!outer) break;
    manifest = outer;
  }
  return manifest;
}

type Declarer =
  | { readonly kind: 'own' | 'dev' | 'root' | 'provided' }
  | { readonly kind: 'above' | 'none'; readonly at: Place | undefined };

function declarer({ project: found, service: own, workspace }: Reading, { name, manifest }: Group): Declarer {
  const names = [name, typesOf(name)];
  const runtime = [manifest.dependencies, manifest.optionalDependencies, manifest.peerDependencies];
  if (manifest.name === name || runtime.some((group) => Object.hasOwn(group, name))) return { kind: 'own' };
  if (Object.hasOwn(manifest.devDependencies, name)) return { kind: 'dev' };
  const above = aboveOf(found, manifest);
  const declared = [manifest, ...above].flatMap(dependenciesOf);
  if (dependenciesOf(manifest).includes(typesOf(name)) || isProvided(name, declared, own.frameworks))
    return { kind: 'provided' };
  const holder = above.find((one) => names.some((each) => dependenciesOf(one).includes(each)));
  if (!holder) return { kind: 'none', at: undefined };
  if (isMember(holder, manifest) || workspace.has(inDir(holder.dir, 'nx.json'))) return { kind: 'root' };
  return { kind: 'above', at: { file: holder.file, line: holder.lineOf('dependencies', name) ?? 1 } };
}

const inDir = (dir: string, name: string): string => (dir === '.' ? name : `${dir}/${name}`);

/** Manifests of the folders above, nearest first. */
function aboveOf(found: Project, manifest: Manifest): readonly Manifest[] {
  return found.manifests
    .filter(
      (one) =>
        one !== manifest && (one.dir === '.' || one.dir.startsWith('..') || manifest.dir.startsWith(`${one.dir}/`)),
    )
    .toSorted((a, b) => b.dir.length - a.dir.length);
}

function undeclaredOf(reading: Reading, group: Group, above: Place | undefined): Undeclared[] {
  const { name, manifest } = group;
  if (isAlias(reading.workspace, manifest, name)) return [];
  const places = group.places.filter(({ file }) => usedIn(reading.code, file, name));
  const [at, ...others] = places;
  const lock = lockOf(reading, name);
  // What the lockfile does not know is never installed: a module that a bundler or the platform makes up.
  if (!at || lock === null) return [];
  return [{ name, at, others, manifest: manifest.file, above, lockfile: lock }];
}

function usedIn(model: CodeModel, file: string, name: string): boolean {
  const source = model.get(file);
  if (!source) return false;
  return source.head.imports.some((one) => {
    const target = source.resolve(one.from);
    return target.kind === 'package' && target.name === name && isUsed(source, one);
  });
}

/** `@components/button`, `lib/x`: a folder of the package by this name, which a bundler's alias leads to. */
function isAlias(workspace: Workspace, manifest: Manifest, name: string): boolean {
  const first = (name.startsWith('@') ? name.slice(1) : name).split('/')[0] ?? '';
  const prefix = manifest.dir === '.' ? '' : `${manifest.dir}/`;
  return ['', 'src/', 'app/', 'server/'].some((folder) =>
    workspace.files.some(
      ({ path }) => path.startsWith(`${prefix}${folder}${first}/`) || path.startsWith(`${prefix}${folder}${first}.`),
    ),
  );
}

/** The lockfile that has the package; undefined where there is none to read, null where they do not know it. */
function lockOf({ project: found, workspace }: Reading, name: string): string | undefined | null {
  const readable = found.lockfiles.filter((lock) => lock.tracked && !lock.file.endsWith('.lockb'));
  if (readable.length === 0) return undefined;
  const pattern = new RegExp(String.raw`(?:^|["'\s/])${escaped(name)}(?:["']?:|@|/\d|["'])`, 'm');
  return readable.find((lock) => pattern.test(workspace.read(lock.file) ?? ''))?.file ?? null;
}

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

const bundling =
  /\b(?:esbuild|tsup|tsdown|vite|webpack|ncc|rollup|rolldown|parcel|rspack|rsbuild|unbuild|wrangler|serverless|sst|netlify|bun build|nx build|nx run|turbopack)\b/;
const bundledBy: ReadonlySet<string> = new Set([
  'next',
  'nuxt',
  'sveltekit',
  'astro',
  'react-router',
  'tanstack-start',
  'solid-start',
  'cloudflare',
]);

function leftOutOf(reading: Reading, { name, manifest, places }: Group): LeftOut[] {
  const at = places.find(({ file }) => usedIn(reading.code, file, name));
  const omitted = reading.images.list.flatMap(omitting)[0];
  const line = manifest.lineOf('devDependencies', name);
  if (!at || !omitted || isBundled(reading, manifest)) return [];
  return [{ name, at, declared: { file: manifest.file, ...(line ? { line } : {}) }, omitted }];
}

const isBundled = ({ service: own }: Reading, manifest: Manifest): boolean =>
  own.frameworks.some((id) => bundledBy.has(id)) ||
  Object.values(manifest.scripts).some((script) => bundling.test(script));

/** Commands by which an image comes to hold no development dependencies. */
function omitting({ dockerfile }: Image): Place[] {
  return dockerfile.stages.flatMap((stage) =>
    stage.runs.flatMap((run) =>
      /--omit[= ]dev\b|--production\b|--prod\b|--only[= ]prod(?:uction)?\b|npm prune\b|workspaces focus [^\n]*--production/.test(
        run.text,
      )
        ? [run.at]
        : [],
    ),
  );
}
