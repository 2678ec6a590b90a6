import type { CodeModel } from '../../code/model.ts';
import type { Options } from '../../code/options.ts';
import { byDefault, inProduction, runsInProduction, type Spot } from '../../code/production.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { walkExpr } from '../../code/walk.ts';
import { setByPlatform } from '../../facts/environment-names.ts';
import type { AttributeState, CookieAttribute, SessionCookie } from '../../facts/session-cookies.ts';
import { cookieAttributes } from '../../facts/session-cookies.ts';
import { offBecause } from '../response-headers/found.ts';

export type Attributes = SessionCookie['attributes'];
export type Read = Pick<SessionCookie, 'attributes' | 'decided'>;

const keys: Readonly<Record<CookieAttribute, RegExp>> = {
  Secure: /^secure$/i,
  HttpOnly: /^httpOnly$/i,
  SameSite: /^sameSite$/i,
};

/** What a library does when no option says otherwise. */
export const attributes = (...on: readonly CookieAttribute[]): Attributes => ({
  Secure: on.includes('Secure') ? 'on' : 'off',
  HttpOnly: on.includes('HttpOnly') ? 'on' : 'off',
  SameSite: on.includes('SameSite') ? 'on' : 'off',
});

/** The attributes that options come to, over what the library does by itself. `under` is the path to them: 'cookie.'. */
export function attributesOf(model: CodeModel, standard: Attributes, given: Options, under: string = ''): Read {
  const found: Record<CookieAttribute, AttributeState> = { ...standard };
  const decided: Partial<Record<CookieAttribute, { file: string; line: number }>> = {};
  for (const attribute of cookieAttributes) {
    const said = given.entries.filter(
      ({ path, spot, when }) =>
        path.startsWith(under) &&
        keys[attribute].test(path.slice(under.length)) &&
        runsInProduction(model, spot, when) !== false,
    );
    const entry = said.findLast((one) => certain(model, one)) ?? said.at(-1);
    if (entry) {
      const state = stateOf(model, entry.spot, entry.value);
      found[attribute] = state === 'on' && !certain(model, entry) ? 'asked' : state;
      decided[attribute] = { file: entry.spot.file, line: lineOf(entry.at) };
    } else if (given.lost && found[attribute] === 'off') found[attribute] = 'unknown';
  }
  return { attributes: found, decided };
}

/** Does it hold in production by itself? That the address of the service is encrypted may be taken for granted. */
const certain = (model: CodeModel, { spot, when }: Options['entries'][number]): boolean =>
  offBecause(model, spot, when) === undefined || /"(?:https:?|[^"]*\bprotocol)"/i.test(JSON.stringify(when));

/** Is the attribute on in production? A value that only says that something else decides counts as on. */
export function stateOf(model: CodeModel, spot: Spot, value: Expr, depth = 0): AttributeState {
  if (value.k === 'undefined' || value.k === 'null') return 'off';
  if (value.k === 'cond' && depth < 6) {
    const chosen = inProduction(model, spot, value.test) ?? byDefault(model, spot, value.test);
    if (chosen !== undefined) return stateOf(model, spot, chosen ? value.then : value.else, depth + 1);
    return 'on';
  }
  const literal = model.literal(spot.file, spot.fn, value);
  if (literal !== undefined) return literal === false || literal === '' || literal === null ? 'off' : 'on';
  const certain = inProduction(model, spot, value);
  if (certain !== undefined) return certain ? 'on' : 'off';
  if (byDefault(model, spot, value) === false) return setByPlatformIn(model, spot, value) ? 'on' : 'asked';
  const origin = model.origin(spot.file, spot.fn, value);
  if (origin.kind === 'value' && !origin.member && origin.expr !== value && depth < 6)
    return stateOf(model, origin, origin.expr, depth + 1);
  return 'on';
}

/** `!!process.env.VERCEL_URL`: the platform answers, not a person. */
function setByPlatformIn(model: CodeModel, spot: Spot, value: Expr, depth = 0): boolean {
  let yes = false;
  walkExpr(value, (expr) => {
    if (expr.k !== 'ref' || yes) return;
    const name = /^process\.env\.(\w+)$/.exec(expr.path)?.[1];
    if (name !== undefined) yes = setByPlatform(name);
    const origin = depth < 4 ? model.origin(spot.file, spot.fn, expr) : undefined;
    if (origin?.kind === 'value' && !origin.member && origin.expr !== expr)
      yes ||= setByPlatformIn(model, origin, origin.expr, depth + 1);
  });
  return yes;
}
