import { pathsOf, type Path } from './arguments.ts';
import type { Arg } from '../running/values.ts';

interface Excepted {
  readonly inner: Arg;
  readonly except: readonly Path[];
}

/** `check.unless({ path: [...] })` and `except('/public/*', check)`: middleware with the paths that it leaves out. */
export function exceptionsOf(arg: Arg): Excepted {
  const { value } = arg;
  const from = value.k === 'unknown' ? value.from : undefined;
  const name =
    from?.expr.callee.k === 'ref'
      ? from.expr.callee.path
      : from?.expr.callee.k === 'member'
        ? from.expr.callee.name
        : '';
  if (from && /(?:^|\.)unless$/.test(name)) return { inner: arg, except: pathsUnder(from.args[0]) };
  const [paths, inner] = from?.args ?? [];
  if (/^except$/.test(name) && paths && inner) return { inner, except: pathsOf(paths) ?? [] };
  return { inner: arg, except: [] };
}

/** Paths in `{ path: '/a' | ['/a', /b/, { url: '/c' }] }`. */
function pathsUnder(options: Arg | undefined): readonly Path[] {
  const value = options?.value.k === 'obj' ? options.value.props.get('path') : undefined;
  if (!options || !value) return [];
  const items = value.k === 'arr' ? value.items : [value];
  return items.flatMap((item) => {
    const one = item.k === 'obj' ? (item.props.get('url') ?? item) : item;
    return pathsOf({ ...options, value: one }) ?? [];
  });
}
