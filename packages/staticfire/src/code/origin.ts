import type { CodeModel, Origin, SourceFile, Target } from './model.ts';
import { firstOf, memberOf, unknownOrigin } from './members.ts';
import { scopesOf, type Binding, type Scopes } from './scopes.ts';
import type { Export, Expr } from './summary.ts';
import { eachStmt } from './walk.ts';

/** How far a value is followed before the answer is `unknown`. */
const deepest = 20;

/** What the parts of the tracer need of each other. */
export interface Tracing {
  readonly file: (path: string) => SourceFile | undefined;
  readonly scopes: (file: SourceFile) => Scopes;
  trace(file: string, fn: number, expr: Expr, depth: number): Origin;
  exported(file: string, name: string, depth: number): Origin | undefined;
}

/** Follows names and expressions to what they stand for. */
export function createTracer(
  file: (path: string) => SourceFile | undefined,
): Pick<CodeModel, 'origin' | 'exported' | 'literal'> {
  const known = new WeakMap<SourceFile, Scopes>();
  const exports = new Map<string, Origin | undefined>();
  const tracing: Tracing = {
    file,
    scopes: (source) => {
      const found = known.get(source) ?? scopesOf(source.summary);
      known.set(source, found);
      return found;
    },
    trace: (path, fn, expr, depth) => (depth > deepest ? unknownOrigin : trace(tracing, path, fn, expr, depth)),
    exported: (path, name, depth) => {
      const key = `${path}\0${name}`;
      if (exports.has(key)) return exports.get(key);
      if (depth > deepest) return undefined;
      exports.set(key, undefined);
      const found = findExport(tracing, path, name, depth);
      exports.set(key, found);
      return found;
    },
  };
  return {
    origin: (path, fn, expr) => tracing.trace(path, fn, expr, 0),
    exported: (path, name) => tracing.exported(path, name, 0),
    literal: (path, fn, expr) => literal(tracing, path, fn, expr, 0),
  };
}

function trace(t: Tracing, file: string, fn: number, expr: Expr, depth: number): Origin {
  switch (expr.k) {
    case 'await':
      return t.trace(file, fn, expr.of, depth + 1);
    case 'ref':
      return traceRef(t, file, fn, expr.path, depth);
    case 'member':
      return memberOf(t, t.trace(file, fn, expr.of, depth + 1), expr.name, depth + 1);
    case 'call':
      return traceCall(t, file, fn, expr, depth);
    case 'fn':
      return { kind: 'function', file, fn: expr.fn, called: false, member: '' };
    case 'class':
      return { kind: 'class', file, cls: expr.cls, instance: false, member: '' };
    case 'import':
      return expr.of.k === 'str' ? moduleOrigin(t, file, expr.of.v, '*', depth) : unknownOrigin;
    case 'bin':
      return traceChoice(t, file, fn, expr, depth);
    case 'cond':
      return firstKnown(t.trace(file, fn, expr.then, depth + 1), () => t.trace(file, fn, expr.else, depth + 1));
    case 'assign':
      return t.trace(file, fn, expr.value, depth + 1);
    default:
      return { kind: 'value', file, fn, expr, member: '' };
  }
}

function traceChoice(t: Tracing, file: string, fn: number, expr: Extract<Expr, { k: 'bin' }>, depth: number): Origin {
  if (expr.op === '||' || expr.op === '??')
    return firstKnown(t.trace(file, fn, expr.l, depth + 1), () => t.trace(file, fn, expr.r, depth + 1));
  if (expr.op === '&&') return t.trace(file, fn, expr.r, depth + 1);
  return { kind: 'value', file, fn, expr, member: '' };
}

/** `globalThis.x ?? new X()` and the like: the side that says more. */
function firstKnown(first: Origin, second: () => Origin): Origin {
  const tells =
    first.kind === 'package' || first.kind === 'builtin' || first.kind === 'function' || first.kind === 'class';
  if (tells) return first;
  const other = second();
  return other.kind === 'unknown' ? first : first.kind === 'global' && other.kind === 'value' ? first : other;
}

function traceRef(t: Tracing, file: string, fn: number, path: string, depth: number): Origin {
  const [head, rest] = firstOf(path);
  if (head === 'this') return memberOf(t, thisOf(t, file, fn), rest, depth + 1);
  const source = t.file(file);
  const binding = source && t.scopes(source).lookup(fn, head);
  const base = binding ? traceBinding(t, file, binding, depth + 1) : commonjsName(file, head);
  return memberOf(t, base, rest, depth + 1);
}

function commonjsName(file: string, name: string): Origin {
  if (name === 'exports' || name === 'module') return { kind: 'namespace', file };
  return { kind: 'global', name, member: '' };
}

function thisOf(t: Tracing, file: string, fn: number): Origin {
  const functions = t.file(file)?.summary.functions ?? [];
  for (let at = fn; at > 0; at = functions[at]?.parent ?? -1) {
    const cls = functions[at]?.owner;
    if (cls !== undefined) return { kind: 'class', file, cls, instance: true, member: '' };
  }
  return { kind: 'this', member: '' };
}

function traceBinding(t: Tracing, file: string, binding: Binding, depth: number): Origin {
  switch (binding.k) {
    case 'function':
      return { kind: 'function', file, fn: binding.fn, called: false, member: '' };
    case 'class':
      return { kind: 'class', file, cls: binding.cls, instance: false, member: '' };
    case 'param':
      return { kind: 'param', file, fn: binding.fn, index: binding.index, member: binding.path };
    case 'import':
      return moduleOrigin(t, file, binding.from, binding.imported, depth);
    case 'value':
      return binding.init
        ? memberOf(t, t.trace(file, binding.fn, binding.init, depth + 1), binding.path, depth + 1)
        : unknownOrigin;
  }
}

/** What importing `name` from a specifier gives. */
function moduleOrigin(t: Tracing, file: string, specifier: string, name: string, depth: number): Origin {
  const target: Target = t.file(file)?.resolve(specifier) ?? { kind: 'unresolved' };
  switch (target.kind) {
    case 'package':
      return {
        kind: 'package',
        package: target.name,
        subpath: target.subpath,
        name,
        instance: false,
        called: false,
        member: '',
      };
    case 'builtin':
      return { kind: 'builtin', package: target.name, name, instance: false, called: false, member: '' };
    case 'file':
      return name === '*'
        ? { kind: 'namespace', file: target.path }
        : (t.exported(target.path, name, depth + 1) ?? unknownOrigin);
    default:
      return unknownOrigin;
  }
}

function traceCall(t: Tracing, file: string, fn: number, expr: Extract<Expr, { k: 'call' }>, depth: number): Origin {
  const { callee } = expr;
  const [first] = expr.args;
  if (callee.k === 'ref' && callee.path === 'require' && first?.k === 'str')
    return moduleOrigin(t, file, first.v, '*', depth);
  const called = t.trace(file, fn, callee, depth + 1);
  switch (called.kind) {
    case 'package':
    case 'builtin': {
      const name = called.name === '*' ? 'default' : called.name;
      return { ...called, name, called: true, instance: called.instance || expr.new === true };
    }
    case 'function':
      return called.member ? unknownOrigin : traceReturn(t, called, depth);
    case 'class':
      return expr.new && !called.member ? { ...called, instance: true } : unknownOrigin;
    default:
      return unknownOrigin;
  }
}

/** A call of a function of the repository stands for what it returns, when that can be told. */
function traceReturn(t: Tracing, called: Extract<Origin, { kind: 'function' }>, depth: number): Origin {
  const func = t.file(called.file)?.summary.functions[called.fn];
  const returned: Expr[] = [];
  eachStmt(func?.body ?? [], (stmt) => {
    if (stmt.k === 'return' && stmt.of && stmt.of.k !== 'null' && stmt.of.k !== 'undefined') returned.push(stmt.of);
  });
  for (const expr of returned.toReversed()) {
    const origin = t.trace(called.file, called.fn, expr, depth + 1);
    if (origin.kind !== 'unknown' && origin.kind !== 'param') return origin;
  }
  return { ...called, called: true };
}

function findExport(t: Tracing, path: string, name: string, depth: number): Origin | undefined {
  const source = t.file(path);
  if (!source) return undefined;
  if (name === '*') return { kind: 'namespace', file: path };
  const direct = source.head.exports.find((e) => e.name === name && !e.typeOnly);
  if (direct) return exportOrigin(t, source, direct, depth);
  const star = name === 'default' ? undefined : starExport(t, source, name, depth);
  if (star) return star;
  const whole = source.head.exports.find((e) => e.name === 'default' && !e.typeOnly);
  if (!whole || !isCommonjs(source)) return undefined;
  return memberOf(t, exportOrigin(t, source, whole, depth), name, depth + 1);
}

/** `export * from`: a file of the repository tells whether it has the name, a package might. */
function starExport(t: Tracing, source: SourceFile, name: string, depth: number): Origin | undefined {
  const stars = source.head.exports.flatMap((e) =>
    e.name === '*' && !e.typeOnly && e.from !== undefined ? [e.from] : [],
  );
  for (const from of stars) {
    const target = source.resolve(from);
    const found = target.kind === 'file' ? t.exported(target.path, name, depth + 1) : undefined;
    if (found) return found;
  }
  const outside = stars.filter((from) => source.resolve(from).kind === 'package');
  return outside.length === 1 && outside[0] !== undefined
    ? moduleOrigin(t, source.path, outside[0], name, depth + 1)
    : undefined;
}

/** Only a CommonJS module is its default export: `import` and `export` declarations make another kind. */
const isCommonjs = (source: SourceFile): boolean =>
  !source.head.imports.some((i) => i.kind === 'static') &&
  !source.head.exports.some((e) => e.typeOnly || e.from !== undefined) &&
  source.summary.exports.every((e) => e.value !== undefined);

function exportOrigin(t: Tracing, source: SourceFile, head: Export, depth: number): Origin {
  if (head.from !== undefined) return moduleOrigin(t, source.path, head.from, head.imported ?? head.name, depth + 1);
  const full = source.summary.exports.find((e) => e.name === head.name && e.at === head.at) ?? head;
  if (full.value && full.value.k !== 'ref') return t.trace(source.path, 0, full.value, depth + 1);
  const local = full.value?.k === 'ref' ? full.value.path : (full.local ?? full.name);
  return traceRef(t, source.path, 0, local, depth + 1);
}

/** The value of a constant expression. */
function literal(
  t: Tracing,
  file: string,
  fn: number,
  expr: Expr,
  depth: number,
): string | number | boolean | null | undefined {
  if (depth > deepest) return undefined;
  switch (expr.k) {
    case 'str':
    case 'num':
    case 'bool':
      return expr.v;
    case 'null':
      return null;
    case 'unary':
      return negated(literal(t, file, fn, expr.of, depth + 1), expr.op);
    case 'template':
      return expr.tag
        ? undefined
        : joined(
            expr.parts,
            expr.of.map((hole) => literal(t, file, fn, hole, depth + 1)),
          );
    case 'bin': {
      if (!['+', '*', '-'].includes(expr.op)) return undefined;
      return combined(literal(t, file, fn, expr.l, depth + 1), expr.op, literal(t, file, fn, expr.r, depth + 1));
    }
    case 'ref':
    case 'member': {
      const origin = t.trace(file, fn, expr, depth + 1);
      if (origin.kind !== 'value' || origin.member || origin.expr === expr) return undefined;
      return literal(t, origin.file, origin.fn, origin.expr, depth + 1);
    }
    default:
      return undefined;
  }
}

function negated(value: string | number | boolean | null | undefined, op: string): number | boolean | undefined {
  if (op === '-' && typeof value === 'number') return -value;
  return op === '!' && value !== undefined ? !value : undefined;
}

function combined(l: unknown, op: string, r: unknown): string | number | undefined {
  if (typeof l === 'number' && typeof r === 'number') return op === '*' ? l * r : op === '-' ? l - r : l + r;
  const joinable = (v: unknown): boolean => typeof v === 'string' || typeof v === 'number';
  return op === '+' && joinable(l) && joinable(r) ? `${String(l)}${String(r)}` : undefined;
}

function joined(parts: readonly string[], holes: readonly unknown[]): string | undefined {
  if (holes.some((hole) => hole === undefined)) return undefined;
  return parts.map((part, i) => (i < holes.length ? `${part}${String(holes[i])}` : part)).join('');
}
