import { propOf, walkFile } from '../../code/walk.ts';
import type { Expr } from '../../code/summary.ts';
import type { CodeModel } from '../../code/model.ts';

/** The object that a configuration file exports: through `defineConfig(…)`, wrappers, functions and variables. */
export function configOf(code: CodeModel, file: string | undefined): Expr | undefined {
  const summary = file === undefined ? undefined : code.get(file)?.summary;
  if (file === undefined || !summary) return undefined;
  const exported = summary.exports.find((e) => e.name === 'default');
  const value: Expr | undefined =
    exported?.value ?? (exported?.local === undefined ? undefined : { k: 'ref', path: exported.local, at: 0 });
  return value && objectIn(code, file, 0, value, 0);
}

/** The first object literal that an expression comes down to. */
function objectIn(code: CodeModel, file: string, fn: number, value: Expr, depth: number): Expr | undefined {
  if (depth > 8) return undefined;
  const next = (expr: Expr | undefined, inFn = fn): Expr | undefined =>
    expr && objectIn(code, file, inFn, expr, depth + 1);
  switch (value.k) {
    case 'obj':
      return value;
    case 'await':
      return next(value.of);
    case 'call':
      return (
        value.args.map((arg) => next(arg)).find((found) => found !== undefined) ??
        next(value.callee.k === 'call' ? value.callee : undefined)
      );
    case 'fn':
      return next(returned(code, file, value.fn), value.fn);
    case 'ref':
      return throughName(code, file, fn, value, depth);
    default:
      return undefined;
  }
}

function throughName(code: CodeModel, file: string, fn: number, value: Expr, depth: number): Expr | undefined {
  const origin = code.origin(file, fn, value);
  if (origin.kind === 'value') return objectIn(code, origin.file, origin.fn, origin.expr, depth + 1);
  if (origin.kind !== 'function') return undefined;
  const result = returned(code, origin.file, origin.fn);
  return result && objectIn(code, origin.file, origin.fn, result, depth + 1);
}

function returned(code: CodeModel, file: string, fn: number): Expr | undefined {
  const last = code.get(file)?.summary.functions[fn]?.body.findLast((stmt) => stmt.k === 'return');
  return last?.k === 'return' ? last.of : undefined;
}

/** A value below an object literal by its path of keys. */
export const under = (value: Expr | undefined, ...keys: readonly string[]): Expr | undefined =>
  keys.reduce<Expr | undefined>(propOf, value);

export const textOf = (value: Expr | undefined): string | undefined => (value?.k === 'str' ? value.v : undefined);

/** The strings of an array literal; undefined when it is not one or holds anything else. */
export function textsOf(value: Expr | undefined): readonly string[] | undefined {
  if (value?.k !== 'arr') return undefined;
  const texts = value.items.flatMap((item) => (item.k === 'str' ? [item.v] : []));
  return texts.length === value.items.length ? texts : undefined;
}

/** Every string literal inside an expression, nested functions apart. */
export function stringsIn(value: Expr): readonly string[] {
  switch (value.k) {
    case 'str':
      return [value.v];
    case 'obj':
      return value.props.flatMap((prop) => stringsIn(prop.value));
    case 'arr':
      return value.items.flatMap(stringsIn);
    case 'call':
      return value.args.flatMap(stringsIn);
    case 'cond':
      return [...stringsIn(value.then), ...stringsIn(value.else)];
    default:
      return [];
  }
}

/** The object that a plugin of this name is called with anywhere in a configuration file. */
export function objectArgument(code: CodeModel, file: string, callee: RegExp): Expr | undefined {
  const summary = code.get(file)?.summary;
  let found: Expr | undefined;
  if (summary) {
    walkFile(summary, (expr) => {
      if (expr.k === 'call' && expr.callee.k === 'ref' && callee.test(expr.callee.path))
        found ??= expr.args.find((arg) => arg.k === 'obj');
    });
  }
  return found;
}
