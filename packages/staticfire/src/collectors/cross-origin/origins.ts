import { byDefault, inProduction, runsInProduction, type Spot } from '../../code/production.ts';
import type { CodeModel } from '../../code/model.ts';
import { returnsOf } from '../../code/returns.ts';
import { lastName, receiverOf, type Condition, type FileSites } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import type { Allowance } from '../../facts/cross-origin.ts';
import { isRequestOrigin } from './request-origin.ts';
import { ofRegex, sifting } from './tests.ts';

/** What an expression lets in, and the test or variable that it comes from. */
export interface Let {
  readonly allows: Allowance;
  readonly detail: string;
}

export interface Reading {
  readonly code: CodeModel;
  readonly sites: (file: string) => FileSites;
  /** The default that a schema gives a variable is `*`. */
  openByDefault(name: string): boolean;
}

const deepest = 8;
const just = (allows: Allowance, detail = ''): Let => ({ allows, detail });
const order: readonly Allowance[] = ['none', 'list', 'unknown', 'loose', 'by-default', 'any', 'reflected'];

/** The most that several of them let in. */
export const most = (all: readonly Let[]): Let =>
  all.toSorted((a, b) => order.indexOf(b.allows) - order.indexOf(a.allows))[0] ?? just('none');

const isOpen = ({ allows }: Let): boolean => allows === 'any' || allows === 'reflected' || allows === 'by-default';

/** The origins that an expression stands for: the value of an option, or of the header itself. */
export function originsOf(r: Reading, spot: Spot, expr: Expr, depth = 0): Let {
  if (depth > deepest) return just('unknown');
  const again = (inner: Expr, at: Spot = spot): Let => originsOf(r, at, inner, depth + 1);
  switch (expr.k) {
    case 'str':
      return just(expr.v === '*' ? 'any' : expr.v === '' ? 'none' : 'list');
    case 'bool':
      return just(expr.v ? 'reflected' : 'none');
    case 'null':
    case 'undefined':
      return just('none');
    case 'regex':
      return ofRegex(expr.v);
    case 'arr':
      return expr.items.length === 0 ? just('list') : most([just('list'), ...expr.items.map((item) => again(item))]);
    case 'spread':
    case 'await':
      return again(expr.of);
    case 'unary':
      return just('list');
    case 'cond':
      return ofChoice(r, spot, expr, again);
    case 'bin':
      return ofBinary(r, spot, expr, again);
    case 'fn':
      return ofCallback(r, { file: spot.file, fn: expr.fn }, depth);
    case 'call':
      return ofCall(r, spot, expr, again, depth);
    case 'ref':
    case 'member':
      return ofName(r, spot, expr, again, depth);
    case 'template':
      return just('list');
    default:
      return just('unknown');
  }
}

type Again = (inner: Expr, at?: Spot) => Let;

function ofChoice(r: Reading, spot: Spot, expr: Extract<Expr, { k: 'cond' }>, again: Again): Let {
  const certain = inProduction(r.code, spot, expr.test);
  if (certain !== undefined) return again(certain ? expr.then : expr.else);
  const [then, other] = [again(expr.then), again(expr.else)];
  const usual = byDefault(r.code, spot, expr.test);
  const standing = usual === undefined ? undefined : usual ? then : other;
  if (standing && isOpen(standing)) return just('by-default', nameIn(expr.test));
  const sides = [
    { of: then, holds: true },
    { of: other, holds: false },
  ].map(({ of, holds }) => behind(r, spot, of, [{ test: expr.test, holds }]));
  return most(sides);
}

/** What lets anyone in, behind tests: those that look at the origin decide; other tests are a choice that somebody made. */
export function behind(r: Reading, spot: Spot, of: Let, when: readonly Condition[]): Let {
  if (of.allows !== 'any' && of.allows !== 'reflected') return of;
  const test = sifting(r.code, spot, when);
  if (test.sifts === 'nothing') return of;
  return test.sifts === 'loosely' ? just('loose', test.detail) : just(test.sifts === 'all' ? 'none' : 'list');
}

function ofBinary(r: Reading, spot: Spot, expr: Extract<Expr, { k: 'bin' }>, again: Again): Let {
  if (expr.op === '&&') {
    const test = sifting(r.code, spot, [{ test: expr.l, holds: true }]);
    return test.sifts === 'nothing' ? again(expr.r) : behind(r, spot, again(expr.r), [{ test: expr.l, holds: true }]);
  }
  if (expr.op !== '||' && expr.op !== '??') return ofTest(r, spot, expr);
  const [l, other] = [again(expr.l), again(expr.r)];
  if (isOpen(l)) return l;
  return isOpen(other) && l.allows !== 'none' ? just('by-default', nameIn(expr.l)) : most([l, other]);
}

/** A yes or no: let in when it holds. */
function ofTest(r: Reading, spot: Spot, expr: Expr): Let {
  return behind(r, spot, just('reflected'), [{ test: expr, holds: true }]);
}

const keeping =
  /^(?:split|map|filter|trim|concat|flatMap|replace|replaceAll|toLowerCase|toString|slice|sort|flat|values|from|join|getOrThrow)$/;
const deciding = /^(?:includes|has|some|find|test|match|startsWith|endsWith|indexOf|every)$/;

function ofCall(r: Reading, spot: Spot, expr: Extract<Expr, { k: 'call' }>, again: Again, depth: number): Let {
  if (isRequestOrigin(r.code, spot, expr)) return just('reflected');
  const name = lastName(expr.callee);
  if (deciding.test(name)) return ofTest(r, spot, expr);
  const receiver = receiverOf(expr.callee);
  if (keeping.test(name) && receiver) return again(receiver);
  const [first, second] = expr.args;
  // `config.get('CORS_ORIGIN', '*')`, `env('CORS_ORIGIN', '*')`
  if (first?.k === 'str') {
    const open = second !== undefined && isOpen(again(second));
    return open || r.openByDefault(first.v) ? just('by-default', first.v) : just('list');
  }
  const origin = r.code.origin(spot.file, spot.fn, expr.callee);
  if (origin.kind === 'function' && !origin.called && !origin.member) return ofCallback(r, origin, depth);
  return just('unknown');
}

function ofName(r: Reading, spot: Spot, expr: Expr, again: Again, depth: number): Let {
  if (isRequestOrigin(r.code, spot, expr)) return just('reflected');
  const origin = r.code.origin(spot.file, spot.fn, expr);
  if (origin.kind === 'value' && !origin.member && origin.expr !== expr) return again(origin.expr, origin);
  if (origin.kind === 'function' && !origin.member) return ofCallback(r, origin, depth);
  const name = nameIn(expr);
  if (r.openByDefault(name)) return just('by-default', name);
  if (origin.kind === 'global' && origin.name === 'process') return just('list');
  // A setting by its name, from a configuration that could not be followed.
  return /^(?:[A-Z][A-Z0-9_]+|.*(?:origins?|urls?|domains?|hosts?|allow(?:ed|list)|whitelist(?:ed)?))$/i.test(name)
    ? just('list')
    : just('unknown');
}

/** The variable or setting that a test or value names. */
function nameIn(expr: Expr): string {
  if (expr.k === 'ref') return expr.path.slice(expr.path.lastIndexOf('.') + 1);
  if (expr.k === 'member') return expr.name;
  if (expr.k === 'call') {
    const [first] = expr.args;
    if (first?.k === 'str') return first.v;
    const receiver = receiverOf(expr.callee);
    return receiver ? nameIn(receiver) : nameIn(expr.callee);
  }
  if (expr.k === 'bin') return nameIn(expr.l) || nameIn(expr.r);
  if (expr.k === 'unary') return nameIn(expr.of);
  return '';
}

/** A function that answers for an origin: by what it returns, or by what it hands to its callback. */
function ofCallback(r: Reading, spot: Spot, depth: number): Let {
  const answers = [...handedBack(r, spot), ...returnsOf(r.code, spot)].filter(
    ({ value, when }) => value.k !== 'undefined' && !isVoid(value) && runsInProduction(r.code, spot, when) !== false,
  );
  if (answers.length === 0) return just('unknown');
  return most(answers.map(({ value, when }) => behind(r, spot, originsOf(r, spot, value, depth + 1), when)));
}

/** `return callback(…)`, whose answer is read from its arguments. */
const isVoid = (value: Expr): boolean =>
  value.k === 'call' && value.callee.k === 'ref' && /^(?:cb|callback|done|next|\w+Callback)$/.test(value.callee.path);

/** `callback(null, true)` of the function's second parameter, also from functions inside it. */
function handedBack(r: Reading, { file, fn }: Spot): readonly { value: Expr; when: readonly Condition[] }[] {
  const functions = r.code.get(file)?.summary.functions ?? [];
  const pattern = functions[fn]?.params[1]?.pattern;
  if (pattern?.k !== 'name') return [];
  const inside = (index: number): boolean => index === fn || (index > 0 && inside(functions[index]?.parent ?? -1));
  return r.sites(file).calls.flatMap((call) => {
    const [, value] = call.expr.args;
    return call.path === pattern.name && value && inside(call.fn) ? [{ value, when: call.when }] : [];
  });
}
