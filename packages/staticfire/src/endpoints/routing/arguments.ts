import type { Spot } from '../../code/production.ts';
import type { ChainLink } from '../../facts/endpoints.ts';
import { linkOf } from '../reading/functions.ts';
import { unwrap } from '../reading/unwrap.ts';
import { nameOf } from '../running/expressions.ts';
import type { Run } from '../running/library.ts';
import type { Arg, Value } from '../running/values.ts';

/** A path as far as it could be read; holes stand in braces. */
export interface Path {
  readonly text: string;
  readonly partial: boolean;
}

export const root: Path = { text: '', partial: false };

/** The paths that an argument stands for; undefined when it is no path. */
export function pathsOf({ value, expr }: Arg): readonly Path[] | undefined {
  if (value.k === 'text') return [{ text: value.v, partial: value.partial }];
  if (value.k === 'regex') return [{ text: value.v, partial: false }];
  if (value.k === 'arr' && value.items.length > 0) {
    const all = value.items.map((item) =>
      item.k === 'text'
        ? { text: item.v, partial: item.partial }
        : item.k === 'regex'
          ? { text: item.v, partial: false }
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
export function opened(args: readonly Arg[]): readonly Arg[] {
  return args.flatMap((arg): readonly Arg[] => {
    if (arg.value.k !== 'arr') return [arg];
    const { expr } = arg;
    return opened(
      arg.value.items.map((value, index) => ({
        ...arg,
        value,
        expr: expr.k === 'arr' ? (expr.items[index] ?? expr) : expr,
      })),
    );
  });
}

/** One link of a chain. */
export function toLink({ site }: Run, arg: Arg): ChainLink {
  const link = linkOf(site.code, arg.site, arg.expr);
  const runs = spotOf(arg.value) ?? link.runs;
  return { file: arg.site.file, fn: arg.site.fn, expr: arg.expr, ...(runs ? { runs } : {}) };
}

const spotOf = (value: Value): Spot | undefined => (value.k === 'fn' ? { file: value.file, fn: value.fn } : undefined);

export interface Handled {
  readonly handler: Spot | undefined;
  readonly links: readonly ChainLink[];
}

/** The last function handles, those before it are middleware. */
export function handledBy(run: Run, args: readonly Arg[]): Handled {
  const all = opened(args);
  const last = all.at(-1);
  const links = all.slice(0, -1).map((arg) => toLink(run, arg));
  if (!last) return { handler: undefined, links };
  if (last.expr.k === 'call') {
    const { handler, wrappers } = unwrap(run.site.code, last.site, last.expr);
    if (handler) return { handler, links: [...links, ...wrappers] };
  }
  return { handler: spotOf(last.value) ?? unwrap(run.site.code, last.site, last.expr).handler, links };
}

/** The value of an option. */
export function optionOf(arg: Arg | undefined, name: string): Arg | undefined {
  if (arg?.value.k !== 'obj') return undefined;
  const value = arg.value.props.get(name);
  const expr = arg.expr.k === 'obj' ? arg.expr.props.find((prop) => prop.key === name)?.value : undefined;
  return value ? { ...arg, value, expr: expr ?? { k: 'ref', path: name, at: 0 } } : undefined;
}

/** The text of an option, '' when there is none. */
export function textOption(arg: Arg | undefined, name: string): Path {
  const option = optionOf(arg, name);
  return option ? (pathsOf(option)?.[0] ?? unread(option.expr)) : root;
}
