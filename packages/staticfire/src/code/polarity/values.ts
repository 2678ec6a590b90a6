import type { Expr } from '../summary.ts';

/** A function's variables while it is followed. Frames of closures lead to the one they were made in. */
export interface Frame {
  readonly file: string;
  readonly fn: number;
  readonly vars: Map<string, Value>;
  readonly outer?: Frame;
  /** How it was left so far. */
  readonly exits: Exit[];
}

export interface Exit {
  /** The statement that leaves, or the body itself where its end is reached. */
  readonly by: object;
  readonly value: Value;
  readonly thrown: boolean;
  /** A thrown refusal, or a denial that was already sent. */
  readonly denied: boolean;
  readonly auth: boolean;
  readonly site: Site;
  /** Refusals before it. */
  readonly refusals: number;
  /** Something was changed or answered before it, as the run's world tells it. */
  readonly acted: boolean;
}

export interface Site {
  readonly file: string;
  readonly fn: number;
  readonly line: number;
}

/** One thing that a value can be. */
export type Atom =
  /** `missing`: it stands for a setting that is not there, so anyone knows it. */
  | { readonly k: 'const'; readonly v: string | number | boolean | null | undefined; readonly missing?: true }
  /** What a secret holds when it is set: not empty, and nobody can guess it. `of` names the setting. */
  | { readonly k: 'secret'; readonly of: string }
  /** A setting that is no secret: not empty, otherwise open. */
  | { readonly k: 'setting'; readonly of: string }
  /**
   * Whatever the caller sends: present and not empty. `whole`: the request or context itself, of which the caller sends only parts.
   * `credential`: it stands where credentials do, in a cookie or the header for them.
   */
  | { readonly k: 'input'; readonly whole?: true; readonly credential?: true }
  /** Whom a credential belongs to, when it is a good one: an identity and all that hangs on it. */
  | { readonly k: 'identity' }
  /** Calls on what stands behind. */
  | { readonly k: 'next' }
  /** What a store answers to a key that it does not hold. */
  | { readonly k: 'unfound' }
  | { readonly k: 'list'; readonly items: Value }
  /** `parts`: the value of each property; `open`: it can have others. */
  | {
      readonly k: 'object';
      readonly parts: ReadonlyMap<string, Value>;
      readonly open: boolean;
      readonly expr: Extract<Expr, { k: 'obj' }>;
      readonly frame: Frame;
    }
  /** An instance of a class of the repository. */
  | { readonly k: 'instance'; readonly file: string; readonly cls: number }
  | { readonly k: 'function'; readonly fn: number; readonly frame: Frame }
  /** All settings: `process.env`, or what a schema made of it. */
  | { readonly k: 'settings'; readonly schema?: { readonly expr: Expr; readonly frame: Frame } }
  /** An answer that turns the caller away; `auth` when it says why: 401, 403 or a sign-in page. */
  | { readonly k: 'denial'; readonly auth: boolean }
  /** It depends on a missing setting in a way that cannot be told. */
  | { readonly k: 'lost' }
  /** A hash that is fed next. */
  | { readonly k: 'hash' }
  /** `present`: neither empty nor missing. `lost`: it comes of code that could not be followed and may know the caller. */
  | { readonly k: 'any'; readonly present?: true; readonly lost?: Site };

/** All that a value can be; nothing at all when computing it throws. */
export type Value = readonly Atom[];

export const anything: Value = [{ k: 'any' }];
export const present: Value = [{ k: 'any', present: true }];
export const never: Value = [];
export const input: Atom = { k: 'input' };
export const nothing: Atom = { k: 'const', v: undefined };
export const empty: Atom = { k: 'const', v: '' };
/** A text that the caller may leave out. */
export const optionalInput: Value = [nothing, empty, input];
export const constant = (v: string | number | boolean | null | undefined): Value => [{ k: 'const', v }];
export const booleans = (yes: boolean, no: boolean): Value => [
  ...(yes ? constant(true) : []),
  ...(no ? constant(false) : []),
];

/** Thrown when a test depends on a missing setting in a way that cannot be told. */
export class Unclear extends Error {
  override readonly name = 'Unclear';
}

/** What a test can come out as. */
export interface Outcome {
  readonly yes: boolean;
  readonly no: boolean;
}

export function truth(value: Value): Outcome {
  let yes = false;
  let no = false;
  for (const atom of value) {
    const one = truthOf(atom);
    yes ||= one.yes;
    no ||= one.no;
  }
  return { yes, no };
}

export function truthOf(atom: Atom): Outcome {
  if (atom.k === 'lost') throw new Unclear();
  if (atom.k === 'any') return { yes: true, no: !atom.present };
  if (atom.k === 'const') return { yes: Boolean(atom.v), no: !atom.v };
  if (atom.k === 'unfound') return { yes: false, no: true };
  return { yes: true, no: false };
}

export const isMissing = (value: Value): boolean =>
  value.some((atom) => (atom.k === 'const' && atom.missing === true) || atom.k === 'lost');
export const isCaller = (value: Value): boolean => value.some((atom) => atom.k === 'input');
export const secretOf = (value: Value): string | undefined => {
  for (const atom of value) {
    if (atom.k === 'secret') return atom.of;
    const inner = atom.k === 'list' ? secretOf(atom.items) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
};

/** Marks what stands in for a missing setting. */
export const markMissing = (value: Value): Value =>
  value.map((atom) => (atom.k === 'const' ? { ...atom, missing: true } : atom));

/** The request itself. */
export const request: Atom = { k: 'input', whole: true };
export const credential: Atom = { k: 'input', credential: true };
/** The same value, where what the caller sends stands for a credential. */
export const asCredential = (value: Value): Value =>
  value.map((atom) => (atom.k === 'input' && !atom.whole ? credential : atom));
export const unfound: Atom = { k: 'unfound' };
export const identity: Atom = { k: 'identity' };

const largest = 24;

/** All that either can be. */
export function union(a: Value, b: Value): Value {
  if (a === b || b.length === 0) return a;
  if (a.length === 0) return b;
  const all = [...a];
  for (const atom of b) if (!all.some((other) => same(other, atom))) all.push(atom);
  return all.length > largest ? anything : all;
}

function same(a: Atom, b: Atom): boolean {
  if (a === b) return true;
  if (a.k === 'const' && b.k === 'const') return a.v === b.v && a.missing === b.missing;
  if (a.k === 'secret' && b.k === 'secret') return a.of === b.of;
  if (a.k === 'any' && b.k === 'any') return a.present === b.present && a.lost === b.lost;
  if (a.k === 'input' && b.k === 'input') return a.whole === b.whole && a.credential === b.credential;
  return a.k === b.k && (a.k === 'lost' || a.k === 'hash' || a.k === 'identity' || a.k === 'unfound' || a.k === 'next');
}
