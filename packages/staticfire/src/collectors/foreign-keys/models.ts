import type { CodeModel } from '../../code/model.ts';
import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import type { KeyedTable } from './tables.ts';

/** `sequelize.define('order', {…}, {…})` and `Order.init({…}, { sequelize, … })` in live code. */
export function definedTables(model: CodeModel, liveCalls: LiveCalls): KeyedTable[] {
  return liveCalls.named('define', 'init').flatMap((call) => {
    const [columns, options] = call.name === 'define' ? call.expr.args.slice(1) : call.expr.args;
    const shape = objectOf(model, call, columns);
    if (!shape || (call.name === 'init' && !propOf(options, 'sequelize'))) return [];
    const [first] = call.expr.args;
    const cls = call.path.split('.').at(0) ?? '';
    const name = call.name === 'define' && first?.k === 'str' ? first.v : cls;
    return [tableOf(call, name, shape, options)];
  });
}

type ObjectExpr = Extract<Expr, { k: 'obj' }>;

function objectOf(model: CodeModel, call: CallSite, expr: Expr | undefined): ObjectExpr | undefined {
  if (expr?.k === 'obj') return expr;
  const origin = expr && model.origin(call.file, call.fn, expr);
  return origin?.kind === 'value' && !origin.member && origin.expr.k === 'obj' ? origin.expr : undefined;
}

function tableOf(call: CallSite, name: string, shape: ObjectExpr, options: Expr | undefined): KeyedTable {
  const table = propOf(options, 'tableName');
  const own = shape.props.filter((prop) => holds(prop.value, 'unique') || holds(prop.value, 'primaryKey'));
  const listed = propOf(options, 'indexes');
  const indexes = listed?.k === 'arr' ? listed.items.map((item) => textsIn(propOf(item, 'fields'))) : [];
  return {
    name,
    aliases: table?.k === 'str' ? [table.v] : [`${name}s`],
    file: call.file,
    keys: shape.props.flatMap((prop) => {
      const references = propOf(prop.value, 'references');
      const refers = references && (propOf(references, 'model') ?? references);
      return references
        ? [
            {
              columns: [prop.key],
              refers: refers?.k === 'str' ? refers.v : refers?.k === 'ref' ? refers.path : '',
              at: { file: call.file, line: lineOf(prop.at) },
            },
          ]
        : [];
    }),
    indexes: [...own.map((prop) => [prop.key]), ...indexes],
    columns: new Map(
      shape.props.flatMap((prop) => {
        const field = propOf(prop.value, 'field');
        return field?.k === 'str' ? [[prop.key, field.v] as const] : [];
      }),
    ),
  };
}

const holds = (expr: Expr, key: string): boolean => {
  const value = propOf(expr, key);
  return value !== undefined && !(value.k === 'bool' && !value.v);
};

const textsIn = (expr: Expr | undefined): string[] =>
  expr?.k === 'arr' ? expr.items.flatMap((item) => (item.k === 'str' ? [item.v] : [])) : [];
