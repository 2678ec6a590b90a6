import type { Expr } from '../../code/summary.ts';
import { walkExpr } from '../../code/walk.ts';
import { lastOf } from './words.ts';
import type { Following, Frame } from './frame.ts';

/** What a schema lets through under a key: words or numbers that it names, any text, nothing, or it cannot be told. */
export type Lets = 'closed' | 'open' | 'nothing' | 'lost';

const closing =
  /^(?:number|int|int32|bigint|boolean|date|datetime|enum|nativeEnum|literal|uuid|uuidv4|guid|cuid|cuid2|ulid|nanoid|regex|pattern|refine|superRefine|valid|oneOf|picklist|coerce|iso|isoDate|ip|stringbool|check|transform|keyof|custom|Integer|Number|Boolean|Enum|Literal)$/;

/** What a schema of zod and its likes lets through under `path`. */
export function letsThrough(f: Following, frame: Frame, schema: Expr, path: readonly string[], depth = 0): Lets {
  if (depth > 8) return 'lost';
  const [key, ...rest] = path;
  const held = standing(f, frame, schema);
  if (!held) return 'lost';
  const { at, expr } = held;
  if (key === undefined) return closes(f, at, expr) ? 'closed' : 'open';
  if (expr.k === 'obj') return ofShape(f, at, expr, key, rest, depth);
  if (expr.k !== 'call') return 'lost';
  const shapes = [...expr.args, ...(expr.callee.k === 'member' ? [expr.callee.of] : receiverOf(expr.callee))];
  const found = new Set(shapes.map((shape) => letsThrough(f, at, shape, path, depth + 1)));
  const loose = expr.callee.k === 'member' && /^(?:passthrough|loose|catchall)$/.test(expr.callee.name);
  if (found.has('open')) return 'open';
  if (found.has('closed')) return 'closed';
  if (loose) return 'open';
  return found.has('nothing') ? 'nothing' : 'lost';
}

const receiverOf = (callee: Expr): Expr[] =>
  callee.k === 'ref' && callee.path.includes('.')
    ? [{ ...callee, path: callee.path.slice(0, callee.path.lastIndexOf('.')) }]
    : [];

function ofShape(
  f: Following,
  at: Frame,
  shape: Extract<Expr, { k: 'obj' }>,
  key: string,
  rest: readonly string[],
  depth: number,
): Lets {
  const own = shape.props.findLast((prop) => prop.key === key);
  if (own) return letsThrough(f, at, own.value, rest, depth + 1);
  const spreads = shape.props.filter((prop) => prop.key === '...');
  const found = spreads.map((prop) => letsThrough(f, at, prop.value, [key, ...rest], depth + 1));
  return found.find((one) => one !== 'nothing') ?? 'nothing';
}

/** The expression that a name stands for. */
function standing(f: Following, frame: Frame, expr: Expr): { readonly at: Frame; readonly expr: Expr } | undefined {
  if (expr.k === 'await') return standing(f, frame, expr.of);
  if (expr.k !== 'ref' && expr.k !== 'member') return { at: frame, expr };
  const origin = f.model.origin(frame.file, frame.fn, expr);
  if (origin.kind === 'value' && !origin.member && origin.expr.k !== 'other')
    return { at: { file: origin.file, fn: origin.fn }, expr: origin.expr };
  const kept = origin.kind === 'package' && origin.called ? written(f, frame, expr) : undefined;
  return kept;
}

/** A value that a package made: the call itself. */
function written(f: Following, frame: Frame, expr: Expr): { readonly at: Frame; readonly expr: Expr } | undefined {
  if (expr.k !== 'ref') return undefined;
  const name = expr.path.split('.')[0] ?? '';
  const source = f.model.get(frame.file);
  for (const stmt of source?.summary.functions[0]?.body ?? [])
    if (stmt.k === 'let' && stmt.pattern.k === 'name' && stmt.pattern.name === name && stmt.init)
      return { at: { file: frame.file, fn: 0 }, expr: stmt.init };
  const imported = source?.head.imports.find((one) => one.names.some((each) => each.local === name));
  const target = imported && source?.resolve(imported.from);
  if (target?.kind !== 'file') return undefined;
  const original = imported?.names.find((each) => each.local === name)?.imported ?? name;
  return written(f, { file: target.path, fn: 0 }, { ...expr, path: original });
}

function closes(f: Following, at: Frame, expr: Expr): boolean {
  let found = false;
  walkExpr(expr, (inner) => {
    if (inner.k === 'call') {
      const name =
        inner.callee.k === 'ref' ? lastOf(inner.callee.path) : inner.callee.k === 'member' ? inner.callee.name : '';
      if (closing.test(name)) found = true;
      const [base] = receiverOf(inner.callee);
      const held = base && standing(f, at, base);
      if (held && held.expr !== expr && held.expr.k === 'call' && closes(f, held.at, held.expr)) found = true;
    }
    if (inner.k === 'ref' && /\bcoerce\b/.test(inner.path)) found = true;
  });
  return found;
}
