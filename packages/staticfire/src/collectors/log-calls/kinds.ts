import type { CodeModel, Origin } from '../../code/model.ts';
import type { CallSite } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { walkStmts } from '../../code/walk.ts';
import type { SitesByFile } from '../../facts/calls.ts';
import { levels, plainLoggers, structuredLoggers } from './loggers.ts';

export type Kind = 'structured' | 'plain' | 'lost';

/** What the service's frameworks log with. */
export interface Backends {
  /** The Logger of NestJS. */
  readonly nest: Kind;
  /** `request.log` and `app.log`. */
  readonly request: Kind;
}

/** Tells what a log call ends in: a record, a text, or something that could not be followed. */
export interface Classifier {
  of(call: CallSite, origin: Origin): Kind | undefined;
}

const deepest = 6;

export function classifier(model: CodeModel, sites: SitesByFile, backends: Backends): Classifier {
  const functions = new Map<string, Kind | undefined>();
  const ofOrigin = (origin: Origin, name: string, depth: number): Kind | undefined => {
    switch (origin.kind) {
      case 'global':
        return origin.name === 'console' ? 'plain' : undefined;
      case 'package':
        return ofPackage(origin.package, backends);
      case 'builtin':
        return origin.package === 'console' ? 'plain' : undefined;
      case 'function':
        return ofFunction(origin.file, origin.fn, depth);
      case 'class':
        return ofClass(origin, name, depth);
      default:
        return undefined;
    }
  };
  const ofFunction = (file: string, fn: number, depth: number): Kind | undefined => {
    const key = `${file}\0${fn}`;
    if (functions.has(key)) return functions.get(key);
    if (depth > deepest) return undefined;
    functions.set(key, undefined);
    const kind = writes(model, sites, file, fn, (call) => {
      const origin = model.origin(file, call.fn, call.expr.callee);
      return isLine(call, origin) || origin.kind === 'function' ? ofOrigin(origin, call.name, depth + 1) : undefined;
    });
    functions.set(key, kind);
    return kind;
  };
  const ofClass = (origin: Extract<Origin, { kind: 'class' }>, name: string, depth: number): Kind | undefined => {
    const cls = model.get(origin.file)?.summary.classes[origin.cls];
    const member = cls?.members.find((m) => m.name === name && m.fn !== undefined);
    if (member?.fn !== undefined) return ofFunction(origin.file, member.fn, depth + 1);
    const base = cls?.extends && model.origin(origin.file, cls.parent, cls.extends);
    return base ? ofOrigin(base, name, depth + 1) : undefined;
  };
  return { of: (call, origin) => ofOrigin(origin, call.name, 0) };
}

function ofPackage(name: string, backends: Backends): Kind | undefined {
  if (structuredLoggers.has(name)) return 'structured';
  if (plainLoggers.has(name)) return 'plain';
  if (name === '@nestjs/common') return backends.nest;
  return name === 'fastify' || name.startsWith('@fastify/') ? backends.request : undefined;
}

const names: ReadonlySet<string> = new Set(levels);
const isLine = (call: CallSite, origin: Origin): boolean =>
  names.has(call.name) || (origin.kind === 'global' && origin.name === 'console');

/** What a wrapper writes with: records if anything in it does, else text. */
function writes(
  model: CodeModel,
  sites: SitesByFile,
  file: string,
  fn: number,
  kindOf: (call: CallSite) => Kind | undefined,
): Kind | undefined {
  let found: Kind | undefined;
  const inner = insideOf(model, file, fn);
  for (const call of sites.of(file).calls) {
    if (!inner.has(call.fn)) continue;
    if (printsJson(model, call)) return 'structured';
    const kind = kindOf(call);
    if (kind === 'structured') return kind;
    found ??= kind;
  }
  return found;
}

function insideOf(model: CodeModel, file: string, fn: number): ReadonlySet<number> {
  const inner = new Set([fn]);
  (model.get(file)?.summary.functions ?? []).forEach((func, index) => {
    if (inner.has(func.parent)) inner.add(index);
  });
  return inner;
}

/** `console.log(JSON.stringify(entry))` and `process.stdout.write(JSON.stringify(entry) + '\n')`. */
export function printsJson(model: CodeModel, call: CallSite): boolean {
  if (!/^(?:console\.\w+|process\.std(?:out|err)\.write)$/.test(call.path)) return false;
  const [first] = call.expr.args;
  return first !== undefined && call.expr.args.length === 1 && stringifies(model, call, first, 0);
}

function stringifies(model: CodeModel, call: CallSite, expr: Expr, depth: number): boolean {
  if (depth > 3) return false;
  if (expr.k === 'bin' && expr.op === '+') return stringifies(model, call, expr.l, depth + 1);
  if (expr.k === 'template')
    return (
      expr.parts.every((part) => part.trim() === '') &&
      expr.of.some((hole) => stringifies(model, call, hole, depth + 1))
    );
  if (expr.k === 'call') return isStringify(expr) || returnsJson(model, call, expr);
  if (expr.k !== 'ref') return false;
  const origin = model.origin(call.file, call.fn, expr);
  return (origin.kind === 'global' && origin.name === 'JSON') || bindsJson(model, call, expr.path);
}

const isStringify = (expr: Expr): boolean =>
  expr.k === 'call' &&
  expr.callee.k === 'ref' &&
  /^(?:JSON\.stringify|safeStringify|stringify|fastSafeStringify)$/.test(expr.callee.path);

function returnsJson(model: CodeModel, call: CallSite, expr: Extract<Expr, { k: 'call' }>): boolean {
  const origin = model.origin(call.file, call.fn, expr.callee);
  if (origin.kind !== 'function') return false;
  let found = false;
  walkStmts(model.get(origin.file)?.summary.functions[origin.fn]?.body ?? [], (inner) => {
    if (isStringify(inner)) found = true;
  });
  return found;
}

/** `const line = JSON.stringify(entry)` in the same function. */
function bindsJson(model: CodeModel, call: CallSite, name: string): boolean {
  const body = model.get(call.file)?.summary.functions[call.fn]?.body ?? [];
  return body.some(
    (stmt) =>
      stmt.k === 'let' &&
      stmt.pattern.k === 'name' &&
      stmt.pattern.name === name &&
      stmt.init !== undefined &&
      (isStringify(stmt.init) || (stmt.init.k === 'bin' && isStringify(stmt.init.l))),
  );
}
