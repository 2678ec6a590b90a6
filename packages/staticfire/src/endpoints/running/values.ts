import type { Spot } from '../../code/production.ts';
import type { Expr, Position } from '../../code/summary.ts';
import type { LinkRole } from '../../facts/endpoints.ts';

/** What running code symbolically comes to. Only what routes are made of is told apart. */
export type Value =
  /** Holes that could not be read stand in braces. */
  | { readonly k: 'text'; readonly v: string; readonly partial: boolean }
  | { readonly k: 'lit'; readonly v: number | boolean | null | undefined }
  | { readonly k: 'regex'; readonly v: string }
  | FunctionValue
  | ClassValue
  | ObjectValue
  | ListValue
  | PackageValue
  | { readonly k: 'thing'; readonly thing: Thing }
  /** A method taken off its object without being called. */
  | { readonly k: 'method'; readonly of: Value; readonly name: string }
  | ModuleValue
  /** One of several, or each of them in turn. */
  | { readonly k: 'any'; readonly of: readonly Value[] }
  | UnknownValue;

export interface ListValue {
  readonly k: 'arr';
  readonly items: Value[];
  /** Where the first items were written; undefined for those that came from elsewhere. */
  readonly written?: readonly (Written | undefined)[];
}

export interface Written extends Spot {
  readonly expr: Expr;
}

export interface ModuleValue {
  readonly k: 'module';
  readonly file: string;
}

/** What could not be told; of a call, what was called with what. */
export interface UnknownValue {
  readonly k: 'unknown';
  readonly from?: Made;
}

export interface FunctionValue {
  readonly k: 'fn';
  readonly file: string;
  readonly fn: number;
  readonly scope: Scope;
  readonly self?: Value;
  /** The call that gave it. */
  readonly from?: Made;
}

/** A call that gave a value. */
export interface Made {
  readonly callee: Value;
  readonly args: readonly Arg[];
  readonly expr: Extract<Expr, { k: 'call' }>;
  readonly site: Site;
}

export interface ClassValue {
  readonly k: 'class';
  readonly file: string;
  readonly cls: number;
  readonly scope: Scope;
}

export interface ObjectValue {
  readonly k: 'obj';
  readonly props: Map<string, Value>;
  readonly cls?: ClassValue;
  /** The literal that made it, with the objects that were spread into it. */
  readonly literal?: Literal;
}

interface Literal extends Spot {
  readonly expr: Extract<Expr, { k: 'obj' }>;
  readonly spread: readonly Value[];
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
  /** The expression stands for more than this value: a list that was opened. */
  readonly loose?: true;
  /** What its library knows of it as a link. */
  readonly kind?: { readonly role: LinkRole; readonly on?: string };
}

export const unknown: UnknownValue = { k: 'unknown' };
export const nothing: Value = { k: 'lit', v: undefined };
export const text = (v: string, partial = false): Value => ({ k: 'text', v, partial });

/** The items of a list as arguments, each with where it was written. */
export function itemsAsArgs(list: Arg): Arg[] {
  if (list.value.k !== 'arr') return [list];
  const { items, written } = list.value;
  return items.map((value, index) => {
    const own = written?.[index];
    if (!own) return { ...list, value, loose: true };
    const { file, fn, expr } = own;
    return { ...list, value, expr, site: { file, fn, at: list.site.at } };
  });
}

/** Arguments as a list. */
export const listOf = (args: readonly Arg[]): Value => ({
  k: 'arr',
  items: args.map(({ value }) => value),
  written: args.map(({ expr, site, loose }) => (loose ? undefined : { file: site.file, fn: site.fn, expr })),
});

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

/** Where a property of an object was written. */
export function writtenAt(of: Value, key: string, depth = 0): Written | undefined {
  if (of.k !== 'obj' || !of.literal || depth > 5) return undefined;
  const { file, fn, expr, spread } = of.literal;
  const own = expr.props.findLast((prop) => prop.key === key);
  if (own) return { file, fn, expr: own.value };
  return spread.flatMap((one) => writtenAt(one, key, depth + 1) ?? []).at(-1);
}

/** Marks every thing inside as handed to code that is not followed. */
export function escape(value: Value, depth = 0): void {
  if (value.k === 'thing') value.thing.escaped = true;
  if (depth > 3) return;
  if (value.k === 'arr') for (const item of value.items) escape(item, depth + 1);
  if (value.k === 'any') for (const item of value.of) escape(item, depth + 1);
  if (value.k === 'obj') for (const item of value.props.values()) escape(item, depth + 1);
}
