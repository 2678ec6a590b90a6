import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { Expr } from '../../code/summary.ts';

const credential =
  /(?:^|[^a-z])(?:sess(?:ion)?(?:[-_]?(?:id|token|key))?|s?sid|jwt|jws|auth(?:entication|orization)?|(?:auth|access|refresh|id|login|bearer|api|user|admin|remember|impersonat\w*)[-_]?(?:token|jwt|key)s?|tokens?|remember[-_]?me)(?![a-z])/i;
/** Readable by intent, of one moment, or no credential at all. */
const other =
  /csrf|xsrf|(?:^|[^a-z])(?:state|nonce|pkce|verifier|challenge|theme|locale|lang(?:uage)?|callback|redirect|return|next|consent|flag|prefs?|preferences?|retry|count|flash|toast|last|hint|provider|method|tab|sidebar|view|org(?:anization)?|workspace|project|team|popup|device[-_]?id|anonymous|ab[-_]?test|expir\w*)(?![a-z])/i;

const spaced = (text: string): string => text.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[.:@]/g, '-');

/** What a cookie is called, as text or as written. */
export function cookieName(model: CodeModel, spot: Spot, expr: Expr | undefined): string {
  if (!expr) return '';
  const text = model.literal(spot.file, spot.fn, expr);
  if (typeof text === 'string') return text;
  if (expr.k === 'template') return expr.parts.join('…');
  return nameIn(expr);
}

/** Does the cookie stand for a session or carry a credential, by its name or by what is put in it? */
export function isSession(name: string, value: Expr | undefined): boolean {
  const spelled = spaced(name);
  if (other.test(spelled)) return false;
  return credential.test(spelled) || (value !== undefined && isCredential(value));
}

/** `session.token`, `accessToken`, `signJwt(user)`. */
function isCredential(value: Expr): boolean {
  const name = spaced(nameIn(value));
  return credential.test(name) && !other.test(name);
}

/** The last name of an expression. */
function nameIn(expr: Expr): string {
  switch (expr.k) {
    case 'ref':
      return expr.path.slice(expr.path.lastIndexOf('.') + 1);
    case 'member':
      return expr.name;
    case 'await':
      return nameIn(expr.of);
    case 'call':
      return nameIn(expr.callee);
    default:
      return '';
  }
}

/** A cookie that is taken away: an empty value. */
export const isEmpty = (value: Expr | undefined): boolean =>
  value?.k === 'null' || value?.k === 'undefined' || (value?.k === 'str' && /^(?:|deleted|loggedout)$/.test(value.v));
