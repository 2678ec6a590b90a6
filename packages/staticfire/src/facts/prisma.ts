import { defineFact } from '../model/fact.ts';

export interface PrismaModel {
  readonly name: string;
  /** The table, after `@@map`. */
  readonly table: string;
  readonly file: string;
  readonly line: number;
}

export interface PrismaSchema {
  /** The file with the datasource. */
  readonly file: string;
  /** Folder of the schema: of all its files when it is split. */
  readonly dir: string;
  /** 'postgresql', 'mysql', 'sqlite', 'mongodb', …; '' when it is not a literal. */
  readonly provider: string;
  readonly line: number;
  readonly models: readonly PrismaModel[];
  /** Folder of its migrations, whether or not it exists. */
  readonly migrations: string;
}

/** Sorted by file. */
export const prismaSchemas = defineFact<readonly PrismaSchema[], 'repository'>({
  id: 'prisma-schemas',
  title: 'the Prisma schemas of the repository',
  scope: 'repository',
});

/** The schema nearest to a file: the one that shares the longest path with it. */
export function schemaFor(schemas: readonly PrismaSchema[], file: string): PrismaSchema | undefined {
  const scored = schemas.map((schema) => ({
    schema,
    shared: sharedDepth(schema.dir, file),
    depth: schema.dir.split('/').length,
  }));
  return scored.toSorted(
    (a, b) => b.shared - a.shared || a.depth - b.depth || (a.schema.file < b.schema.file ? -1 : 1),
  )[0]?.schema;
}

function sharedDepth(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  let shared = 0;
  while (shared < left.length && left[shared] === right[shared]) shared += 1;
  return shared;
}
