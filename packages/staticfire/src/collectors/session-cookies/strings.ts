import { lineOf, type Expr } from '../../code/summary.ts';
import type { CodeModel } from '../../code/model.ts';
import { runsInProduction, type Spot } from '../../code/production.ts';
import { returnsOf } from '../../code/returns.ts';
import type { CallSite } from '../../code/sites.ts';
import { initOf } from '../../endpoints/reading/exports.ts';
import type { AttributeState, SessionCookie } from '../../facts/session-cookies.ts';
import { isSession } from './names.ts';
import type { Facts, Set } from './setters.ts';

/** Headers that are written as text: `res.setHeader('Set-Cookie', 'sid=…; HttpOnly')`. */
export function byStrings(facts: Facts): Set {
  const found = facts.calls
    .named('setHeader', 'header', 'set', 'append', 'appendHeader')
    .filter((call) => isSetCookie(call) && runsInProduction(facts.code, call, call.when) !== false)
    .flatMap((call) => textsOf(facts.code, call, call.expr.args[1]).map((text) => ({ call, text })))
    .filter(({ text }) => !/max-age=0|expires=thu, 01 jan 1970/i.test(text.whole));
  const sessions = found.flatMap(({ call, text }) => toCookie(call, text));
  return { sessions, others: found.length - sessions.length };
}

function isSetCookie(call: CallSite): boolean {
  const [name] = call.expr.args;
  return name?.k === 'str' && /^set-cookie$/i.test(name.v);
}

interface Text {
  readonly whole: string;
  /** Parts of it that could not be read: they may hold attributes. */
  readonly holes: readonly Expr[];
}

function textsOf(model: CodeModel, spot: Spot, expr: Expr | undefined, depth = 0): readonly Text[] {
  if (!expr || depth > 4) return [];
  const again = (inner: Expr, at: Spot = spot): readonly Text[] => textsOf(model, at, inner, depth + 1);
  switch (expr.k) {
    case 'arr':
      return expr.items.flatMap((item) => again(item));
    case 'str':
      return [{ whole: expr.v, holes: [] }];
    case 'template':
      return [{ whole: expr.parts.join('…'), holes: expr.of }];
    case 'await':
      return again(expr.of);
    case 'ref': {
      const init = initOf(model, spot, expr.path);
      return init && init.expr !== expr ? again(init.expr, init) : [];
    }
    case 'call': {
      const origin = model.origin(spot.file, spot.fn, expr.callee);
      return origin.kind === 'function' && !origin.called && !origin.member
        ? returnsOf(model, origin).flatMap(({ value }) => again(value, origin))
        : [];
    }
    default:
      return [];
  }
}

function toCookie(call: CallSite, text: Text): readonly SessionCookie[] {
  const [head = '', ...rest] = text.whole.split(';');
  const [name = ''] = head.split('=');
  if (!head.includes('=') || !isSession(name, text.holes[0])) return [];
  const attributes = rest.join(';');
  // A hole behind the value, as in `; Max-Age=…; ${secure}`.
  const open = /(?:^|;)\s*…|…\s*$/.test(attributes.replaceAll(/=\s*…/g, '='));
  const state = (pattern: RegExp): AttributeState => (pattern.test(attributes) ? 'on' : open ? 'unknown' : 'off');
  return [
    {
      name,
      by: 'a Set-Cookie header',
      at: { file: call.file, line: lineOf(call.expr.at) },
      attributes: { Secure: state(/;?\s*secure/i), HttpOnly: state(/httponly/i), SameSite: state(/samesite/i) },
      decided: {},
    },
  ];
}
