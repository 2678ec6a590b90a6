import type { CodeModel } from '../../code/model.ts';
import type { CallSite, FileSites } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { Column, Reference, Table, TableIndex } from '../../facts/tables.ts';
import { actionOf } from './entities.ts';

type ObjectExpr = Extract<Expr, { k: 'obj' }>;

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** The object literal that an expression stands for. */
function objectOf(
  model: CodeModel,
  file: string,
  fn: number,
  expr: Expr | undefined,
): (ObjectExpr & { file: string }) | undefined {
  if (!expr) return undefined;
  if (expr.k === 'obj') return { ...expr, file };
  const origin = expr.k === 'ref' ? model.origin(file, fn, expr) : undefined;
  return origin?.kind === 'value' && !origin.member && origin.expr.k === 'obj'
    ? { ...origin.expr, file: origin.file }
    : undefined;
}

const isTrue = (expr: Expr | undefined): boolean => expr !== undefined && !(expr.k === 'bool' && !expr.v);

function textOf(expr: Expr | undefined): string {
  if (expr?.k === 'str') return expr.v;
  if (expr?.k === 'call') return textOf(expr.callee);
  return expr?.k === 'ref' ? lastOf(expr.path) : '';
}

/** `new Schema({…})` of Mongoose, named after the model that is made of it. */
export function mongooseTables(
  model: CodeModel,
  file: string,
  sites: FileSites,
  all: (name: string) => readonly CallSite[],
): readonly Table[] {
  return sites.calls.flatMap((call) => {
    if (call.name !== 'Schema' || !call.expr.new) return [];
    const origin = model.origin(file, call.fn, call.expr.callee);
    const body = objectOf(model, file, call.fn, call.expr.args[0]);
    if (origin.kind !== 'package' || origin.package !== 'mongoose' || !body) return [];
    const named = modelOf(model, call, all('model'));
    if (named === undefined) return [];
    const fields = body.props.filter((prop) => prop.key !== '...' && prop.key !== '[]');
    return [
      {
        name: named,
        table: textOf(propOf(call.expr.args[1], 'collection')) || named,
        layer: 'mongo',
        columns: [...fields.map((prop) => mongoColumn(body.file, prop)), ...stamps(call, body.file)],
        references: fields.flatMap((prop) => mongoReference(body.file, prop)),
        indexes: [...fields.flatMap((prop) => mongoKey(body.file, prop)), ...addedIndexes(sites, call)],
        at: { file, line: lineOf(call.expr.at) },
      },
    ];
  });
}

/** The name in `model('User', userSchema)`. */
function modelOf(model: CodeModel, schema: CallSite, models: readonly CallSite[]): string | undefined {
  if (schema.within && models.includes(schema.within)) return textOf(schema.within.expr.args[0]) || undefined;
  for (const call of models) {
    const [name, arg] = call.expr.args;
    if (!arg || name?.k !== 'str' || arg.k !== 'ref') continue;
    if (call.file === schema.file && lastOf(arg.path) === schema.bound) return name.v;
    if (call.file === schema.file || !model.importsOf(call.file).includes(schema.file)) continue;
    if (lastOf(arg.path) === schema.bound) return name.v;
  }
  return undefined;
}

type Prop = ObjectExpr['props'][number];

function mongoColumn(file: string, { key, value, at }: Prop): Column {
  const options = value.k === 'arr' ? value.items[0] : value;
  const type = propOf(options, 'type') ?? options;
  return {
    name: key,
    column: key,
    type: textOf(type),
    optional: !isTrue(propOf(options, 'required')) || propOf(options, 'required') === undefined,
    at: { file, line: lineOf(at) },
  };
}

function stamps(call: CallSite, file: string): readonly Column[] {
  if (!isTrue(propOf(call.expr.args[1], 'timestamps'))) return [];
  return ['createdAt', 'updatedAt'].map((name) => ({
    name,
    column: name,
    type: 'Date',
    optional: false,
    at: { file, line: lineOf(call.expr.at) },
  }));
}

function mongoReference(file: string, { key, value, at }: Prop): readonly Reference[] {
  const ref = propOf(value.k === 'arr' ? value.items[0] : value, 'ref');
  const to = textOf(ref);
  return to ? [{ columns: [key], to, onDelete: 'default', at: { file, line: lineOf(at) } }] : [];
}

function mongoKey(file: string, { key, value, at }: Prop): readonly TableIndex[] {
  const expires = isTrue(propOf(value, 'expires')) || isTrue(propOf(propOf(value, 'index'), 'expires'));
  const unique = isTrue(propOf(value, 'unique'));
  return unique || expires || isTrue(propOf(value, 'index'))
    ? [{ columns: [key], unique, expires, at: { file, line: lineOf(at) } }]
    : [];
}

/** `userSchema.index({ createdAt: 1 }, { expireAfterSeconds: … })` */
function addedIndexes(sites: FileSites, schema: CallSite): readonly TableIndex[] {
  if (!schema.bound) return [];
  return sites.calls.flatMap((call): readonly TableIndex[] => {
    const [keys, options] = call.expr.args;
    if (call.path !== `${schema.bound}.index` || keys?.k !== 'obj') return [];
    const expires = isTrue(propOf(options, 'expireAfterSeconds')) || isTrue(propOf(options, 'expires'));
    const columns = keys.props.map((prop) => prop.key);
    const at = { file: call.file, line: lineOf(call.expr.at) };
    return [{ columns, unique: isTrue(propOf(options, 'unique')), expires, at }];
  });
}

/** `sequelize.define('User', {…})` and `User.init({…}, { sequelize })`. */
export function sequelizeTables(model: CodeModel, file: string, sites: FileSites): readonly Table[] {
  return sites.calls.flatMap((call) => {
    const { args } = call.expr;
    const defined = call.name === 'define' && args[0]?.k === 'str' ? args[0].v : undefined;
    const cls = call.name === 'init' && call.path.includes('.') ? lastOf(call.path.slice(0, -5)) : undefined;
    const name = defined ?? (cls === 'this' || cls === 'super' ? undefined : cls);
    const [attributes, options] = defined === undefined ? [args[0], args[1]] : [args[1], args[2]];
    const body = objectOf(model, file, call.fn, attributes);
    if (name === undefined || !body || !looksLikeAttributes(body)) return [];
    const own = body.props.filter((prop) => prop.key !== '...' && prop.key !== '[]');
    return [
      {
        name,
        table: textOf(propOf(options, 'tableName')) || name,
        layer: 'sequelize',
        columns: own.map((prop) => sequelizeColumn(body.file, prop)),
        references: own.flatMap((prop) => sequelizeReference(body.file, prop)),
        indexes: [...own.flatMap((prop) => sequelizeKey(body.file, prop)), ...listedIndexes(file, options)],
        at: { file, line: lineOf(call.expr.at) },
      },
    ];
  });
}

/** `DataTypes.STRING`, or an object with a `type`. */
const looksLikeAttributes = (body: ObjectExpr): boolean =>
  body.props.some(({ value }) => /\b(?:DataTypes?|Sequelize)\b/.test(pathIn(propOf(value, 'type') ?? value)));

const pathIn = (expr: Expr): string => (expr.k === 'ref' ? expr.path : expr.k === 'call' ? pathIn(expr.callee) : '');

function sequelizeColumn(file: string, { key, value, at }: Prop): Column {
  return {
    name: key,
    column: textOf(propOf(value, 'field')) || key,
    type: lastOf(pathIn(propOf(value, 'type') ?? value)),
    optional: isTrue(propOf(value, 'allowNull') ?? { k: 'bool', v: true }),
    at: { file, line: lineOf(at) },
  };
}

function sequelizeReference(file: string, { key, value, at }: Prop): readonly Reference[] {
  const target = propOf(propOf(value, 'references'), 'model');
  const to = textOf(target) || textOf(propOf(target, 'tableName'));
  return to
    ? [{ columns: [key], to, onDelete: actionOf(textOf(propOf(value, 'onDelete'))), at: { file, line: lineOf(at) } }]
    : [];
}

const sequelizeKey = (file: string, { key, value, at }: Prop): readonly TableIndex[] =>
  isTrue(propOf(value, 'primaryKey')) || isTrue(propOf(value, 'unique'))
    ? [{ columns: [key], unique: true, expires: false, at: { file, line: lineOf(at) } }]
    : [];

/** `indexes: [{ fields: ['user_id'] }]` */
function listedIndexes(file: string, options: Expr | undefined): readonly TableIndex[] {
  const list = propOf(options, 'indexes');
  if (list?.k !== 'arr') return [];
  return list.items.flatMap((item): readonly TableIndex[] => {
    const fields = propOf(item, 'fields');
    if (item.k !== 'obj' || fields?.k !== 'arr') return [];
    const columns = fields.items.map((field) => textOf(field) || textOf(propOf(field, 'name')));
    return [{ columns, unique: isTrue(propOf(item, 'unique')), expires: false, at: { file, line: lineOf(item.at) } }];
  });
}
