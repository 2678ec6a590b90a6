import type { Spot } from '../../code/production.ts';
import type { Expr, Position } from '../../code/summary.ts';

/** What running code symbolically comes to. Only what routes are made of is told apart. */
export type Value =
  /** Holes that could not be read stand in braces. */
  | { readonly k: 'text'; readonly v: string; readonly partial: boolean }
  | { readonly k: 'lit'; readonly v: number | boolean | null | undefined }
  | { readonly k: 'regex'; readonly v: string }
  | FunctionValue
  | ClassValue
  | ObjectValue
  | { readonly k: 'arr'; readonly items: Value[] }
  | PackageValue
  | { readonly k: 'thing'; readonly thing: Thing }
  /** A method taken off its object without being called. */
  | { readonly k: 'method'; readonly of: Value; readonly name: string }
  | { readonly k: 'module'; readonly file: string }
  /** One of several, or each of them in turn. */
  | { readonly k: 'any'; readonly of: readonly Value[] }
  | { readonly k: 'unknown' };

export interface FunctionValue {
  readonly k: 'fn';
  readonly file: string;
  readonly fn: number;
  readonly scope: Scope;
  readonly self?: Value;
}

export interface ClassValue {
  readonly k: 'class';
  readonly file: string;
  readonly cls: number;
  readonly scope: Scope;
}

interface ObjectValue {
  readonly k: 'obj';
  readonly props: Map<string, Value>;
  readonly cls?: ClassValue;
}

/** An export of a package, or what hangs on it. */
export interface PackageValue {
  readonly k: 'pkg';
  readonly package: string;
  readonly subpath: string;
  /** 'default', '*' or a name. */
  readonly name: string;
  /** Members and calls behind it, dotted. */
  readonly path: string;
}

/** An object that a routing library made: an application, a router, a procedure. */
export interface Thing {
  readonly library: string;
  readonly kind: string;
  readonly at: Site;
  readonly data: object;
  /** Handed to code that could not be followed. */
  escaped: boolean;
}

/** Where an expression stands. */
export interface Site extends Spot {
  readonly at: Position;
}

/** The variables of one run of a function. */
export interface Scope {
  readonly vars: Map<string, Value>;
  readonly parent: Scope | undefined;
  readonly file: string;
  readonly fn: number;
  readonly self: Value | undefined;
  /** A thing was bound here. */
  touched: boolean;
}

export interface Arg {
  readonly value: Value;
  readonly expr: Expr;
  readonly site: Site;
}

export const unknown: Value = { k: 'unknown' };
export const nothing: Value = { k: 'lit', v: undefined };
export const text = (v: string, partial = false): Value => ({ k: 'text', v, partial });

/** Does it hold a thing somewhere? */
export function holdsThing(value: Value, depth = 0): boolean {
  switch (value.k) {
    case 'thing':
      return true;
    case 'method':
      return holdsThing(value.of, depth + 1);
    case 'arr':
      return depth < 3 && value.items.some((item) => holdsThing(item, depth + 1));
    case 'any':
      return depth < 3 && value.of.some((item) => holdsThing(item, depth + 1));
    case 'obj':
      return depth < 3 && [...value.props.values()].some((item) => holdsThing(item, depth + 1));
    default:
      return false;
  }
}

/** Each value that it may be; lists are not opened. */
export const eachOf = (value: Value): readonly Value[] => (value.k === 'any' ? value.of.flatMap(eachOf) : [value]);

/** Lists opened. */
export const flatten = (value: Value): readonly Value[] =>
  value.k === 'arr' ? value.items.flatMap(flatten) : value.k === 'any' ? value.of.flatMap(flatten) : [value];

/** One value for several that a branch may leave. */
export function either(values: readonly Value[]): Value {
  const telling = values.filter((value) => value.k !== 'unknown' && value.k !== 'lit');
  const things = telling.filter((value) => holdsThing(value));
  const chosen = things.length > 0 ? things : telling;
  const [first] = chosen;
  if (!first) return values.at(-1) ?? nothing;
  return chosen.length === 1 ? first : { k: 'any', of: [...new Set(chosen)] };
}

/** Marks every thing inside as handed to code that is not followed. */
export function escape(value: Value, depth = 0): void {
  if (value.k === 'thing') value.thing.escaped = true;
  if (depth > 3) return;
  if (value.k === 'arr') for (const item of value.items) escape(item, depth + 1);
  if (value.k === 'any') for (const item of value.of) escape(item, depth + 1);
  if (value.k === 'obj') for (const item of value.props.values()) escape(item, depth + 1);
}
