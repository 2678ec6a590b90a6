import type { CodeModel } from '../../code/model.ts';
import type { FileSites } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import type { Column, Table } from '../../facts/tables.ts';

type CallExpr = Extract<Expr, { k: 'call' }>;

/** `knex.schema.createTable('x', (t) => { t.string('ip') })`, and Kysely's `schema.createTable('x').addColumn('ip', 'text')`. */
export function builtTables(model: CodeModel, file: string, sites: FileSites): readonly Table[] {
  return sites.calls.flatMap((call): readonly Table[] => {
    const [name, body] = call.expr.args;
    if (call.name !== 'createTable' || name?.k !== 'str') return [];
    const inner = body?.k === 'fn' ? columnCalls(model, file, body.fn, sites) : chained(sites, call.expr);
    const columns = inner.flatMap((one) => columnOf(file, one));
    if (columns.length === 0) return [];
    const at = { file, line: lineOf(call.expr.at) };
    return [{ name: name.v, table: name.v, layer: 'knex', columns, references: [], indexes: [], at }];
  });
}

interface Built {
  readonly type: string;
  readonly call: CallExpr;
}

/** Calls on the parameter of the builder function. */
function columnCalls(model: CodeModel, file: string, fn: number, sites: FileSites): readonly Built[] {
  const pattern = model.get(file)?.summary.functions[fn]?.params[0]?.pattern;
  const own = pattern?.k === 'name' ? `${pattern.name}.` : undefined;
  if (own === undefined) return [];
  return sites.calls.flatMap((call) =>
    call.fn === fn && call.path.startsWith(own) ? [{ type: call.name, call: call.expr }] : [],
  );
}

/** The `addColumn` calls whose chain begins with this one. */
function chained(sites: FileSites, start: CallExpr): readonly Built[] {
  return sites.calls.flatMap((call) =>
    call.name === 'addColumn' && begins(call.expr, start)
      ? [{ type: call.expr.args[1]?.k === 'str' ? call.expr.args[1].v : '', call: call.expr }]
      : [],
  );
}

function begins(expr: Expr, start: CallExpr): boolean {
  let here: Expr = expr;
  while (here.k === 'call' && here !== start) {
    if (here.callee.k !== 'member') return false;
    here = here.callee.of;
  }
  return here === start;
}

const notColumns = /^(?:index|unique|primary|foreign|dropColumn|comment|engine|charset|collate|check|inherits)$/;

function columnOf(file: string, { type, call }: Built): readonly Column[] {
  const at = { file, line: lineOf(call.at) };
  if (type === 'timestamps')
    return ['created_at', 'updated_at'].map((name) => ({ name, column: name, type, optional: true, at }));
  const [first] = call.args;
  return first?.k === 'str' && !notColumns.test(type)
    ? [{ name: first.v, column: first.v, type, optional: true, at }]
    : [];
}
