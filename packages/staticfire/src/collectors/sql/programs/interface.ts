import type { CallSite } from '../../../code/sites.ts';
import type { Expr } from '../../../code/summary.ts';
import { propOf } from '../../../code/walk.ts';
import type { Change, Column, Key, Where } from '../../../facts/schema-changes.ts';
import { isSet, textOf, textsOf } from './chain.ts';
import { columnOfObject, keyed } from './knex.ts';

/** Calls on the query interfaces of Sequelize, TypeORM, MikroORM and node-pg-migrate, which name the table first. */
export function interfaceChanges(call: CallSite, base: Where): Change[] {
  const [first, second, third] = call.expr.args;
  const where: Where = { ...base, table: tableName(first) };
  switch (call.name) {
    case 'createTable':
      return createdTable(first, second, where);
    case 'dropTable':
    case 'dropTableIfExists':
      return where.table ? [{ ...where, k: 'table-dropped' }] : [];
    case 'renameTable':
      return [{ ...where, k: 'table-renamed', to: tableName(second) }];
    case 'addColumn':
    case 'addColumns':
      return columnsOf(second, third, where).map((column) => ({ ...where, k: 'column', column }));
    case 'removeColumn':
    case 'dropColumn':
    case 'dropColumns':
      return textsOf(second).map((name) => ({ ...where, k: 'column-dropped', name }));
    case 'renameColumn':
      return [{ ...where, k: 'column-renamed', name: textOf(second), to: textOf(third) }];
    case 'changeColumn':
    case 'alterColumn':
      return changedColumn(textOf(second), third, where);
    default:
      return keyChanges(call, where);
  }
}

function keyChanges(call: CallSite, where: Where): Change[] {
  const [, second, third] = call.expr.args;
  const options = third?.k === 'obj' ? third : second;
  switch (call.name) {
    case 'addIndex':
    case 'createIndex':
      return [indexOf(second, third, where)];
    case 'addConstraint': {
      const key = constraintOf(options, where);
      return key ? [{ ...where, k: 'key', key, unchecked: false, prepared: false }] : [];
    }
    case 'createForeignKey': {
      const columns = textsOf(propOf(argumentOf(second), 'columnNames'));
      const refers = textOf(propOf(argumentOf(second), 'referencedTableName'));
      return [{ ...where, k: 'key', key: keyed('foreign', columns, where, refers), unchecked: false, prepared: false }];
    }
    case 'bulkDelete': {
      const filtered = second?.k === 'obj' && second.props.length > 0;
      return [{ ...where, k: 'rows', verb: 'delete', filtered }];
    }
    default:
      return [];
  }
}

/** `'orders'`, `{ tableName: 'orders' }`, `new Table({ name: 'orders' })`. */
const tableName = (expr: Expr | undefined): string =>
  textOf(expr) || textOf(propOf(expr, 'tableName') ?? propOf(expr, 'name') ?? propOf(argumentOf(expr), 'name'));

/** The options that a `new Table(…)` is given. */
const argumentOf = (expr: Expr | undefined): Expr | undefined => (expr?.k === 'call' ? expr.args[0] : expr);

function createdTable(first: Expr | undefined, second: Expr | undefined, where: Where): Change[] {
  if (second?.k === 'obj') return [{ ...where, k: 'table', columns: columnsOf(second, undefined, where), keys: [] }];
  const columns = propOf(argumentOf(first), 'columns');
  if (columns?.k !== 'arr') return where.table ? [{ ...where, k: 'table', columns: [], keys: [] }] : [];
  const list = (key: string): readonly Expr[] => {
    const value = propOf(argumentOf(first), key);
    return value?.k === 'arr' ? value.items.flatMap((item) => argumentOf(item) ?? []) : [];
  };
  const keys: Key[] = [
    ...list('foreignKeys').map((key) =>
      keyed('foreign', textsOf(propOf(key, 'columnNames')), where, textOf(propOf(key, 'referencedTableName'))),
    ),
    ...list('indices').map((key) => keyed('index', textsOf(propOf(key, 'columnNames')), where)),
    ...list('uniques').map((key) => keyed('unique', textsOf(propOf(key, 'columnNames')), where)),
  ];
  return [{ ...where, k: 'table', columns: columns.items.map((item) => namedColumn(argumentOf(item), where)), keys }];
}

const namedColumn = (shape: Expr | undefined, where: Where): Column =>
  columnOfObject(textOf(propOf(shape, 'name')), shape, where);

/** A name and its shape, an object of several, or `new TableColumn(…)`, which is required unless it says otherwise. */
function columnsOf(second: Expr | undefined, third: Expr | undefined, where: Where): Column[] {
  if (second?.k === 'str') return [columnOfObject(second.v, third, where)];
  if (second?.k === 'obj')
    return second.props.filter((p) => p.key !== '...').map((p) => columnOfObject(p.key, p.value, where));
  const shape = argumentOf(second);
  if (second?.k !== 'call' || shape?.k !== 'obj') return [];
  const column = namedColumn(shape, where);
  return [{ ...column, required: !isSet(shape, 'isNullable') }];
}

function changedColumn(name: string, shape: Expr | undefined, where: Where): Change[] {
  const column = columnOfObject(name, shape, where);
  const typed = propOf(shape, 'type');
  return [
    ...(typed ? [{ ...where, k: 'type' as const, name, type: textOf(typed), converts: isSet(shape, 'using') }] : []),
    ...(column.required ? [{ ...where, k: 'required' as const, name }] : []),
  ];
}

function indexOf(second: Expr | undefined, third: Expr | undefined, where: Where): Change {
  const shape = argumentOf(second);
  const options = third?.k === 'obj' ? third : shape?.k === 'obj' ? shape : undefined;
  const fields = propOf(shape, 'fields') ?? propOf(shape, 'columnNames') ?? second;
  return {
    ...where,
    k: 'index',
    columns: textsOf(fields),
    unique: isSet(options, 'unique') || isSet(options, 'isUnique'),
    concurrent: isSet(options, 'concurrently') || isSet(options, 'isConcurrent'),
    name: '',
  };
}

function constraintOf(options: Expr | undefined, where: Where): Key | undefined {
  const kind = textOf(propOf(options, 'type'));
  const fields = textsOf(propOf(options, 'fields'));
  if (/foreign/.test(kind)) return keyed('foreign', fields, where, '');
  if (/unique/.test(kind)) return keyed('unique', fields, where);
  if (isSet(options, 'unique')) return keyed('unique', textsOf(propOf(options, 'unique')), where);
  const foreign = propOf(options, 'foreignKeys');
  return foreign?.k === 'obj' ? keyed('foreign', textsOf(propOf(foreign, 'columns')), where, '') : undefined;
}
