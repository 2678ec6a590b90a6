import type { CodeModel } from '../../code/model.ts';
import type { CallSite, FileSites } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import type { Change, Column, Key, Where } from '../../facts/schema-changes.ts';
import { chainOf, textOf } from './programs/chain.ts';
import { interfaceChanges } from './programs/interface.ts';
import { knexChange } from './programs/knex.ts';
import { kyselyChanges } from './programs/kysely.ts';
import { changesOf } from './read.ts';

/** What a migration written as a program changes on its way up, in order. */
export function changesOfProgram(model: CodeModel, sites: FileSites, file: string): Change[] {
  const functions = model.get(file)?.summary.functions ?? [];
  const goesDown = (fn: number): boolean => {
    for (let at = fn; at > 0; at = functions[at]?.parent ?? -1)
      if (/^(?:down|rollback|revert)$/i.test(functions[at]?.name ?? '')) return true;
    return false;
  };
  return sites.calls.flatMap((call) => (goesDown(call.fn) ? [] : changesOfCall(model, sites, call)));
}

const tableBuilders = /^(?:createTable|createTableIfNotExists|alterTable|table)$/;

function changesOfCall(model: CodeModel, sites: FileSites, call: CallSite): Change[] {
  const where: Where = { table: '', line: lineOf(call.expr.at), comments: [] };
  const text = sqlOf(call);
  if (text) return changesOf(text.text, text.line);
  const handed = sites.handedTo.get(call.fn);
  if (handed && tableBuilders.test(handed.name) && textOf(handed.expr.args[0])) return built(call, handed, where);
  if (tableBuilders.test(call.name) && call.expr.args.at(-1)?.k === 'fn') return startedTable(sites, call, where);
  const chain = chainOf(call.expr);
  if (call.name === 'execute') return kyselyChanges(model, call.file, chain, where);
  return call.expr.args.length > 0 && !isKysely(call) ? interfaceChanges(call, where) : [];
}

/** A link inside a chain of Kysely, which is read as a whole from its `execute`. */
function isKysely(call: CallSite): boolean {
  for (let outer = call.within; outer; outer = outer.within) if (outer.name === 'execute') return true;
  return false;
}

/** Inside the callback of a table builder; the changes of a new table stand in its `table` change. */
function built(call: CallSite, handed: CallSite, where: Where): Change[] {
  if (call.within || handed.name.startsWith('createTable')) return [];
  return knexChange(chainOf(call.expr), { ...where, table: textOf(handed.expr.args[0]) });
}

/** `createTable('orders', (table) => {…})`: its columns and keys, read from the callback. */
function startedTable(sites: FileSites, call: CallSite, where: Where): Change[] {
  const callback = call.expr.args.at(-1);
  if (!call.name.startsWith('createTable') || callback?.k !== 'fn') return [];
  const table = textOf(call.expr.args[0]);
  const columns: Column[] = [];
  const keys: Key[] = [];
  for (const inner of sites.calls.filter((one) => one.fn === callback.fn && !one.within)) {
    const line = lineOf(inner.expr.at);
    for (const change of knexChange(chainOf(inner.expr), { ...where, table, line })) {
      if (change.k === 'column') columns.push(change.column);
      if (change.k === 'key') keys.push(change.key);
      if (change.k === 'index')
        keys.push({ kind: 'index', columns: change.columns, refers: undefined, line, text: '' });
    }
  }
  return [{ ...where, table, k: 'table', columns, keys }];
}

/** `queryRunner.query('…')`, `knex.raw('…')`, `this.addSql('…')`, `pgm.sql('…')`, `` sql`…`.execute(db) ``. */
function sqlOf(call: CallSite): { readonly text: string; readonly line: number } | undefined {
  if (call.name === 'execute' && call.expr.callee.k === 'member') {
    const tagged = written(call.expr.callee.of);
    if (tagged) return tagged;
  }
  const sending = /^(?:query|raw|addSql|sql|execute|executeQuery|unsafe|exec|run|none|\$executeRawUnsafe)$/;
  return sending.test(call.name) ? written(call.expr.args[0]) : undefined;
}

/** The text of a literal; what a template inserts stands as a name. */
function written(expr: Expr | undefined): { readonly text: string; readonly line: number } | undefined {
  if (expr?.k === 'str') return { text: expr.v, line: lineOf(expr.at) };
  if (expr?.k === 'bin' && expr.op === '+') {
    const [l, r] = [written(expr.l), written(expr.r)];
    return l && { text: `${l.text}${r?.text ?? ' inserted '}`, line: l.line };
  }
  if (expr?.k !== 'template') return undefined;
  return { text: expr.parts.join('inserted'), line: lineOf(expr.at) };
}
