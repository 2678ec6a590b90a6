import { posix } from 'node:path';
import type { CodeModel } from '../model.ts';
import { localValue } from './local-value.ts';
import type { Expr } from '../summary.ts';

/** A path worked out from an expression: relative to the root of the tree, `*` where a part is not known. */
export interface KnownPath {
  readonly path: string;
  /** It hangs on the file's own folder, or on the folder in which the program runs. */
  readonly base: 'file' | 'program' | 'text';
}

type Part = { readonly base: KnownPath['base']; readonly text: string };

const deepest = 8;

/** The path that an expression stands for; undefined when nothing ties it to a place. `loose`: a plain text counts from where the program runs. */
export function pathOf(
  code: CodeModel,
  file: string,
  fn: number,
  expr: Expr,
  programDir: string,
  loose = false,
): KnownPath | undefined {
  const part = read({ code, file, fn, depth: 0 }, expr);
  if (!part || (part.base === 'text' && !(loose && part.text.includes('/')))) return undefined;
  const from = part.base === 'file' ? posix.dirname(file) : programDir;
  const text = part.base === 'text' ? part.text.replace(/^\*\/+/, '') : part.text;
  const path = posix.join(from, text.replace(/^\/+/, ''));
  return path.startsWith('..') ? undefined : { path, base: part.base };
}

/** The text of a specifier relative to its file: './locales/*' for import(`./locales/${name}.ts`). */
export function specifierOf(code: CodeModel, file: string, fn: number, expr: Expr): string | undefined {
  const part = read({ code, file, fn, depth: 0 }, expr);
  if (!part) return undefined;
  if (part.base === 'file') return posix.join(posix.dirname(file), part.text.replace(/^\/+/, ''));
  return part.base === 'text' && /^\.{1,2}\//.test(part.text) ? posix.join(posix.dirname(file), part.text) : undefined;
}

interface At {
  readonly code: CodeModel;
  readonly file: string;
  readonly fn: number;
  readonly depth: number;
}

function read(at: At, expr: Expr): Part | undefined {
  if (at.depth > deepest) return undefined;
  const next = (inner: Expr): Part | undefined => read({ ...at, depth: at.depth + 1 }, inner);
  switch (expr.k) {
    case 'str':
      return { base: 'text', text: expr.v };
    case 'template':
      return expr.tag
        ? undefined
        : joined(
            expr.parts.flatMap((text, index) => [{ base: 'text' as const, text }, ...holeOf(expr.of[index], next)]),
          );
    case 'bin':
      return expr.op === '+' ? joined([next(expr.l) ?? unknown, next(expr.r) ?? unknown]) : undefined;
    case 'ref':
      return named(at, expr);
    case 'call':
      return called(expr, next);
    case 'member':
      return expr.name === 'href' || expr.name === 'pathname' ? next(expr.of) : undefined;
    case 'await':
      return next(expr.of);
    case 'cond':
      return next(expr.else) ?? next(expr.then);
    default:
      return undefined;
  }
}

const unknown: Part = { base: 'text', text: '*' };

const holeOf = (hole: Expr | undefined, next: (inner: Expr) => Part | undefined): readonly Part[] =>
  hole ? [next(hole) ?? unknown] : [];

/** Texts one behind the other; only the first may be a folder. */
function joined(parts: readonly Part[]): Part | undefined {
  const first = parts.find((part) => part.text !== '' || part.base !== 'text');
  return first && { base: first.base, text: parts.map((part) => part.text).join('') };
}

function named(at: At, expr: Extract<Expr, { k: 'ref' }>): Part | undefined {
  if (/^(?:__dirname|import\.meta\.(?:dirname|dir))$/.test(expr.path)) return here(at, expr);
  if (/^(?:__filename|import\.meta\.(?:url|filename|path)|import\.meta)$/.test(expr.path))
    return { base: 'file', text: `/${posix.basename(at.file)}` };
  const local = localValue(at.code, at.file, at.fn, expr.path);
  if (local) return read({ ...at, fn: local.fn, depth: at.depth + 1 }, local.init);
  const origin = at.code.origin(at.file, at.fn, expr);
  if (origin.kind !== 'value' || origin.member !== '') return undefined;
  const found = read({ code: at.code, file: origin.file, fn: origin.fn, depth: at.depth + 2 }, origin.expr);
  if (!found || found.base !== 'file' || origin.file === at.file) return found;
  return {
    base: 'file',
    text: `/${posix.relative(posix.dirname(at.file), posix.join(posix.dirname(origin.file), found.text))}`,
  };
}

/** ES modules define their own `__dirname`; it means the same. */
const here = (_at: At, _expr: Expr): Part => ({ base: 'file', text: '' });

const pathCall = /(?:^|\.)(?:join|resolve|normalize)$/;

function called(expr: Extract<Expr, { k: 'call' }>, next: (inner: Expr) => Part | undefined): Part | undefined {
  const callee = expr.callee.k === 'ref' ? expr.callee.path : '';
  const [first, second] = expr.args;
  if (callee === 'process.cwd') return { base: 'program', text: '' };
  if (expr.new && callee === 'URL') return second && first ? relativeTo(next(second), next(first)) : undefined;
  if (/(?:^|\.)(?:fileURLToPath|pathToFileURL|realpathSync|String)$/.test(callee)) return first && next(first);
  if (/(?:^|\.)dirname$/.test(callee)) return parent(first && next(first));
  if (callee === 'require.resolve' || callee === 'import.meta.resolve') return first && next(first);
  if (!pathCall.test(callee) || expr.args.length === 0) return undefined;
  const parts = expr.args.map((arg) => (arg.k === 'spread' ? unknown : (next(arg) ?? unknown)));
  return joinedPath(parts);
}

function joinedPath(parts: readonly Part[]): Part | undefined {
  const [first, ...rest] = parts;
  if (!first) return undefined;
  const base =
    first.base === 'text' && /^(?:src|dist|app|server|lib)$|^\.{0,2}\//.test(first.text) ? 'program' : first.base;
  return { base, text: [first.text, ...rest.map((part) => part.text)].join('/') };
}

const parent = (part: Part | undefined): Part | undefined =>
  part && { base: part.base, text: part.text.replace(/\/?[^/]*$/, '') };

/** `new URL('./worker.ts', import.meta.url)`: the last name of the base is the file itself. */
function relativeTo(base: Part | undefined, path: Part | undefined): Part | undefined {
  if (!base || !path || base.base === 'text') return undefined;
  return { base: base.base, text: `${base.text.replace(/\/[^/]*$/, '')}/${path.text}` };
}
