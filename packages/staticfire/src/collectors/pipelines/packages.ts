import { parse } from 'jsonc-parser';
import type { Manifest, Project } from '../../facts/project.ts';
import type { Workspace } from '../../model/workspace.ts';
import { once } from './memo.ts';
import { contains, globPattern, joined, upwards } from './paths.ts';

/** The packages as the package managers see them. */
export interface Packages {
  readonly project: Project;
  readonly workspace: Workspace;
  /** From the git root to the audited root. */
  readonly prefix: string;
  /** Every folder that holds a file. */
  readonly folders: ReadonlySet<string>;
  /** A JSON file with comments, read once; undefined when there is none or it holds no object. */
  readonly json: (path: string) => Fields | undefined;
  /** The package.json files at the folder's own package and above it, nearest first. */
  readonly upwards: (dir: string) => readonly Manifest[];
  readonly rootOf: (dir: string) => Manifest | undefined;
  readonly membersOf: (root: Manifest) => readonly Manifest[];
  /** The text of a lockfile, read once. */
  readonly lockfile: (path: string) => string | undefined;
}

export type Fields = Readonly<Record<string, unknown>>;
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonReader(workspace: Workspace): Packages['json'] {
  const known = new Map<string, Fields | undefined>();
  return (path) => {
    if (known.has(path)) return known.get(path);
    const text = workspace.has(path) ? workspace.read(path) : undefined;
    const value: unknown = text === undefined ? undefined : parse(text, [], { allowTrailingComma: true });
    known.set(path, isFields(value) ? value : undefined);
    return known.get(path);
  };
}

export function packagesIn(project: Project, workspace: Workspace): Packages {
  const folders = new Set<string>();
  for (const { path } of workspace.files)
    for (let at = path.lastIndexOf('/'); at > 0 && !folders.has(path.slice(0, at)); at = path.lastIndexOf('/', at - 1))
      folders.add(path.slice(0, at));
  const prefix = workspace.git?.prefix ?? '';
  const above = once((dir: string) => manifestsAbove(project, prefix, dir));
  return {
    project,
    workspace,
    prefix,
    folders,
    json: jsonReader(workspace),
    upwards: above,
    rootOf: once((dir) => rootAmong(above(dir), project.manifestOf(joined(dir, 'x')))),
    membersOf: once((root) => membersBelow(project, root)),
    lockfile: once((path) => workspace.read(path)),
  };
}

function manifestsAbove(project: Project, prefix: string, dir: string): readonly Manifest[] {
  const own = project.manifestOf(joined(dir, 'x'));
  return upwards(own?.dir ?? dir, prefix).flatMap((folder) =>
    project.manifests.filter((manifest) => manifest.dir === folder),
  );
}

/** The package.json that a package manager started in this folder uses. */
export const manifestIn = ({ project }: Packages, dir: string): Manifest | undefined =>
  project.manifestOf(joined(dir, 'x'));

/** The root of the workspace that a folder belongs to: the folder's own package when there is none. */
export const workspaceRoot = (packages: Packages, dir: string): Manifest | undefined => packages.rootOf(dir);

const rootAmong = (above: readonly Manifest[], own: Manifest | undefined): Manifest | undefined =>
  above.find((manifest) => own && manifest.workspaces.length > 0 && (manifest === own || isMember(manifest, own))) ??
  own;

/** Members of the workspace rooted at this manifest, itself apart. */
export const membersOf = (packages: Packages, root: Manifest): readonly Manifest[] => packages.membersOf(root);

function membersBelow(project: Project, root: Manifest): readonly Manifest[] {
  const below = project.manifests.filter((manifest) => manifest !== root && contains(root.dir, manifest.dir));
  return root.workspaces.length > 0 ? below.filter((manifest) => isMember(root, manifest)) : below;
}

export function isMember(root: Manifest, manifest: Manifest): boolean {
  if (!contains(root.dir, manifest.dir)) return false;
  const path = root.dir === '.' ? manifest.dir : manifest.dir.slice(root.dir.length + 1);
  const matches = (glob: string): boolean => globPattern(glob).test(path);
  return (
    root.workspaces.some((glob) => !glob.startsWith('!') && matches(glob)) &&
    !root.workspaces.some((glob) => glob.startsWith('!') && matches(glob.slice(1)))
  );
}

/** The members that filters name; undefined when a filter cannot be followed. */
export function filtered(
  members: readonly Manifest[],
  root: Manifest,
  filters: readonly string[],
): readonly Manifest[] | undefined {
  if (filters.length === 0) return members;
  if (filters.some((filter) => /[$`]/.test(filter))) return undefined;
  const wanted = filters.filter((filter) => !filter.startsWith('!')).map(bare);
  const unwanted = filters.filter((filter) => filter.startsWith('!')).map((filter) => bare(filter.slice(1)));
  if (wanted.some((filter) => filter === '' || filter.startsWith('['))) return members;
  const found =
    wanted.length === 0 ? members : members.filter((member) => wanted.some((filter) => answers(member, root, filter)));
  return found.filter((member) => !unwanted.some((filter) => answers(member, root, filter)));
}

const bare = (filter: string): string =>
  filter
    .replace(/^\.\.\.\^?/, '')
    .replace(/\^?\.\.\.(\[.*\])?$/, '')
    .replace(/^\{(.*)\}$/, './$1');

function answers(member: Manifest, root: Manifest, filter: string): boolean {
  const path = root.dir === '.' ? member.dir : member.dir.slice(root.dir.length + 1);
  if (filter.startsWith('.') || (filter.includes('/') && !filter.startsWith('@')))
    return globPattern(filter).test(path) || joined(filter) === path;
  const name = member.name ?? '';
  return globPattern(filter).test(name) || name.replace(/^@[^/]+\//, '') === filter || path === filter;
}
