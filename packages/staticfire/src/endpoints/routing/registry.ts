import type { ChainLink } from '../../facts/endpoints.ts';
import type { Run } from '../running/library.ts';
import type { Arg, Site, Value } from '../running/values.ts';
import { opened, type Path } from './arguments.ts';

interface Registered {
  /** The object that told a registry of the route, as a link: it may name permissions. */
  readonly description?: ChainLink;
  /** Where the registry was told. */
  readonly from?: Site;
}

/**
 * A route that a function of the repository registers for others: `this.route({ path, permission, handler })`, `get('/x', list)`.
 * It stands where that function was handed both the path and the handler, not where it calls the library.
 */
export function registered(run: Run, paths: readonly Path[], args: readonly Arg[]): Registered {
  const handler = opened(args).at(-1);
  if (!handler || handler.expr.k === 'fn') return {};
  const wanted = handlersIn(handler.value);
  const told = run.handed.flatMap((frame) => tellingIn(frame, paths, wanted) ?? []);
  const described = told.find(({ expr }) => expr.k === 'obj');
  const from = told.at(-1)?.site;
  return {
    ...(described
      ? { description: { file: described.site.file, fn: described.site.fn, expr: described.expr, role: 'settings' } }
      : {}),
    ...(from ? { from } : {}),
  };
}

/** A function, and those that it wraps. */
function handlersIn(value: Value, depth = 0): readonly Value[] {
  const from = value.k === 'fn' || value.k === 'unknown' ? value.from : undefined;
  const inner = depth > 4 ? [] : (from?.args.flatMap((arg) => handlersIn(arg.value, depth + 1)) ?? []);
  return value.k === 'fn' ? [value, ...inner] : inner;
}

/** The argument that tells of the route: an object with both, or the handler beside the path. */
function tellingIn(frame: readonly Arg[], paths: readonly Path[], wanted: readonly Value[]): Arg | undefined {
  const object = frame.find(
    ({ value, expr }) => value.k === 'obj' && expr.k === 'obj' && both([...value.props.values()], paths, wanted),
  );
  const values = frame.map(({ value }) => value);
  return object ?? (both(values, paths, wanted) ? frame.find(({ value }) => isOneOf(value, wanted)) : undefined);
}

const both = (values: readonly Value[], paths: readonly Path[], wanted: readonly Value[]): boolean =>
  values.some((value) => isOneOf(value, wanted)) &&
  values.some((value) => value.k === 'text' && paths.some(({ text }) => text.endsWith(value.v)));

const isOneOf = (value: Value, wanted: readonly Value[]): boolean =>
  value.k === 'fn' && wanted.some((one) => one.k === 'fn' && one.fn === value.fn && one.file === value.file);
