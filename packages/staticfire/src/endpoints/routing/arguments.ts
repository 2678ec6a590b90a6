import type { Expr } from '../../code/summary.ts';
import { nameOf } from '../running/expressions.ts';
import { itemsAsArgs, writtenAt, type Arg, type Value } from '../running/values.ts';

/** A path as far as it could be read; holes stand in braces. */
export interface Path {
  readonly text: string;
  readonly partial: boolean;
  /** It is a regular expression: what the rest of the path is tested with. */
  readonly pattern?: true;
}

export const root: Path = { text: '', partial: false };

/** The paths that an argument stands for; undefined when it is no path. */
export function pathsOf({ value, expr }: Arg): readonly Path[] | undefined {
  if (value.k === 'text') return [{ text: value.v, partial: value.partial }];
  if (value.k === 'regex') return [{ text: value.v, partial: false, pattern: true }];
  if (value.k === 'arr' && value.items.length > 0) {
    const all = value.items.map((item) =>
      item.k === 'text'
        ? { text: item.v, partial: item.partial }
        : item.k === 'regex'
          ? { text: item.v, partial: false, pattern: true as const }
          : undefined,
    );
    return all.every((one) => one !== undefined) ? all : undefined;
  }
  if (value.k === 'any') {
    const all = value.of.map((item) => (item.k === 'text' ? { text: item.v, partial: item.partial } : undefined));
    return all.every((one) => one !== undefined) ? all : undefined;
  }
  const named = nameOf(expr);
  const isPath =
    value.k === 'unknown' &&
    (expr.k === 'template' ||
      /(?:path|prefix|url|base|mount|endpoint|route)$/i.test(named) ||
      /^[A-Z][A-Z0-9_]+$/.test(named.split('.').at(-1) ?? ''));
  return isPath ? [unread(expr)] : undefined;
}

/** A path of which nothing is known but how it is written. */
const unread = (expr: Arg['expr']): Path => ({ text: `{${nameOf(expr)}}`, partial: true });

/** The argument as paths, whatever it is. */
export const asPaths = (arg: Arg): readonly Path[] => pathsOf(arg) ?? [unread(arg.expr)];

/** Lists of middleware opened. */
export const opened = (args: readonly Arg[]): readonly Arg[] =>
  args.flatMap((arg): readonly Arg[] => (arg.value.k === 'arr' ? opened(itemsAsArgs(arg)) : [arg]));

/** The value of an option, with the expression that it was given by. */
export function optionOf(arg: Arg | undefined, name: string): Arg | undefined {
  const value = arg && propertyOf(arg.value, name);
  if (!arg || !value) return undefined;
  const written = writtenAt(arg.value, name);
  if (!written) return { ...arg, value, expr: memberExpr(arg.expr, name) };
  const { file, fn, expr } = written;
  return { value, expr, site: { file, fn, at: arg.site.at } };
}

function propertyOf(of: Value, name: string): Value | undefined {
  if (of.k === 'any') return of.of.flatMap((one) => propertyOf(one, name) ?? [])[0];
  return of.k === 'obj' ? of.props.get(name) : undefined;
}

const memberExpr = (of: Expr, name: string): Expr =>
  of.k === 'ref' ? { ...of, path: `${of.path}.${name}` } : { k: 'member', of, name, at: 'at' in of ? of.at : 0 };

/** The text of an option, '' when there is none. */
export function textOption(arg: Arg | undefined, name: string): Path {
  const option = optionOf(arg, name);
  return option ? (pathsOf(option)?.[0] ?? unread(option.expr)) : root;
}

/** The methods that an argument names; holes where they are computed. */
export function methodsOf(arg: Arg | undefined): readonly string[] {
  const items = arg?.value.k === 'arr' ? arg.value.items : arg ? [arg.value] : [];
  const named = items.flatMap((item) => (item.k === 'text' && !item.partial ? [item.v.toUpperCase()] : []));
  return named.length > 0 ? named : ['{method}'];
}
