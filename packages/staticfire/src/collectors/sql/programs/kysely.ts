import type { CodeModel } from '../../../code/model.ts';
import type { Expr } from '../../../code/summary.ts';
import { eachStmt } from '../../../code/walk.ts';
import type { Change, Column, Where } from '../../../facts/schema-changes.ts';
import { chainOf, textOf, textsOf, type Link } from './chain.ts';
import { keyed } from './knex.ts';

const heads = /^(?:createTable|alterTable|createIndex|dropTable|dropIndex)$/;

/** `db.schema.alterTable('x').addColumn(…).execute()`. */
export function kyselyChanges(model: CodeModel, file: string, chain: readonly Link[], where: Where): Change[] {
  const [head, ...rest] = chain.slice(
    Math.max(
      0,
      chain.findIndex((link) => heads.test(link.name)),
    ),
  );
  if (!head) return [];
  const table: Where = { ...where, table: textOf(head.args[0]) };
  const column = (link: Link): Column => columnOf(model, file, link, where);
  switch (head.name) {
    case 'createTable':
      return [
        {
          ...table,
          k: 'table',
          columns: rest.filter((link) => link.name === 'addColumn').map(column),
          keys: rest.flatMap((link) => keyOf(link, where)),
        },
      ];
    case 'createIndex':
      return indexed(head, rest, where);
    case 'alterTable':
      return rest.flatMap((link) => alteration(model, file, link, table));
    default:
      return [];
  }
}

function keyOf(link: Link, where: Where): ReturnType<typeof keyed>[] {
  const [, columns, refers] = link.args;
  if (link.name === 'addForeignKeyConstraint') return [keyed('foreign', textsOf(columns), where, textOf(refers))];
  if (link.name === 'addUniqueConstraint') return [keyed('unique', textsOf(columns), where)];
  return link.name === 'addPrimaryKeyConstraint' ? [keyed('primary', textsOf(columns), where)] : [];
}

function indexed(head: Link, rest: readonly Link[], where: Where): Change[] {
  const on = rest.find((link) => link.name === 'on');
  const columns = rest.filter((link) => /^columns?$/.test(link.name)).flatMap((link) => textsOf(link.args[0]));
  if (!on) return [];
  const unique = rest.some((link) => link.name === 'unique');
  const table = textOf(on.args[0]);
  return [{ ...where, table, k: 'index', columns, unique, concurrent: false, name: textOf(head.args[0]) }];
}

function alteration(model: CodeModel, file: string, link: Link, where: Where): Change[] {
  const [first, second] = link.args;
  const name = textOf(first);
  switch (link.name) {
    case 'addColumn':
      return [{ ...where, k: 'column', column: columnOf(model, file, link, where) }];
    case 'dropColumn':
      return [{ ...where, k: 'column-dropped', name }];
    case 'renameColumn':
      return [{ ...where, k: 'column-renamed', name, to: textOf(second) }];
    case 'renameTo':
      return [{ ...where, k: 'table-renamed', to: name }];
    case 'alterColumn': {
      const inner = linksIn(model, file, second);
      const typed = inner.find((one) => one.name === 'setDataType');
      return [
        ...(typed ? [{ ...where, k: 'type' as const, name, type: textOf(typed.args[0]), converts: false }] : []),
        ...(inner.some((one) => one.name === 'setNotNull') ? [{ ...where, k: 'required' as const, name }] : []),
      ];
    }
    default:
      return keyOf(link, where).map((key) => ({ ...where, k: 'key', key, unchecked: false, prepared: false }));
  }
}

/** The calls that a callback of a builder chains. */
function linksIn(model: CodeModel, file: string, callback: Expr | undefined): Link[] {
  const body = callback?.k === 'fn' ? model.get(file)?.summary.functions[callback.fn]?.body : undefined;
  const links: Link[] = [];
  eachStmt(body ?? [], (stmt) => {
    if (stmt.k === 'return' && stmt.of) links.push(...chainOf(stmt.of));
  });
  return links;
}

function columnOf(model: CodeModel, file: string, link: Link, where: Where): Column {
  const [name, type, callback] = link.args;
  const inner = linksIn(model, file, callback);
  const has = (one: string): boolean => inner.some((l) => l.name === one);
  const target = textOf(inner.find((l) => l.name === 'references')?.args[0]);
  const serial = /serial/.test(textOf(type)) || has('autoIncrement') || has('generatedAlwaysAsIdentity');
  return {
    name: textOf(name),
    type: textOf(type),
    required: has('notNull') || has('primaryKey'),
    filled: has('defaultTo') || serial,
    volatile: serial,
    unique: has('unique'),
    primary: has('primaryKey'),
    refers: has('references') ? (target.split('.')[0] ?? '') : undefined,
    line: where.line,
  };
}
