import { scopeOf } from '../code/polarity/candidates.ts';
import { lineOf, type Expr } from '../code/summary.ts';
import { walkFunction } from '../code/walk.ts';
import { calls, type LiveCalls } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { comparisons, type Comparisons, type LeakyComparison } from '../facts/comparisons.ts';
import { environmentCode } from '../facts/environment.ts';
import { guardCode } from '../facts/guards.ts';
import { live } from '../facts/live.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { fromCaller, secretIn, type Reading } from './comparisons/sides.ts';

export const comparisonsCollector = defineCollector({
  fact: comparisons,
  needs: { calls, code, environmentCode, guardCode, live },
  collect({ facts }) {
    const leaky: LeakyComparison[] = [];
    let functions = 0;
    for (const file of facts.live.files)
      for (const fn of facts.guardCode.candidates(file)) {
        if (!facts.live.hasFunction(file, fn)) continue;
        functions += 1;
        leaky.push(...leakyIn({ model: facts.code, names: facts.environmentCode.names, spot: { file, fn } }));
      }
    return known({ leaky, constant: constantIn(facts.calls), functions });
  },
});

/** The comparisons of one function, each with the operands in both orders. */
function leakyIn(reading: Reading): readonly LeakyComparison[] {
  const { model, spot } = reading;
  const func = model.get(spot.file)?.summary.functions[spot.fn];
  const found: LeakyComparison[] = [];
  if (func)
    walkFunction(func, (expr) => {
      const pair = sidesOf(expr);
      const secret = pair && compared(reading, pair.l, pair.r);
      if (pair && secret !== undefined && !isPresence(pair)) found.push(told(reading, pair, secret));
    });
  return found;
}

interface Pair {
  readonly how: string;
  readonly l: Expr;
  readonly r: Expr;
  readonly at: number;
}

const operators: ReadonlySet<string> = new Set(['===', '!==', '==', '!=']);

function sidesOf(expr: Expr): Pair | undefined {
  if (expr.k === 'bin') return operators.has(expr.op) ? { how: expr.op, l: expr.l, r: expr.r, at: expr.at } : undefined;
  if (expr.k !== 'call') return undefined;
  const [first, second] = expr.args;
  const path = expr.callee.k === 'ref' ? expr.callee.path : '';
  if (path === 'Buffer.compare' && first && second)
    return { how: 'Buffer.compare()', l: first, r: second, at: expr.at };
  const method = /^(.+)\.(localeCompare|equals)$/.exec(path);
  if (method?.[1] && method[2] && first)
    return { how: `${method[2]}()`, l: { k: 'ref', path: method[1], at: expr.at }, r: first, at: expr.at };
  if (expr.callee.k === 'member' && /^(?:localeCompare|equals)$/.test(expr.callee.name) && first)
    return { how: `${expr.callee.name}()`, l: expr.callee.of, r: first, at: expr.at };
  return undefined;
}

/** The secret, when one side is one and the other comes from the caller. */
function compared(reading: Reading, l: Expr, r: Expr): string | undefined {
  const [left, right] = [secretIn(reading, l), secretIn(reading, r)];
  if ((left === undefined) === (right === undefined)) return undefined;
  return fromCaller(reading, left === undefined ? l : r) ? (left ?? right) : undefined;
}

const isPresence = ({ l, r }: Pair): boolean => [l, r].some((side) => side.k === 'undefined' || side.k === 'null');

function told({ model, spot }: Reading, pair: Pair, secret: string): LeakyComparison {
  const summary = model.get(spot.file)?.summary;
  return {
    how: pair.how,
    secret,
    scope: (summary && scopeOf(summary, spot.fn)) || (spot.file.split('/').at(-1) ?? spot.file),
    at: { file: spot.file, line: lineOf(pair.at) },
    trail: [],
  };
}

const safe = [
  'timingSafeEqual',
  'timingSafeCompare',
  'constantTimeEqual',
  'safeCompare',
  'tsscmp',
  'scmp',
  'safeEqual',
];
const verifying = ['constructEvent', 'constructEventAsync', 'verifyWebhook', 'bearerAuth', 'basicAuth'];

/** Comparisons in constant time, and checks of libraries that make them. */
function constantIn(found: LiveCalls): Comparisons['constant'] {
  return found.named(...safe, ...verifying).flatMap((call) => {
    const origin = found.origin(call);
    const library = origin.kind === 'package' || origin.kind === 'builtin';
    const subtle = /(?:^|\.)(?:subtle|crypto)\.timingSafeEqual$/.test(call.path);
    return library || subtle ? [{ by: `${call.name}()`, at: { file: call.file, line: lineOf(call.expr.at) } }] : [];
  });
}
