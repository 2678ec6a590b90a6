import { pathOf } from '../walk.ts';
import type { Expr } from '../summary.ts';
import type { Atom, Value } from './values.ts';

const authNames = /UNAUTHORI[SZ]ED|FORBIDDEN/i;
const errorNames =
  /BAD_?REQUEST|NOT_?FOUND|INTERNAL_?SERVER|SERVICE_?UNAVAILABLE|TOO_?MANY|UNPROCESSABLE|CONFLICT|METHOD_NOT_ALLOWED|NOT_?ACCEPTABLE|NOT_?IMPLEMENTED|GONE$/i;

export type DenialKind = 'auth' | 'other';

/** Does this status turn the caller away? */
export function denialStatus(status: unknown): DenialKind | undefined {
  if (typeof status === 'string' && authNames.test(status)) return 'auth';
  if (typeof status !== 'number' || status < 400 || status > 599) return undefined;
  return status === 401 || status === 403 || status === 407 ? 'auth' : 'other';
}

/** A status given as a number or by a name such as HttpStatus.FORBIDDEN. */
export function statusOf(expr: Expr | undefined, value: Value | undefined): DenialKind | undefined {
  const [only] = value ?? [];
  const byValue =
    value?.length === 1 && only?.k === 'const' && typeof only.v === 'number' ? denialStatus(only.v) : undefined;
  if (byValue) return byValue;
  const name = expr?.k === 'member' ? expr.name : (pathOf(expr).split('.').at(-1) ?? '');
  if (authNames.test(name) && name === name.toUpperCase()) return 'auth';
  return errorNames.test(name) && (name === name.toUpperCase() || /status|http|code/i.test(pathOf(expr)))
    ? 'other'
    : undefined;
}

const authHelpers =
  /^(?:unauthorized|unauthorised|forbidden|accessDenied|denyAccess|deny|notAuthorized|unauthenticated|send(?:Unauthorized|Forbidden)|(?:unauthorized|forbidden)(?:Response|Error)?)$/i;
const otherHelpers =
  /^(?:notFound|badRequest|internal(?:ServerError)?|internalError|serverError|reject|badImplementation|tooManyRequests|notFound(?:Response|Error)|badRequest(?:Response|Error))$/i;
const signIn = /log-?in|sign-?in|auth|unauthor|denied|forbidden|403|401|password|gate|locked/i;

/** Does a call by its name alone turn the caller away? For functions of other packages. */
export function denialByName(name: string, args: readonly Expr[]): DenialKind | undefined {
  if (authHelpers.test(name)) return 'auth';
  if (otherHelpers.test(name)) return 'other';
  if (/^(?:redirect|permanentRedirect|sendRedirect)$/.test(name)) return args.some(leadsToSignIn) ? 'auth' : undefined;
  return undefined;
}

function leadsToSignIn(arg: Expr): boolean {
  switch (arg.k) {
    case 'str':
      return signIn.test(arg.v);
    case 'template':
      return arg.parts.some((part) => signIn.test(part));
    case 'ref':
      return signIn.test(arg.path);
    case 'call':
      return arg.args.some(leadsToSignIn);
    case 'obj':
      return arg.props.some((prop) => leadsToSignIn(prop.value));
    default:
      return false;
  }
}

/** Does what is thrown say that the caller is not allowed? */
export function thrownAuth(expr: Expr): boolean {
  if (expr.k === 'call') {
    const name = expr.callee.k === 'member' ? expr.callee.name : pathOf(expr.callee);
    return /unauthori[sz]ed|forbidden|unauthenticated|auth/i.test(name) || expr.args.some(thrownAuth);
  }
  if (expr.k === 'num') return denialStatus(expr.v) === 'auth';
  if (expr.k === 'str') return /unauthori[sz]ed|forbidden/i.test(expr.v);
  if (expr.k === 'ref') return authNames.test(expr.path);
  return expr.k === 'obj' && expr.props.some((prop) => thrownAuth(prop.value));
}

export const isDenial = (value: Value): boolean => value.length > 0 && value.every((atom) => atom.k === 'denial');
export const denial = (kind: DenialKind): Atom => ({ k: 'denial', auth: kind === 'auth' });
