import { posix } from 'node:path';
import { prismaSchemas, type PrismaModel, type PrismaSchema } from '../facts/prisma.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';

export const prismaSchemasCollector = defineCollector({
  fact: prismaSchemas,
  needs: {},
  collect: ({ workspace }) => known(readSchemas(workspace)),
});

function readSchemas(workspace: Workspace): PrismaSchema[] {
  const texts = workspace.match(/\.prisma$/).map((file) => ({ file, text: workspace.read(file) ?? '' }));
  const heads = texts.filter(({ text }) => /^\s*datasource\s+\w+\s*\{/m.test(text));
  return heads.map((head) => {
    const dir = posix.dirname(head.file);
    const own = texts.filter(
      ({ file }) => file === head.file || (file.startsWith(prefix(dir)) && !heads.some((h) => h.file === file)),
    );
    return {
      file: head.file,
      dir,
      provider: /datasource\s+\w+\s*\{[^}]*?\bprovider\s*=\s*"([^"]+)"/.exec(head.text)?.[1] ?? '',
      line: lineOfMatch(head.text, /^\s*datasource\s+\w+\s*\{/m),
      models: own.flatMap(({ file, text }) => modelsOf(file, text)),
      migrations: migrationsOf(workspace, dir),
    };
  });
}

const prefix = (dir: string): string => (dir === '.' ? '' : `${dir}/`);

function lineOfMatch(text: string, pattern: RegExp): number {
  const index = text.search(pattern);
  return text.slice(0, index).split('\n').length + (text[index] === '\n' ? 1 : 0);
}

function modelsOf(file: string, text: string): PrismaModel[] {
  const models: PrismaModel[] = [];
  let open: { name: string; table: string; line: number; ignored: boolean } | undefined;
  text.split('\n').forEach((raw, index) => {
    const line = raw.replace(/\/\/.*$/, '');
    const name = /^\s*model\s+(\w+)\s*\{/.exec(line)?.[1];
    if (name) open = { name, table: name, line: index + 1, ignored: false };
    if (!open) return;
    open.table = /@@map\(\s*(?:name\s*:\s*)?"([^"]+)"/.exec(raw)?.[1] ?? open.table;
    if (/@@ignore\b/.test(line)) open.ignored = true;
    if (!/^\s*\}/.test(line)) return;
    if (!open.ignored) models.push({ name: open.name, table: open.table, file, line: open.line });
    open = undefined;
  });
  return models;
}

/** Where Prisma looks for migrations: what the configuration says, else beside the schema or beside its folder. */
function migrationsOf(workspace: Workspace, dir: string): string {
  const beside = posix.join(dir, 'migrations');
  const above = posix.join(posix.dirname(dir), 'migrations');
  const configured = workspace
    .match(/(?:^|\/)prisma\.config\.[cm]?[jt]s$/)
    .flatMap((file) => configuredPath(workspace, file));
  const candidates = [...configured.filter((path) => near(path, dir)), beside, above, ...elsewhere(workspace, dir)];
  return (
    candidates.find((path) => workspace.files.some((file) => file.path.startsWith(`${path}/`))) ??
    candidates[0] ??
    beside
  );
}

/** Folders around the schema, of any name, that hold migrations as Prisma lays them out. */
function elsewhere(workspace: Workspace, dir: string): string[] {
  const found = workspace
    .match(/(?:^|\/)\d{8,}_[^/]+\/migration\.sql$/)
    .map((file) => posix.dirname(posix.dirname(file)));
  return [...new Set(found)].filter((path) => near(path, dir));
}

const near = (path: string, dir: string): boolean =>
  posix.dirname(path) === dir || posix.dirname(path) === posix.dirname(dir) || path.startsWith(`${dir}/`);

function configuredPath(workspace: Workspace, file: string): string[] {
  const text = workspace.read(file) ?? '';
  const inside = /\bmigrations\s*:\s*\{([^}]*)\}/.exec(text)?.[1] ?? '';
  const pieces = [...(/\bpath\s*:\s*([^\n]*)/.exec(inside)?.[1] ?? '').matchAll(/['"]([^'"]+)['"]/g)].flatMap((m) =>
    m[1] ? [m[1]] : [],
  );
  return pieces.length > 0 ? [posix.join(posix.dirname(file), ...pieces)] : [];
}
