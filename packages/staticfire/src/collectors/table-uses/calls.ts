import type { CodeModel } from '../../code/model.ts';
import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { Deed, TableUse, Written } from '../../facts/table-uses.ts';
import type { Table, TableLayer, Tables } from '../../facts/tables.ts';
import { deedOf, isSoft } from './words.ts';

/** What a call of a library does to a table. */
export function useOfCall(model: CodeModel, tables: Tables, call: CallSite): TableUse | undefined {
  const found = byReceiver(model, tables, call) ?? byArgument(model, tables, call) ?? byChain(model, tables, call);
  if (!found) return undefined;
  const { table, deed, values } = found;
  const { writes, whole } = values ? writtenIn(model, call, values) : { writes: [], whole: deed !== 'update' };
  return {
    table,
    deed,
    soft: isSoft(call.name),
    file: call.file,
    fn: call.fn,
    at: { file: call.file, line: lineOf(call.expr.at) },
    writes,
    whole,
  };
}

interface Found {
  readonly table: Table;
  readonly deed: Deed;
  /** The expression that holds what is written. */
  readonly values?: Expr | undefined;
}

const upperFirst = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** The name before the method: 'user' for `prisma.user.delete` and for `client().user.delete`. */
function receiverOf(call: CallSite): string {
  const { callee } = call.expr;
  if (callee.k === 'ref') return callee.path.split('.').at(-2) ?? '';
  if (callee.k !== 'member') return '';
  const { of } = callee;
  return of.k === 'member' ? of.name : of.k === 'ref' ? (of.path.split('.').at(-1) ?? '') : '';
}

const classLayers: ReadonlySet<TableLayer> = new Set(['mongo', 'sequelize', 'typeorm', 'mikro-orm']);

/** `prisma.user.delete(…)`, `User.destroy(…)`, `this.users.delete(…)` of a repository. */
function byReceiver(model: CodeModel, tables: Tables, call: CallSite): Found | undefined {
  const deed = deedOf(call.name);
  const receiver = deed && receiverOf(call);
  if (!deed || !receiver) return undefined;
  const table = ofPrisma(tables, receiver) ?? ofQuery(tables, call, receiver) ?? ofClass(model, tables, call, receiver);
  if (!table) return undefined;
  const [first, second] = call.expr.args;
  const values =
    table.layer === 'prisma'
      ? (propOf(first, 'data') ?? propOf(first, 'update'))
      : writeArgument(table, call.name, first, second);
  return { table, deed, values: deed === 'update' || deed === 'create' ? values : undefined };
}

function ofPrisma(tables: Tables, receiver: string): Table | undefined {
  const table = tables.named(receiver);
  return table?.layer === 'prisma' && upperFirst(receiver) === upperFirst(table.name) ? table : undefined;
}

/** `db.query.user.findMany()` of drizzle. */
function ofQuery(tables: Tables, { path }: CallSite, receiver: string): Table | undefined {
  const table = path.endsWith(`query.${receiver}.${path.slice(path.lastIndexOf('.') + 1)}`)
    ? tables.named(receiver)
    : undefined;
  return table?.layer === 'drizzle' ? table : undefined;
}

/** The class before the method, or the class of the repository or model that was injected. */
function ofClass(model: CodeModel, tables: Tables, call: CallSite, receiver: string): Table | undefined {
  const direct = tables.named(localName(model, call.file, receiver));
  if (direct && classLayers.has(direct.layer) && /^[A-Z]/.test(receiver)) return direct;
  const typed = tables.named(entityOf(model, call, receiver));
  return typed && classLayers.has(typed.layer) ? typed : undefined;
}

/** Which argument holds what is written. */
function writeArgument(
  table: Table,
  name: string,
  first: Expr | undefined,
  second: Expr | undefined,
): Expr | undefined {
  if (/^(?:create|insert|save|bulkCreate|insertMany|upsert|persist)/.test(name)) return first;
  if (table.layer === 'sequelize') return first;
  return propOf(second, '$set') ?? second;
}

/** What an imported name is called where it is declared. */
function localName(model: CodeModel, file: string, name: string): string {
  for (const { names } of model.get(file)?.head.imports ?? []) {
    const found = names.find((one) => one.local === name);
    if (found && found.imported !== 'default' && found.imported !== '*') return found.imported;
  }
  return name;
}

/** `Repository<User>`, `Model<User>`, `getRepository(User)`, `@InjectModel(User.name)` */
function entityOf(model: CodeModel, call: CallSite, receiver: string): string {
  const { callee } = call.expr;
  const of = callee.k === 'member' ? callee.of : undefined;
  if (of?.k === 'call') return madeOf(of);
  const { functions = [], classes = [] } = model.get(call.file)?.summary ?? {};
  for (let at = call.fn; at >= 0; at = functions[at]?.parent ?? -1) {
    const func = functions[at];
    const own = func?.params.find((param) => param.pattern.k === 'name' && param.pattern.name === receiver);
    if (own?.type) return typeIn(own.type);
    const cls = func?.owner === undefined ? undefined : classes[func.owner];
    const member = cls?.members.find((one) => one.name === receiver);
    if (member) return typeIn(member.type ?? '') || (member.value ? madeOf(member.value) : '');
    const constructor = cls?.members.find((one) => one.kind === 'constructor')?.fn;
    const injected =
      constructor === undefined
        ? undefined
        : functions[constructor]?.params.find((param) => param.pattern.k === 'name' && param.pattern.name === receiver);
    if (injected?.type) return typeIn(injected.type);
  }
  const origin = callee.k === 'ref' && callee.path.includes('.') ? initOf(model, call, receiver) : undefined;
  return origin ? madeOf(origin) : '';
}

/** What a variable of the file is declared with. */
function initOf(model: CodeModel, call: CallSite, name: string): Expr | undefined {
  const functions = model.get(call.file)?.summary.functions ?? [];
  for (let at = call.fn; at >= 0; at = functions[at]?.parent ?? -1)
    for (const stmt of functions[at]?.body ?? [])
      if (stmt.k === 'let' && stmt.pattern.k === 'name' && stmt.pattern.name === name) return stmt.init;
  return undefined;
}

const typeIn = (type: string): string =>
  /\b(?:\w*Repository|Model|ReturnModelType|PaginateModel|SoftDeleteModel|Collection)<\s*(?:typeof\s+)?(\w+)/
    .exec(type)?.[1]
    ?.replace(/Document$/, '') ?? '';

/** `source.getRepository(User)`, `db.collection('users')`, `model('User', schema)` */
function madeOf(expr: Expr): string {
  if (expr.k === 'await') return madeOf(expr.of);
  if (expr.k !== 'call') return '';
  const [first] = expr.args;
  if (first?.k === 'str') return first.v;
  return first?.k === 'ref' ? first.path.slice(first.path.lastIndexOf('.') + 1) : '';
}

/** `db.delete(users)`, `em.nativeDelete(User, …)`, `manager.delete(User, …)`, `.from(users)`. */
function byArgument(model: CodeModel, tables: Tables, call: CallSite): Found | undefined {
  const [first, second] = call.expr.args;
  if (first?.k !== 'ref') return undefined;
  const deed = call.name === 'from' || /(?:Join|with)$/i.test(call.name) ? 'read' : deedOf(call.name);
  const name = deed && localName(model, call.file, first.path.slice(first.path.lastIndexOf('.') + 1));
  const table = name ? tables.named(name) : undefined;
  if (!deed || !table || (table.layer !== 'drizzle' && !classLayers.has(table.layer)) || table.name !== name)
    return undefined;
  if (table.layer !== 'drizzle') {
    const built = call.name === 'from' && chainBefore(call.expr).includes('delete');
    return {
      table,
      deed: built ? 'delete' : deed,
      values: deed === 'update' ? (call.expr.args[2] ?? second) : undefined,
    };
  }
  return {
    table,
    deed,
    values: deed === 'update' || deed === 'create' ? argumentAfter(call, /^(?:set|values)$/) : undefined,
  };
}

/** Names of the calls that a chain makes before this one. */
function chainBefore(expr: Expr): readonly string[] {
  if (expr.k !== 'call') return [];
  const { callee } = expr;
  if (callee.k === 'member') return [callee.name, ...chainBefore(callee.of)];
  return callee.k === 'ref' ? callee.path.split('.') : [];
}

/** The calls that the chain makes after this one. */
function callsAfter(call: CallSite): readonly CallSite[] {
  const { within } = call;
  if (!within || within.expr.callee.k !== 'member' || within.expr.callee.of !== call.expr) return [];
  return [within, ...callsAfter(within)];
}

const argumentAfter = (call: CallSite, name: RegExp): Expr | undefined =>
  callsAfter(call).find((one) => name.test(one.name))?.expr.args[0];

const changing =
  /^(?:delete|del|deleteMany|deleteOne|truncate|update|updateOne|updateMany|insert|insertOne|insertMany|upsert)$/;
const starts = /^(?:from|table|into|collection|deleteFrom|updateTable|insertInto|selectFrom|knex|db|trx|tx|qb)$/;

/** `knex('users').where(…).del()`, `supabase.from('users').delete()`, `db.deleteFrom('users')`. */
function byChain(model: CodeModel, tables: Tables, call: CallSite): Found | undefined {
  const [first] = call.expr.args;
  if (!first || first.k === 'obj' || first.k === 'fn' || !starts.test(call.name)) return undefined;
  const name = model.literal(call.file, call.fn, first);
  const table = typeof name === 'string' ? tables.named(name.split(/\s+as\s+/i)[0] ?? '') : undefined;
  if (!table || table.layer === 'prisma') return undefined;
  const own = /^(?:deleteFrom|updateTable|insertInto|selectFrom|into)$/.test(call.name)
    ? (deedOf(call.name) ?? 'create')
    : undefined;
  const after = callsAfter(call);
  const verb = [...chainBefore(call.expr), ...after.map((one) => one.name)].find((one) => changing.test(one));
  const deed = own ?? (verb === undefined ? 'read' : (deedOf(verb) ?? 'read'));
  const values =
    argumentAfter(call, /^(?:update|insert|upsert|set|values)$/) ??
    propOf(after.find((one) => /^update(?:One|Many)$/.test(one.name))?.expr.args[1], '$set');
  return { table, deed, values: deed === 'update' || deed === 'create' ? values : undefined };
}

/** The columns of an object literal, or of what a name stands for. */
function writtenIn(
  model: CodeModel,
  call: CallSite,
  values: Expr,
): { readonly writes: readonly Written[]; readonly whole: boolean } {
  if (values.k === 'arr')
    return values.items[0] ? writtenIn(model, call, values.items[0]) : { writes: [], whole: true };
  const origin = values.k === 'ref' ? model.origin(call.file, call.fn, values) : undefined;
  const object =
    values.k === 'obj'
      ? values
      : origin?.kind === 'value' && !origin.member && origin.expr.k === 'obj'
        ? origin.expr
        : undefined;
  if (!object) return { writes: [], whole: false };
  return {
    writes: object.props.flatMap(({ key, value }) => (key === '...' || key === '[]' ? [] : [{ column: key, value }])),
    whole: values.k === 'obj' && !object.props.some(({ key }) => key === '...' || key === '[]'),
  };
}
