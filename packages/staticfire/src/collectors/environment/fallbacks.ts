import { columnOf, lineOf, type Expr, type Position } from '../../code/summary.ts';
import { walkExpr } from '../../code/walk.ts';
import type { Fallback } from '../../facts/environment.ts';
import type { Place } from '../../model/place.ts';
import type { Spot } from './names.ts';
import type { EnvObjects } from './objects.ts';
import { inProduction } from './production.ts';

export const placeOf = (file: string, at: Position): Place => ({ file, line: lineOf(at), column: columnOf(at) });

/** What stands in when a variable is missing: the operands that follow it, in order. */
export function fallbackOf(objects: EnvObjects, spot: Spot, operands: readonly Expr[], at: Position): Fallback {
  const others = operands.flatMap((expr) => variablesIn(objects, spot, expr));
  const last = operands.at(-1);
  if (!last) return { kind: 'none' };
  const place = placeOf(spot.file, positionOf(last) ?? at);
  const kind = kindOf(objects, spot, last, 0);
  if (kind === 'none') return others.length > 0 ? { kind: 'variable', names: others, at: place } : { kind: 'none' };
  return kind === 'throws' ? { kind } : { kind, at: place };
}

function variablesIn(objects: EnvObjects, spot: Spot, expr: Expr): readonly string[] {
  const names: string[] = [];
  walkExpr(expr, (inner) => {
    const env = objects.pathOf(spot, inner);
    if (env?.path) names.push(env.path.split('.')[0] ?? '');
    return env === undefined;
  });
  return names;
}

function positionOf(expr: Expr): Position | undefined {
  if ('at' in expr) return expr.at;
  return 'of' in expr && expr.of && 'k' in expr.of ? positionOf(expr.of) : undefined;
}

type Kind = Exclude<Fallback['kind'], 'variable'>;

function kindOf(objects: EnvObjects, spot: Spot, expr: Expr, depth: number): Kind {
  if (depth > 6) return 'other';
  if (objects.pathOf(spot, expr)?.path) return 'none';
  const value = objects.names.model.literal(spot.file, spot.fn, expr);
  if (typeof value === 'string') return textKind(value);
  if (value !== undefined) return value === null ? 'none' : 'other';
  switch (expr.k) {
    case 'undefined':
      return 'none';
    case 'null':
      return 'none';
    case 'template':
      return templateKind(objects, spot, expr);
    case 'call':
      return callKind(objects, spot, expr, depth);
    case 'cond': {
      const kinds = branches(objects, spot, expr).map((branch) => kindOf(objects, spot, branch, depth + 1));
      return kinds.find((k) => k === 'literal') ?? kinds.find((k) => k !== 'none') ?? 'none';
    }
    case 'bin':
      return expr.op === '||' || expr.op === '??' ? kindOf(objects, spot, expr.r, depth + 1) : 'other';
    default:
      return 'other';
  }
}

/** The sides of a choice that production can take. */
function branches(objects: EnvObjects, spot: Spot, expr: Extract<Expr, { k: 'cond' }>): readonly Expr[] {
  const can = (holds: boolean): boolean => inProduction(objects, [{ ...spot, test: expr.test, holds }]);
  return [...(can(true) ? [expr.then] : []), ...(can(false) ? [expr.else] : [])];
}

const local =
  /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal)(?::\d+)?(?:\/[^@]*)?$/i;
const standIn =
  /^(?:<.*>|\.{3}|-+|x+)$|dummy|placeholder|change[-_ ]?me|not[-_ ]?set|not[-_ ]?configured|missing|unset|undefined|example|fake|mock|build[-_ ]?time|your[-_ ]|replace|^(?:none|n\/a|null|todo|tbd|default|test|disabled)$/i;

/** What a literal is. Addresses on this machine carry no secret unless they name a user. */
function textKind(text: string): Kind {
  if (text.trim() === '') return 'empty';
  if (local.test(text)) return 'local';
  return standIn.test(text) ? 'stand-in' : 'literal';
}

function templateKind(objects: EnvObjects, spot: Spot, expr: Extract<Expr, { k: 'template' }>): Kind {
  const text = expr.parts.join('\0');
  if (/^https?:/.test(text) || local.test(text.replaceAll('\0', ''))) return 'local';
  return variablesIn(objects, spot, expr).length > 0 || expr.of.length > 0 ? 'derived' : 'literal';
}

const hashing =
  /(?:^|\.)(?:createHash|hash|sha1|sha256|sha512|md5|hashSync|digest|pbkdf2Sync|scryptSync|from|btoa|repeat|padEnd|padStart|concat)$/i;
const chance =
  /(?:^|\.)(?:randomBytes|randomUUID|randomString|getRandomValues|generateSecret|generateKey|generateKeySync|nanoid|uuid|uuidv4|v4|cuid|createId|random)$/i;
const transparent = /(?:^|\.)(?:String|trim|toString|toLowerCase|toUpperCase)$/;

function callKind(objects: EnvObjects, spot: Spot, expr: Extract<Expr, { k: 'call' }>, depth: number): Kind {
  const verbs: string[] = [];
  let text = false;
  walkExpr(expr, (inner) => {
    if (inner.k === 'call')
      verbs.push(inner.callee.k === 'ref' ? inner.callee.path : inner.callee.k === 'member' ? inner.callee.name : '');
    if (inner.k === 'str' && inner.v.length > 3 && !/^(?:hex|base64|base64url|utf-?8|latin1|sha\d+|md5)$/.test(inner.v))
      text = true;
  });
  if (verbs.some((v) => chance.test(v))) return 'random';
  if (verbs.some((v) => hashing.test(v)) && text) return 'derived';
  const [verb = ''] = verbs;
  if (transparent.test(verb) && expr.args[0]) return kindOf(objects, spot, expr.args[0], depth + 1);
  return throwing(objects, spot, expr) ? 'throws' : 'other';
}

/** A function whose body does nothing but throw, or an immediately called one that throws. */
function throwing(objects: EnvObjects, spot: Spot, expr: Extract<Expr, { k: 'call' }>): boolean {
  const callee = objects.names.resolve(spot, expr.callee);
  if (callee?.k !== 'function') return false;
  const body = objects.names.model.get(callee.file)?.summary.functions[callee.fn]?.body ?? [];
  return body.some((stmt) => stmt.k === 'throw');
}
