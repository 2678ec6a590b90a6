import type { CodeModel } from '../../code/model.ts';
import type { Expr } from '../../code/summary.ts';
import { walkStmts } from '../../code/walk.ts';

/** A call of a library's decorator, also where a decorator of the repository applies it for others. */
export interface Applied {
  readonly package: string;
  readonly name: string;
  readonly args: readonly Expr[];
  readonly file: string;
  readonly fn: number;
  /** As written on the class or member. */
  readonly written: Expr;
}

/** What decorators come to: `applyDecorators` and functions that return decorators are looked into. */
export function appliedBy(code: CodeModel, file: string, fn: number, decorators: readonly Expr[]): readonly Applied[] {
  return decorators.flatMap((written) => applied(code, file, fn, written, written, 0));
}

function applied(
  code: CodeModel,
  file: string,
  fn: number,
  expr: Expr,
  written: Expr,
  depth: number,
): readonly Applied[] {
  const callee = expr.k === 'call' ? expr.callee : expr;
  const args = expr.k === 'call' ? expr.args : [];
  if (callee.k !== 'ref' && callee.k !== 'member') return [];
  const origin = code.origin(file, fn, callee);
  if (origin.kind === 'package') {
    const name = origin.member ? (origin.member.split('.').at(-1) ?? '') : origin.name;
    return [{ package: origin.package, name, args, file, fn, written }];
  }
  if (origin.kind !== 'function' || depth > 3) return [];
  return withArguments(inside(code, origin.file, origin.fn, written, depth), code, origin, { file, fn, args });
}

/** Decorators that a function of the repository applies, itself or in the function that it returns. */
function inside(code: CodeModel, file: string, fn: number, written: Expr, depth: number): readonly Applied[] {
  const functions = code.get(file)?.summary.functions ?? [];
  const found: Applied[] = [];
  functions.forEach((func, index) => {
    if (index !== fn && func.parent !== fn) return;
    walkStmts(func.body, (expr) => {
      if (expr.k === 'call') found.push(...applied(code, file, index, expr, written, depth + 1));
    });
  });
  return found;
}

interface Given {
  readonly file: string;
  readonly fn: number;
  readonly args: readonly Expr[];
}

/** Parameters handed on stand for what the decorator was given. */
function withArguments(
  found: readonly Applied[],
  code: CodeModel,
  func: { readonly file: string; readonly fn: number },
  given: Given,
): readonly Applied[] {
  return found.flatMap((one) => {
    const args = one.args.map((arg) => handedOn(code, one, arg, func, given));
    if (args.every((arg) => arg === undefined)) return [one];
    if (args.every((arg) => arg !== undefined)) return [{ ...one, args: args.flat(), file: given.file, fn: given.fn }];
    // Some are handed on and some are not: one by one, each with its own place.
    return one.args.map((arg, index) => {
      const own = args[index];
      return own ? { ...one, args: own, file: given.file, fn: given.fn } : { ...one, args: [arg] };
    });
  });
}

function handedOn(
  code: CodeModel,
  one: Applied,
  arg: Expr,
  { file, fn }: { readonly file: string; readonly fn: number },
  given: Given,
): readonly Expr[] | undefined {
  const origin = code.origin(one.file, one.fn, arg.k === 'spread' ? arg.of : arg);
  if (origin.kind !== 'param' || origin.file !== file || origin.fn !== fn || origin.member) return undefined;
  return arg.k === 'spread' ? given.args.slice(origin.index) : given.args.slice(origin.index, origin.index + 1);
}

/** Texts of an argument: one, several in a list, or undefined where one of them could not be read. */
export function textsOf(
  code: CodeModel,
  file: string,
  fn: number,
  expr: Expr | undefined,
): readonly string[] | undefined {
  if (!expr) return [''];
  const list = listOf(code, file, fn, expr);
  if (list) {
    const texts = list.items.map((item) => code.literal(list.file, list.fn, item));
    return texts.every((text) => typeof text === 'string') ? texts.map(String) : undefined;
  }
  const text = code.literal(file, fn, expr);
  return typeof text === 'string' || typeof text === 'number' ? [String(text)] : undefined;
}

function listOf(
  code: CodeModel,
  file: string,
  fn: number,
  expr: Expr,
): { readonly file: string; readonly fn: number; readonly items: readonly Expr[] } | undefined {
  if (expr.k === 'arr') return { file, fn, items: expr.items };
  if (expr.k !== 'ref') return undefined;
  const origin = code.origin(file, fn, expr);
  return origin.kind === 'value' && !origin.member && origin.expr.k === 'arr'
    ? { file: origin.file, fn: origin.fn, items: origin.expr.items }
    : undefined;
}
