import type { PrismaSchema } from '../../facts/prisma.ts';
import type { Column, OnDelete, Reference, Table, TableIndex } from '../../facts/tables.ts';
import type { Workspace } from '../../model/workspace.ts';

/** The models of a Prisma schema. */
export function prismaTables(workspace: Workspace, schema: PrismaSchema): readonly Table[] {
  const files = [...new Set(schema.models.map((model) => model.file))];
  const names = new Set(schema.models.map((model) => model.name));
  const lines = new Map(files.map((file) => [file, (workspace.read(file) ?? '').split('\n')]));
  return schema.models.map((model) => {
    const body = bodyOf(lines.get(model.file) ?? [], model.line);
    const fields = body.flatMap((line) => fieldOf(line, model.file));
    const columns = fields.filter((field) => !names.has(field.type));
    return {
      name: model.name,
      table: model.table,
      layer: 'prisma',
      columns: columns.map(({ name, column, type, optional, at }): Column => ({ name, column, type, optional, at })),
      references: fields.flatMap((field) => (names.has(field.type) ? referenceOf(field) : [])),
      indexes: [...columns.flatMap(keyOf), ...body.flatMap((line) => blockIndex(line, model.file))],
      at: { file: model.file, line: model.line },
    };
  });
}

interface Line {
  readonly text: string;
  readonly line: number;
}

/** The lines between the braces, comments apart. */
function bodyOf(lines: readonly string[], from: number): readonly Line[] {
  const body: Line[] = [];
  for (let index = from; index < lines.length; index += 1) {
    const text = (lines[index] ?? '').replace(/\/\/.*$/, '').trim();
    if (text.startsWith('}')) break;
    if (text) body.push({ text, line: index + 1 });
  }
  return body;
}

interface Field extends Column {
  readonly attributes: string;
}

function fieldOf({ text, line }: Line, file: string): readonly Field[] {
  const match = /^(\w+)\s+(\w+)(\[\])?(\?)?\s*(.*)$/.exec(text);
  const [, name, type, , optional, attributes = ''] = match ?? [];
  if (name === undefined || type === undefined || /@ignore\b/.test(attributes)) return [];
  const column = /@map\(\s*(?:name\s*:\s*)?"([^"]+)"/.exec(attributes)?.[1] ?? name;
  return [{ name, column, type, optional: optional !== undefined, attributes, at: { file, line } }];
}

const actions: Readonly<Record<string, OnDelete>> = {
  Cascade: 'cascade',
  SetNull: 'set-null',
  SetDefault: 'set-null',
  Restrict: 'restrict',
  NoAction: 'restrict',
};

function referenceOf({ attributes, type, at }: Field): readonly Reference[] {
  const fields = /@relation\([^)]*?\bfields\s*:\s*\[([^\]]*)\]/.exec(attributes)?.[1];
  if (fields === undefined) return [];
  const action = /\bonDelete\s*:\s*(\w+)/.exec(attributes)?.[1] ?? '';
  return [{ columns: namesIn(fields), to: type, onDelete: actions[action] ?? 'default', at }];
}

const keyOf = ({ name, attributes, at }: Field): readonly TableIndex[] =>
  /(?:^|\s)@(?:id|unique)\b/.test(attributes) ? [{ columns: [name], unique: true, expires: false, at }] : [];

function blockIndex({ text, line }: Line, file: string): readonly TableIndex[] {
  const match = /^@@(id|unique|index)\s*\((?:\s*(?:name|map)\s*:\s*"[^"]*"\s*,)?\s*(?:fields\s*:\s*)?\[(.*?)\]/.exec(
    text,
  );
  const [, kind, columns] = match ?? [];
  return columns === undefined
    ? []
    : [{ columns: namesIn(columns), unique: kind !== 'index', expires: false, at: { file, line } }];
}

/** `userId, createdAt(sort: Desc)` */
const namesIn = (list: string): string[] =>
  list
    .replaceAll(/\([^)]*\)/g, '')
    .split(',')
    .flatMap((part) => /\w+/.exec(part)?.[0] ?? []);
