import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import type { Layer } from '../../facts/databases.ts';
import type { MigrationSet } from '../../facts/migration-sets.ts';
import type { MigrationGap } from '../../facts/migrations.ts';
import type { PrismaSchema } from '../../facts/prisma.ts';
import type { Place } from '../../model/place.ts';
import type { Workspace } from '../../model/workspace.ts';
import { applyStatements } from './sql.ts';

const under = (workspace: Workspace, dir: string, ending: RegExp): string[] =>
  workspace.files.flatMap((file) =>
    file.path.startsWith(dir === '.' ? '' : `${dir}/`) && ending.test(file.path) ? [file.path] : [],
  );

/** Prisma's own folder: are all models created? */
export function prismaSet(workspace: Workspace, schema: PrismaSchema): MigrationSet | undefined {
  const files = under(workspace, schema.migrations, /\/migration\.sql$/);
  const last = files.at(-1);
  if (last === undefined) return undefined;
  const tables = new Set<string>();
  for (const file of files) applyStatements(workspace.read(file) ?? '', tables);
  const missing = schema.models.filter((model) => !tables.has(model.table.toLowerCase()));
  const [first] = missing;
  const gaps: MigrationGap[] = first
    ? [
        {
          kind: 'uncreated',
          names: missing.map((model) => model.name),
          of: schema.models.length,
          at: { file: first.file, line: first.line },
        },
      ]
    : [];
  return { dir: schema.migrations, count: files.length, at: { file: last, line: 1 }, gaps, files };
}

export interface DeclaredTable {
  readonly name: string;
  readonly at: Place;
}

/** Drizzle's folder: does the journal fit the files, and do they create the tables of the schema? */
export function drizzleSet(
  workspace: Workspace,
  root: string,
  tables: readonly DeclaredTable[],
): MigrationSet | undefined {
  const dir = drizzleFolder(workspace, root);
  const files = dir === undefined ? [] : under(workspace, dir, /\.sql$/);
  const last = files.at(-1);
  if (dir === undefined || last === undefined) return undefined;
  const journalFile = posix.join(dir, 'meta/_journal.json');
  const text = workspace.has(journalFile) ? workspace.read(journalFile) : undefined;
  const tags = text === undefined ? undefined : tagsOf(text);
  const journalled = tags ? files.filter((file) => tags.includes(posix.basename(file, '.sql'))) : files;
  return {
    dir,
    count: files.length,
    at: { file: last, line: 1 },
    gaps: [...journalGaps(journalFile, text ?? '', tags, files), ...tableGaps(workspace, journalled, tables)],
    files: tags ? journalled.toSorted((a, b) => rank(tags, a) - rank(tags, b)) : files,
  };
}

const rank = (tags: readonly string[], file: string): number => tags.indexOf(posix.basename(file, '.sql'));

function drizzleFolder(workspace: Workspace, root: string): string | undefined {
  const configs = workspace.match(/(?:^|\/)drizzle(?:[.-][\w-]+)?\.config\.[cm]?[jt]s$/);
  const near = configs.toSorted((a, b) => distance(root, a) - distance(root, b) || (a < b ? -1 : 1));
  for (const file of near) {
    const out = /\bout\s*:\s*['"`]([^'"`]+)['"`]/.exec(workspace.read(file) ?? '')?.[1] ?? './drizzle';
    const dir = posix.join(posix.dirname(file), out);
    if (under(workspace, dir, /\.sql$/).length > 0) return dir;
  }
  const [journal] = workspace.match(/\/meta\/_journal\.json$/);
  return journal === undefined ? undefined : posix.dirname(posix.dirname(journal));
}

function distance(root: string, file: string): number {
  const [a, b] = [root.split('/'), posix.dirname(file).split('/')];
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared += 1;
  return a.length + b.length - 2 * shared;
}

function tagsOf(text: string): string[] | undefined {
  const parsed: unknown = parse(text);
  if (typeof parsed !== 'object' || parsed === null || !('entries' in parsed) || !Array.isArray(parsed.entries))
    return undefined;
  return parsed.entries.flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'tag' in entry ? [String(entry.tag)] : [],
  );
}

function journalGaps(
  file: string,
  text: string,
  tags: readonly string[] | undefined,
  files: readonly string[],
): MigrationGap[] {
  if (!tags) return [];
  const names = files.map((path) => posix.basename(path, '.sql'));
  const unfiled = tags.filter((tag) => !names.includes(tag));
  const unjournalled = names.filter((name) => !tags.includes(name));
  const lineOf = (tag: string): number => text.slice(0, text.indexOf(`"${tag}"`)).split('\n').length;
  return [
    ...(unfiled[0] === undefined
      ? []
      : [{ kind: 'unfiled' as const, names: unfiled, of: tags.length, at: { file, line: lineOf(unfiled[0]) } }]),
    ...(unjournalled[0] === undefined
      ? []
      : [
          {
            kind: 'unjournalled' as const,
            names: unjournalled,
            of: names.length,
            at: { file: files.find((path) => path.endsWith(`/${unjournalled[0]}.sql`)) ?? file, line: 1 },
          },
        ]),
  ];
}

function tableGaps(workspace: Workspace, files: readonly string[], tables: readonly DeclaredTable[]): MigrationGap[] {
  const created = new Set<string>();
  for (const file of files) applyStatements(workspace.read(file) ?? '', created);
  const missing = tables.filter((table) => !created.has(table.name.toLowerCase()));
  const [first] = missing;
  return first
    ? [{ kind: 'uncreated', names: missing.map((table) => table.name), of: tables.length, at: first.at }]
    : [];
}

const folder = /(?:^|\/)(?:db[-_]?)?migrations?\//i;

/** Folders of migrations that other libraries and people keep: SQL files, or programs with `up`. */
export function folderSets(workspace: Workspace, layer: Layer, concerns: (file: string) => boolean): MigrationSet[] {
  const ending = layer === 'sql' || layer === 'embedded' || layer === 'supabase' ? /\.sql$/ : /\.(?:sql|[cm]?[jt]s)$/;
  const files = workspace.files
    .map((file) => file.path)
    .filter(
      (file) =>
        folder.test(file) &&
        ending.test(file) &&
        !/\.d\.ts$|\.(?:test|spec)\.|(?:^|\/)index\.\w+$|node_modules/.test(file) &&
        concerns(file),
    );
  const dirs = new Map<string, string[]>();
  for (const file of files) {
    const dir = posix.dirname(file);
    const numbered = /^\D{0,2}\d|up\.sql$|^[A-Z]\w*\d{10,}/i.test(posix.basename(file)) || /\d{4,}/.test(file);
    if (numbered) dirs.set(dir, [...(dirs.get(dir) ?? []), file]);
  }
  return [...dirs].map(([dir, own]) => ({
    dir,
    count: own.length,
    at: { file: own.at(-1) ?? dir, line: 1 },
    gaps: ending.source === String.raw`\.sql$` ? ambiguous(own) : [],
    files: inOrder(own.filter((file) => !back.test(posix.basename(file)))),
  }));
}

/** A migration that leads back. */
const back = /[._-](?:down|rollback|undo)\.\w+$|^U\d|rollback/i;

/** By number, then by name. */
const inOrder = (files: readonly string[]): string[] =>
  files.toSorted((a, b) => number(a) - number(b) || (a < b ? -1 : 1));

const number = (file: string): number => Number(/\d+/.exec(posix.basename(file))?.[0] ?? 0);

/** Two migrations with one number have no order. */
function ambiguous(files: readonly string[]): MigrationGap[] {
  const byNumber = new Map<string, string[]>();
  for (const file of files) {
    const base = posix.basename(file);
    if (back.test(base)) continue;
    const own = /^\D{0,2}(\d+)/.exec(base)?.[1];
    if (own !== undefined) byNumber.set(own, [...(byNumber.get(own) ?? []), file]);
  }
  const doubled = [...byNumber.values()].filter((list) => list.length > 1);
  const [first] = doubled;
  return first?.[0] === undefined
    ? []
    : [
        {
          kind: 'ambiguous',
          names: doubled.flat().map((file) => posix.basename(file)),
          of: files.length,
          at: { file: first[0], line: 1 },
        },
      ];
}
