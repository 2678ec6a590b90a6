import type { CodeModel } from '../../code/model.ts';
import type { CallSite, FileSites } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { Column, OnDelete, Reference, Table, TableIndex } from '../../facts/tables.ts';
import type { Place } from '../../model/place.ts';

type CallExpr = Extract<Expr, { k: 'call' }>;

const creator = /^(?:pg|mysql|sqlite|singlestore|gel)Table$/;

/** Files that declare tables with drizzle: by its creators, by those of a schema, or by a creator of the repository's own. */
export function drizzleTables(model: CodeModel, file: string, sites: FileSites): readonly Table[] {
  return sites.calls.flatMap((call) => {
    if (!isCreator(model, call)) return [];
    const [name, columns, extra] = call.expr.args;
    const table = name && model.literal(file, call.fn, name);
    const body = columns && objectOf(model, file, columns);
    return typeof table === 'string' && body ? [tableOf(model, call, table, body, extra)] : [];
  });
}

/** `pgTable`, `schema.table` and what `pgTableCreator` makes. */
function isCreator(model: CodeModel, call: CallSite): boolean {
  if (call.expr.args.length < 2) return false;
  if (!creator.test(call.name) && call.name !== 'table' && !/table/i.test(call.name)) return false;
  const origin = model.origin(call.file, call.fn, call.expr.callee);
  if (origin.kind !== 'package' || origin.package !== 'drizzle-orm') return false;
  return creator.test(origin.name) ? !origin.called : /TableCreator$|Schema$/.test(origin.name);
}

/** The columns: an object, or what a function of the column builders returns. */
function objectOf(model: CodeModel, file: string, expr: Expr): Extract<Expr, { k: 'obj' }> | undefined {
  if (expr.k === 'obj') return expr;
  const returned = expr.k === 'fn' ? model.get(file)?.summary.functions[expr.fn]?.body.at(-1) : undefined;
  return returned?.k === 'return' && returned.of?.k === 'obj' ? returned.of : undefined;
}

function tableOf(
  model: CodeModel,
  call: CallSite,
  table: string,
  body: Extract<Expr, { k: 'obj' }>,
  extra: Expr | undefined,
): Table {
  const props = spreadIn(model, call, body);
  const columns = props.map(({ key, value, at }) => columnOf(model, call, key, value, at));
  return {
    name: call.bound || table,
    table,
    layer: 'drizzle',
    columns,
    references: props.flatMap(({ key, value, at }) => referenceOf(model, call, key, value, at)),
    indexes: [
      ...props.flatMap(({ key, value, at }) => keyOf(key, value, at)),
      ...extraIndexes(model, call.file, extra),
    ],
    at: { file: call.file, line: lineOf(call.expr.at) },
  };
}

interface NamedExpr {
  readonly key: string;
  readonly value: Expr;
  readonly at: Place;
}

/** `...timestamps` takes the columns of another object. */
function spreadIn(model: CodeModel, call: CallSite, body: Extract<Expr, { k: 'obj' }>): readonly NamedExpr[] {
  return body.props.flatMap((prop): readonly NamedExpr[] => {
    if (prop.key !== '...')
      return [{ key: prop.key, value: prop.value, at: { file: call.file, line: lineOf(prop.at) } }];
    const origin = model.origin(call.file, call.fn, prop.value);
    return origin.kind === 'value' && !origin.member && origin.expr.k === 'obj'
      ? origin.expr.props.map(({ key, value, at }) => ({ key, value, at: { file: origin.file, line: lineOf(at) } }))
      : [];
  });
}

/** The calls of a chain, from its root outwards: `text('x').notNull()` is [text, notNull]. */
function chainOf(expr: Expr): readonly { readonly name: string; readonly call: CallExpr }[] {
  if (expr.k !== 'call') return [];
  const { callee } = expr;
  if (callee.k === 'member') return [...chainOf(callee.of), { name: callee.name, call: expr }];
  return callee.k === 'ref' ? [{ name: callee.path.slice(callee.path.lastIndexOf('.') + 1), call: expr }] : [];
}

function columnOf(model: CodeModel, call: CallSite, key: string, value: Expr, at: Place): Column {
  const chain = chainOf(value);
  const [root] = chain;
  const first = root?.call.args[0];
  const column = first && model.literal(call.file, call.fn, first);
  return {
    name: key,
    column: typeof column === 'string' ? column : key,
    type: root?.name ?? '',
    optional: !chain.some(({ name }) => name === 'notNull' || name === 'primaryKey'),
    at,
  };
}

const actions: Readonly<Record<string, OnDelete>> = {
  cascade: 'cascade',
  'set null': 'set-null',
  'set default': 'set-null',
  restrict: 'restrict',
  'no action': 'restrict',
};

function referenceOf(model: CodeModel, call: CallSite, key: string, value: Expr, at: Place): readonly Reference[] {
  const link = chainOf(value).find(({ name }) => name === 'references');
  const [target, options] = link?.call.args ?? [];
  const body = target?.k === 'fn' ? model.get(call.file)?.summary.functions[target.fn]?.body.at(-1) : undefined;
  const path = body?.k === 'return' && body.of?.k === 'ref' ? body.of.path : '';
  const to = path.split('.').at(-2);
  if (to === undefined) return [];
  const action = propOf(options, 'onDelete');
  return [{ columns: [key], to, onDelete: (action?.k === 'str' && actions[action.v]) || 'default', at }];
}

const keyOf = (key: string, value: Expr, at: Place): readonly TableIndex[] =>
  chainOf(value).some(({ name }) => name === 'primaryKey' || name === 'unique')
    ? [{ columns: [key], unique: true, expires: false, at }]
    : [];

/** The third argument: a list or object of `index().on(…)`, `unique().on(…)`, `primaryKey({ columns })`. */
function extraIndexes(model: CodeModel, file: string, extra: Expr | undefined): readonly TableIndex[] {
  const body = extra?.k === 'fn' ? model.get(file)?.summary.functions[extra.fn]?.body.at(-1) : undefined;
  const value = body?.k === 'return' ? body.of : undefined;
  const items = value?.k === 'arr' ? value.items : value?.k === 'obj' ? value.props.map((prop) => prop.value) : [];
  return items.flatMap((item): readonly TableIndex[] => {
    const chain = chainOf(item);
    const [root] = chain;
    if (!root) return [];
    const at = { file, line: lineOf(root.call.at) };
    if (root.name === 'primaryKey')
      return [{ columns: listed(propOf(root.call.args[0], 'columns')), unique: true, expires: false, at }];
    const on = chain.find(({ name }) => name === 'on' || name === 'using');
    const columns = on?.call.args.flatMap(lastNames) ?? [];
    return /index$|^unique/i.test(root.name) && columns.length > 0
      ? [{ columns, unique: root.name.startsWith('unique'), expires: false, at }]
      : [];
  });
}

const listed = (expr: Expr | undefined): string[] => (expr?.k === 'arr' ? expr.items.flatMap(lastNames) : []);

/** `table.userId`, `table.createdAt.desc()`, `desc(table.createdAt)` */
function lastNames(expr: Expr): string[] {
  if (expr.k === 'ref') return [expr.path.slice(expr.path.lastIndexOf('.') + 1)];
  if (expr.k !== 'call') return [];
  if (expr.callee.k === 'ref' && expr.callee.path.includes('.')) return [expr.callee.path.split('.').at(-2) ?? ''];
  return expr.args.slice(0, 1).flatMap(lastNames);
}
