import type { CodeModel, Origin } from '../../code/model.ts';
import type { CallSite } from '../../code/sites.ts';
import { lastName } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { eachStmt, propOf, walkExpr } from '../../code/walk.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import type { KeyedTable } from './tables.ts';

const makers = ['pgTable', 'mysqlTable', 'sqliteTable', 'singlestoreTable'] as const;
const creators = ['pgTableCreator', 'mysqlTableCreator', 'sqliteTableCreator', 'pgSchema', 'mysqlSchema'] as const;

/** The tables that live code declares with Drizzle. */
export function drizzleTables(model: CodeModel, liveCalls: LiveCalls): KeyedTable[] {
  const made = [...makers, ...liveCalls.named(...creators).map((call) => call.bound), 'table'];
  return liveCalls
    .named(...new Set(made.filter(Boolean)))
    .filter((call) => isDrizzle(liveCalls.origin(call)) && call.expr.args.length >= 2)
    .map((call) => tableOf(model, call));
}

const isDrizzle = (origin: Origin): boolean =>
  origin.kind === 'package' &&
  origin.package === 'drizzle-orm' &&
  (origin.called ? /^(?:pg|mysql|sqlite)(?:TableCreator|Schema)$/.test(origin.name) : origin.name.endsWith('Table'));

function tableOf(model: CodeModel, call: CallSite): KeyedTable {
  const [first, shape, extra] = call.expr.args;
  const name = first && model.literal(call.file, call.fn, first);
  const columns = new Map<string, string>();
  const indexes: string[][] = [];
  const keys: KeyedTable['keys'][number][] = [];
  for (const { key, value, at } of propsOf(model, call.file, call.fn, shape)) {
    const chain = chainOf(value);
    const [column] = chain.at(-1)?.args ?? [];
    if (column?.k === 'str') columns.set(key, column.v);
    if (chain.some((link) => link.name === 'primaryKey' || link.name === 'unique')) indexes.push([key]);
    const reference = chain.find((link) => link.name === 'references');
    if (reference)
      keys.push({
        columns: [key],
        refers: referred(model, call.file, reference.args[0]),
        at: { file: call.file, line: lineOf(at) },
      });
  }
  for (const part of extrasOf(model, call.file, extra)) readExtra(call.file, part, indexes, keys);
  return {
    name: typeof name === 'string' ? name : call.bound,
    aliases: [call.bound],
    file: call.file,
    keys,
    indexes,
    columns,
  };
}

interface ShapeProp {
  readonly key: string;
  readonly value: Expr;
  readonly at: number;
}

/** The columns: an object, or a function that returns one; spreads are followed. */
function propsOf(model: CodeModel, file: string, fn: number, shape: Expr | undefined, depth = 0): ShapeProp[] {
  if (!shape || depth > 4) return [];
  const found = shape.k === 'fn' ? returned(model, file, shape.fn)[0] : shape;
  const origin = found?.k === 'ref' ? model.origin(file, fn, found) : undefined;
  if (origin?.kind === 'value' && !origin.member && origin.expr.k === 'obj' && origin.file === file)
    return propsOf(model, file, origin.fn, origin.expr, depth + 1);
  if (found?.k !== 'obj') return [];
  return found.props.flatMap((prop) => (prop.key === '...' ? propsOf(model, file, fn, prop.value, depth + 1) : [prop]));
}

function returned(model: CodeModel, file: string, fn: number): Expr[] {
  const found: Expr[] = [];
  eachStmt(model.get(file)?.summary.functions[fn]?.body ?? [], (stmt) => {
    if (stmt.k === 'return' && stmt.of) found.push(stmt.of);
  });
  return found;
}

interface Link {
  readonly name: string;
  readonly args: readonly Expr[];
}

/** `text('x').notNull().references(…)`: its calls, the last first. */
function chainOf(expr: Expr): Link[] {
  const links: Link[] = [];
  for (let at: Expr | undefined = expr; at?.k === 'call';) {
    links.push({ name: lastName(at.callee), args: at.args });
    at = at.callee.k === 'member' ? at.callee.of : undefined;
  }
  return links;
}

/** `() => users.id`: the table's name in the code. */
function referred(model: CodeModel, file: string, arrow: Expr | undefined): string {
  const [target] = arrow?.k === 'fn' ? returned(model, file, arrow.fn) : [];
  return target?.k === 'ref' ? (target.path.split('.')[0] ?? '') : '';
}

/** What the third argument holds: a list or an object of indexes and constraints. */
function extrasOf(model: CodeModel, file: string, extra: Expr | undefined): Expr[] {
  const held = extra?.k === 'fn' ? returned(model, file, extra.fn) : extra ? [extra] : [];
  return held.flatMap((one) =>
    one.k === 'arr' ? one.items : one.k === 'obj' ? one.props.map((prop) => prop.value) : [],
  );
}

function readExtra(file: string, part: Expr, indexes: string[][], keys: KeyedTable['keys'][number][]): void {
  const chain = chainOf(part);
  const head = chain.at(-1);
  if (!head) return;
  const options = head.args[0];
  if (head.name === 'foreignKey') {
    const columns = columnsIn(propOf(options, 'columns'));
    const [foreign] = columnPaths(propOf(options, 'foreignColumns'));
    if (columns.length > 0 && part.k === 'call')
      keys.push({ columns, refers: foreign?.split('.')[0] ?? '', at: { file, line: lineOf(part.at) } });
    return;
  }
  if (head.name === 'primaryKey') indexes.push(columnsIn(propOf(options, 'columns') ?? options, head.args));
  const on = chain.find((link) => /^(?:on|onOnly|using)$/.test(link.name));
  const method = chain.find((link) => link.name === 'using')?.args[0];
  if (on && !(method?.k === 'str' && !/^(?:btree|hash)$/.test(method.v)))
    indexes.push(on.args.flatMap((arg) => columnsIn(arg)).filter(Boolean));
}

function columnPaths(expr: Expr | undefined): string[] {
  const paths: string[] = [];
  if (expr)
    walkExpr(expr, (inner) => {
      if (inner.k === 'ref') paths.push(inner.path);
    });
  return paths;
}

/** Columns that an expression names as members of the table, in order. */
function columnsIn(expr: Expr | undefined, more: readonly Expr[] = []): string[] {
  return [expr, ...more.slice(1)]
    .flatMap(columnPaths)
    .flatMap((path) => (path.includes('.') ? [path.split('.')[1] ?? ''] : []));
}
