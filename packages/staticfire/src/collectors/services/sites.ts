import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import type { CodeModel } from '../../code/model.ts';
import type { Project } from '../../facts/project.ts';
import type { Site } from '../../frameworks/framework.ts';
import type { Workspace } from '../../model/workspace.ts';
import { fieldsOf, textOf, type Fields } from './fields.ts';

/** A folder that may hold an application, with what a task runner says of it. */
export interface Candidate extends Site {
  readonly name: string;
  /** Targets of Nx by name. */
  readonly targets: Fields;
  /** Relative to the root, when a task runner names it. */
  readonly sourceRoot: string | undefined;
  /** Entry file that a task runner names, relative to the root. */
  readonly main: string | undefined;
}

/** Every folder with a package.json, a project.json or a place in nest-cli.json, sorted by folder; the root is always among them. */
export function candidatesOf(workspace: Workspace, project: Project, code: CodeModel): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  const add: Add = (dir, more) => {
    const manifest = project.manifestOf(dir === '.' ? 'package.json' : `${dir}/package.json`);
    const base = { dir, manifest, workspace, project, code, targets: {}, sourceRoot: undefined, main: undefined };
    found.set(dir, {
      ...base,
      ...found.get(dir),
      ...more,
      name: found.get(dir)?.name ?? more.name ?? folderName(workspace, dir),
    });
  };
  for (const manifest of project.manifests) {
    if (manifest.dir.startsWith('..')) continue;
    const nx = fieldsOf(manifest.raw['nx']);
    add(manifest.dir, {
      name: withoutScope(manifest.name) ?? textOf(nx['name']),
      manifest,
      targets: fieldsOf(nx['targets']),
    });
  }
  for (const file of workspace.match(/(?:^|\/)project\.json$/)) addNxProject(workspace, file, add);
  for (const file of workspace.match(/(?:^|\/)nest-cli\.json$/)) addNestProjects(workspace, file, found, add);
  if (!found.has('.')) add('.', { name: undefined });
  return [...found.values()].toSorted((a, b) => (a.dir < b.dir ? -1 : 1));
}

type Add = (dir: string, more: Partial<Omit<Candidate, 'name'>> & { name: string | undefined }) => void;

function addNxProject(workspace: Workspace, file: string, add: Add): void {
  const raw = fieldsOf(read(workspace, file));
  if (raw['targets'] === undefined && raw['sourceRoot'] === undefined) return;
  if (raw['projectType'] === 'library') return;
  add(posix.dirname(file), {
    name: withoutScope(textOf(raw['name'])),
    targets: fieldsOf(raw['targets']),
    sourceRoot: textOf(raw['sourceRoot']),
  });
}

/** The applications of a Nest monorepo share one package.json. */
function addNestProjects(workspace: Workspace, file: string, found: ReadonlyMap<string, Candidate>, add: Add): void {
  for (const [name, value] of Object.entries(fieldsOf(fieldsOf(read(workspace, file))['projects']))) {
    const raw = fieldsOf(value);
    const dir = posix.join(posix.dirname(file), textOf(raw['root']) ?? name);
    if (raw['type'] !== 'application' || found.has(dir)) continue;
    const sourceRoot = posix.join(
      posix.dirname(file),
      textOf(raw['sourceRoot']) ?? posix.join(textOf(raw['root']) ?? name, 'src'),
    );
    add(dir, { name, sourceRoot, main: posix.join(sourceRoot, `${textOf(raw['entryFile']) ?? 'main'}.ts`) });
  }
}

const read = (workspace: Workspace, file: string): unknown => parse(workspace.read(file) ?? '{}');
const withoutScope = (name: string | undefined): string | undefined => name?.replace(/^@[^/]+\//, '');

function folderName(workspace: Workspace, dir: string): string {
  return posix.basename(dir === '.' ? workspace.root.replaceAll('\\', '/') : dir) || 'service';
}

/** The candidate whose folder lies deepest above a path. */
export function ownerOf(candidates: ReadonlyMap<string, Candidate>, path: string): Candidate | undefined {
  for (let dir = posix.dirname(path); ; dir = posix.dirname(dir)) {
    const found = candidates.get(dir);
    if (found || dir === '.' || dir === '/' || dir.startsWith('..')) return found;
  }
}
