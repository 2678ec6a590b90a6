import type { Exposed, Limit } from '../../facts/exposure.ts';

export const nameOf = ({ endpoint: { method, path } }: Exposed): string => `${method} ${path}`;

/** Signing in and up, resetting, codes: where guessing pays. */
const guessing =
  /(?:^|[/_.#-])(?:log-?in|sign-?in|sign-?up|register|registration|authenticate|forgot|reset-?password|password-?reset|recover\w*|otp|2fa|mfa|totp|verify-?(?:code|otp|2fa|email|phone)|magic-?link|resend\w*|send-?(?:code|otp|link)\w*|request-?otp|password-gate)(?:$|[/_.#-])/i;
const guessingName =
  /^(?:login|signIn|signUp|register|forgotPassword|resetPassword|sendOtp|verifyOtp|requestOtp|verifyCode)(?:Fn|Action|User|Mutation)?$/i;

export const mutates = ({ endpoint: { method, surface } }: Exposed): boolean =>
  surface === 'http' ? !/^(?:GET|HEAD|OPTIONS)$/.test(method) : !/^(?:query|subscription|GET)$/.test(method);

/** Does an endpoint invite guessing of passwords or codes? */
export function invitesGuessing(one: Exposed): boolean {
  const { path } = one.endpoint;
  const last = path.split(/[#./]/).at(-1) ?? '';
  return mutates(one) && (guessing.test(path) || guessingName.test(last));
}

/** Endpoints that someone without an account may change something with, or try to sign in. */
export const isPublic = (one: Exposed): boolean =>
  (invitesGuessing(one) || (mutates(one) && isOpen(one))) &&
  one.reaches.signature.answer !== 'yes' &&
  !/^(?:health|asset|webhook|schedule)$/.test(one.open?.kind ?? '');

/** What could not be followed is not called open. */
const isOpen = ({ reaches: { authentication } }: Exposed): boolean =>
  authentication.answer === 'no' || authentication.why === 'not yet read';

/** Signing in reads a password too; what asks for another proof first does not invite guessing. */
export const asksFirst = ({ reaches: { authentication }, open }: Exposed): boolean =>
  authentication.answer === 'yes' && open?.kind !== 'sign-in' && !/password|credential|code/i.test(authentication.what);

const keyOf = ({ at, by }: Limit): string => `${by} ${at.file}:${at.line ?? 0}`;

/** How many endpoints stand under each limit. */
export function coverOf(list: readonly Exposed[]): (limit: Limit) => number {
  const counts = new Map<string, number>();
  for (const one of list) for (const key of new Set(one.limits.map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  return (limit) => counts.get(keyOf(limit)) ?? 0;
}

/** Each limit once. */
export function distinctLimits(list: readonly { readonly limits: readonly Limit[] }[]): readonly Limit[] {
  const found = new Map<string, Limit>();
  for (const { limits } of list)
    for (const limit of limits) if (!found.has(keyOf(limit))) found.set(keyOf(limit), limit);
  return [...found.values()];
}
