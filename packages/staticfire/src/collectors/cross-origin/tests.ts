import type { CodeModel } from '../../code/model.ts';
import { inProduction, type Spot } from '../../code/production.ts';
import { returnsOf } from '../../code/returns.ts';
import { lastName, receiverOf, type Condition } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { initOf } from '../../endpoints/reading/exports.ts';
import type { Allowance } from '../../facts/cross-origin.ts';
import { isRequestOrigin } from './request-origin.ts';

/**
 * What a test keeps out. `nothing`: any origin passes. `loosely`: by a part of the name. `strictly`: all but those that are
 * named. `all`: no browser of another origin passes. `otherwise`: it asks something else.
 */
type Sifts = 'nothing' | 'otherwise' | 'loosely' | 'strictly' | 'all';

interface Sifting {
  readonly sifts: Sifts;
  readonly detail: string;
}

const just = (sifts: Sifts, detail = ''): Sifting => ({ sifts, detail });
const order: readonly Sifts[] = ['nothing', 'otherwise', 'loosely', 'strictly', 'all'];
const tightest = (all: readonly Sifting[]): Sifting =>
  all.toSorted((a, b) => order.indexOf(b.sifts) - order.indexOf(a.sifts))[0] ?? just('nothing');
const widest = (all: readonly Sifting[]): Sifting =>
  all.toSorted((a, b) => order.indexOf(a.sifts) - order.indexOf(b.sifts))[0] ?? just('nothing');

const deepest = 24;

/** What all the tests together keep out. */
export const sifting = (model: CodeModel, spot: Spot, when: readonly Condition[]): Sifting =>
  tightest(when.map(({ test, holds }) => ofTest(model, spot, test, holds, 0)));

function ofTest(model: CodeModel, spot: Spot, test: Expr, holds: boolean, depth: number): Sifting {
  if (depth > deepest) return just('otherwise');
  const again = (inner: Expr, side = holds, at: Spot = spot): Sifting => ofTest(model, at, inner, side, depth + 1);
  const certain = inProduction(model, spot, test);
  if (certain !== undefined) return just(certain === holds ? 'nothing' : 'all');
  switch (test.k) {
    case 'unary':
      return test.op === '!' ? again(test.of, !holds) : just('otherwise');
    case 'await':
      return again(test.of);
    case 'bin':
      return ofBinary(model, spot, test, holds, again);
    case 'call':
      return ofCall(model, spot, test, holds, again);
    case 'ref':
    case 'member':
      return ofName(model, spot, test, holds, again);
    default:
      return just('otherwise');
  }
}

type Again = (inner: Expr, holds?: boolean, at?: Spot) => Sifting;

function ofBinary(
  model: CodeModel,
  spot: Spot,
  test: Extract<Expr, { k: 'bin' }>,
  holds: boolean,
  again: Again,
): Sifting {
  const { op, l, r } = test;
  if (op === '&&' || op === '||' || op === '??')
    return (op === '&&') === holds ? tightest([again(l), again(r)]) : widest([again(l), again(r)]);
  if (/method$/i.test(nameOf(l))) return just('nothing');
  // `list.indexOf(origin) !== -1`, `> -1`, `>= 0`
  if (l.k === 'call' && lastName(l.callee) === 'indexOf')
    return again(l, holds === (op === '!==' || op === '!=' || op === '>' || op === '>='));
  if (!/^[!=]==?$/.test(op)) return just('otherwise');
  const same = (op === '===' || op === '==') === holds;
  const [asked, value] = isRequestOrigin(model, spot, l) ? [l, r] : [r, l];
  if (!isRequestOrigin(model, spot, asked) && !isPart(asked)) return just('otherwise');
  if (value.k === 'undefined' || value.k === 'null') return just(same ? 'all' : 'nothing');
  return just(same ? 'strictly' : 'nothing');
}

const deciding = /^(?:includes|has|some|find|test|match|startsWith|endsWith|indexOf|search)$/;

function ofCall(
  model: CodeModel,
  spot: Spot,
  test: Extract<Expr, { k: 'call' }>,
  holds: boolean,
  again: Again,
): Sifting {
  const name = lastName(test.callee);
  const [first] = test.args;
  if (deciding.test(name) && first) {
    const found = ofDecision(model, spot, test.callee, name, first, again);
    if (found) return holds ? found : just('nothing');
  }
  const origin = model.origin(spot.file, spot.fn, test.callee);
  if (!test.args.some((arg) => isRequestOrigin(model, spot, arg) || isPart(arg))) return just('otherwise');
  if (origin.kind !== 'function' || origin.called || origin.member) return just(holds ? 'strictly' : 'nothing');
  const answers = returnsOf(model, origin).filter(({ value }) => !isNo(value));
  if (answers.length === 0) return just(holds ? 'strictly' : 'nothing');
  const each = answers.map(({ value, when }) =>
    tightest([
      ...when.map((one) => again(one.test, one.holds, origin)),
      value.k === 'bool' ? just('nothing') : again(value, true, origin),
    ]),
  );
  const found = widest(each);
  // What such a function asks may lie deeper than is followed here.
  return holds ? (found.sifts === 'otherwise' ? just('strictly') : found) : just('nothing');
}

const isNo = (value: Expr): boolean =>
  (value.k === 'bool' && !value.v) || value.k === 'undefined' || value.k === 'null';

/** `list.includes(origin)`, `origin.includes('x')`, `/x/.test(origin)`, `list.some((one) => …)`. */
function ofDecision(
  model: CodeModel,
  spot: Spot,
  callee: Expr,
  name: string,
  first: Expr,
  again: Again,
): Sifting | undefined {
  const receiver = receiverOf(callee);
  if (!receiver) return undefined;
  const asks = (expr: Expr): boolean => isRequestOrigin(model, spot, expr) || isPart(expr);
  if (name === 'some' || name === 'find') {
    if (first.k !== 'fn') return asks(first) ? just('strictly') : undefined;
    const [answer] = returnsOf(model, { file: spot.file, fn: first.fn });
    const inner = answer && again(answer.value, true, { file: spot.file, fn: first.fn });
    return inner && inner.sifts === 'loosely' ? inner : just('strictly');
  }
  if (name === 'test' && asks(first)) return ofPattern(model, spot, receiver);
  if (!asks(receiver)) return asks(first) ? just('strictly') : undefined;
  if (name === 'match' || name === 'search') return ofPattern(model, spot, first);
  return ofPart(model, spot, name, first);
}

/** `origin.includes('example.com')` and its likes. */
function ofPart(model: CodeModel, spot: Spot, name: string, part: Expr): Sifting {
  const text = model.literal(spot.file, spot.fn, part);
  const said = typeof text === 'string' ? `${name}('${text}')` : `${name}(…)`;
  if (name === 'includes' || name === 'indexOf') return just('loosely', said);
  if (typeof text !== 'string') return just(name === 'startsWith' ? 'loosely' : 'strictly', said);
  if (name === 'endsWith') return just(/^[.:/]/.test(text) ? 'strictly' : 'loosely', said);
  // A scheme, or a host with the colon of its port, cannot be lengthened into another host.
  return just(/:(?:\/\/)?$/.test(text) ? 'strictly' : 'loosely', said);
}

function ofPattern(model: CodeModel, spot: Spot, expr: Expr): Sifting {
  const value = expr.k === 'ref' ? initOf(model, spot, expr.path)?.expr : expr;
  if (value?.k !== 'regex') return just('strictly');
  const { allows, detail } = ofRegex(value.v);
  return just(allows === 'loose' ? 'loosely' : allows === 'any' ? 'nothing' : 'strictly', detail);
}

/** Sites that anyone can open a name under. */
const shared =
  /^(?:\^https\??:(?:\\?\/){2})?\(?(?:\.\*|\.\+|\[[^\]]+\][+*]|\\w\+)\)?\\\.(?:vercel\\\.app|netlify\\\.app|herokuapp\\\.com|github\\\.io|pages\\\.dev|web\\\.app|onrender\\\.com|ngrok\\\.io)\$$/;

/** What a pattern lets in. Without its end any longer host fits, without its beginning any host that ends so. */
export function ofRegex(text: string): { readonly allows: Allowance; readonly detail: string } {
  const body = text.replace(/^\/(.*)\/[a-z]*$/s, '$1');
  if (/^\^?\(?\.[*+]\)?\$?$/.test(body)) return { allows: 'any', detail: text };
  const ends = /\$\)*$/.test(body);
  const begins = /^\(*(?:\^|\\\.|(?:https\??:)?(?:\\?\/){2})/.test(body);
  const loose = !ends || !begins || shared.test(body);
  return { allows: loose ? 'loose' : 'list', detail: text };
}

function ofName(model: CodeModel, spot: Spot, test: Expr, holds: boolean, again: Again): Sifting {
  if (isRequestOrigin(model, spot, test)) return just(holds ? 'nothing' : 'all');
  const init = test.k === 'ref' ? initOf(model, spot, test.path) : undefined;
  return init && init.expr !== test ? again(init.expr, holds, init) : just('otherwise');
}

/** `origin.hostname`, `new URL(origin).host`, `host`. */
const isPart = (expr: Expr): boolean =>
  /(?:^|[^a-z])(?:hostname|host)$/i.test(nameOf(expr)) && (expr.k === 'ref' || expr.k === 'member');

const nameOf = (expr: Expr): string => (expr.k === 'ref' ? expr.path : expr.k === 'member' ? expr.name : '');
