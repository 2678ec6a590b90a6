import type { Call } from '../../code/polarity/calls.ts';
import type { Value } from '../../code/polarity/values.ts';
import type { Expr } from '../../code/summary.ts';

const looks =
  /^(?:find\w*|get\w*|query\w*|select|where|and|first\w*|exec|execute|run|lookup\w*|load\w*|fetch\w*|retrieve\w*|one\w*|hget\w*|exists|smembers|sismember|count|filter|eq|validate\w*|is[A-Z]\w*|\$queryRaw\w*|Number|raw|sql)$/;

/** Columns and keys that only who was given a secret can name. */
const secretColumn =
  /^(?:\w*(?:session|access|refresh|reset|verification|verify|confirmation|activation|invitation|invite|auth|bearer|csrf|magic|recovery|api|share|unsubscribe|device|push)_?(?:token|key|code|hash)\w*|token|\w+Token|\w+_token|token_?hash|hashed_?token|key_?hash|hashed_?key|\w*secret\w*|api_?key\w*|otp\w*|pin|jti|nonce)$/i;

/** A plain name that is a secret in tables of secrets only. */
const plainColumn = /^(?:key|hash|code|value)$/i;
const secretTable = /(?:api_?key|access_?key|token|session|invit|otp|verif|reset|credential|magic|secret)/i;

const isInput = (value: Value): boolean =>
  value.some((atom) => atom.k === 'input' || (atom.k === 'list' && isInput(atom.items)));

/** Does a call ask a store for what belongs to a secret that the caller sends? To a stranger's guess there is nothing. */
export function asksForSecret(call: Call): boolean {
  const { name, path, args, expr } = call;
  if (!looks.test(name)) return false;
  if (args.some((arg) => sendsCredential(arg, 0))) return true;
  const table = secretTable.test(tableOf(expr)) || secretTable.test(path);
  if (/^(?:where|and|filter)$/.test(name) && args.some((arg) => arg.some((atom) => atom.k === 'unfound'))) return true;
  if (/^(?:eq|where|and)$/.test(name) && columnPair(expr.args, args, table)) return true;
  if (!/^(?:exec|execute|run)$/.test(name) && args.some((arg) => holds(arg, table, 0))) return true;
  if (keyed(expr.args, args)) return true;
  return byText(expr.args, args);
}

/** Does a value hold what came in a cookie or a header for credentials? */
const sendsCredential = (value: Value, depth: number): boolean =>
  value.some(
    (atom) =>
      (atom.k === 'input' && atom.credential === true) ||
      (depth < 4 && atom.k === 'object' && [...atom.parts.values()].some((part) => sendsCredential(part, depth + 1))) ||
      (depth < 4 && atom.k === 'list' && sendsCredential(atom.items, depth + 1)),
  );

const tableOf = (expr: Call['expr']): string => {
  const { callee } = expr;
  const texts: string[] = [];
  for (let at: Expr | undefined = callee; at;) {
    if (at.k === 'ref') texts.push(at.path);
    if (at.k === 'member') texts.push(at.name);
    if (at.k === 'call')
      for (const arg of at.args) if (arg.k === 'ref' || arg.k === 'str') texts.push(arg.k === 'ref' ? arg.path : arg.v);
    at = at.k === 'member' ? at.of : at.k === 'call' ? at.callee : undefined;
  }
  return texts.join(' ');
};

/** `eq(sessions.token, token)`, `.where('token', token)`. */
function columnPair(exprs: readonly Expr[], args: readonly Value[], table: boolean): boolean {
  const [first] = exprs;
  const column = first?.k === 'ref' ? first.path : first?.k === 'str' ? first.v : '';
  const last = args.at(-1);
  if (exprs.length < 2 || !last || !isInput(last)) return false;
  const name = column.slice(column.lastIndexOf('.') + 1);
  return secretColumn.test(name) || (plainColumn.test(name) && (table || secretTable.test(column)));
}

/** `{ where: { token } }`. */
function holds(value: Value, table: boolean, depth: number): boolean {
  if (depth > 3) return false;
  return value.some((atom) => {
    if (atom.k !== 'object') return false;
    return [...atom.parts].some(
      ([key, part]) =>
        (isInput(part) && (secretColumn.test(key) || (table && plainColumn.test(key)))) ||
        holds(part, table, depth + 1),
    );
  });
}

/** `redis.get(`session:${id}`)`. */
function keyed(exprs: readonly Expr[], args: readonly Value[]): boolean {
  const [key] = exprs;
  if (!args[0] || !isInput(args[0])) return false;
  const text =
    key?.k === 'template'
      ? key.parts.join(' ')
      : key?.k === 'bin' && key.op === '+' && key.l.k === 'str'
        ? key.l.v
        : '';
  return /sess|token|auth|api[-_]?key|otp|nonce/i.test(text);
}

/** `query('SELECT … WHERE token = $1', [token])`. */
function byText(exprs: readonly Expr[], args: readonly Value[]): boolean {
  const [first] = exprs;
  const sql = first?.k === 'str' ? first.v : first?.k === 'template' ? first.parts.join('?') : '';
  if (!/\bwhere\b/i.test(sql) || !args.some(isInput)) return false;
  return textAsks(sql);
}

const condition = /([\w.]+)"?\s*=\s*(?:\$\d|\?|:\w|@\w|$)/gim;

/** Does SQL ask for a row by a secret? */
export function textAsks(sql: string): boolean {
  const table = secretTable.test(/\bfrom\s+["\w.]+/i.exec(sql)?.[0] ?? '');
  return [...sql.matchAll(condition)].some(([, column = '']) => {
    const name = column.slice(column.lastIndexOf('.') + 1);
    return secretColumn.test(name) || (table && /^(?:key|hash|code|value)$/i.test(name));
  });
}
