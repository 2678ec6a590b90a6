import type { Origin } from './model.ts';
import type { Tracing } from './origin.ts';
import type { Class, Expr } from './summary.ts';
import { walkStmts } from './walk.ts';

/** What could not be followed. */
export const unknownOrigin: Origin = { kind: 'unknown' };

/** The first name of a dotted path, and the path behind it. */
export function firstOf(path: string): readonly [name: string, rest: string] {
  const dot = path.indexOf('.');
  return dot === -1 ? [path, ''] : [path.slice(0, dot), path.slice(dot + 1)];
}

/** What the members of a dotted path mean on something already followed. */
export function memberOf(t: Tracing, origin: Origin, path: string, depth: number): Origin {
  if (path === '') return origin;
  const [name, rest] = firstOf(path);
  switch (origin.kind) {
    case 'package':
    case 'builtin':
      return ofModule(origin, path);
    case 'namespace': {
      const found = t.exported(origin.file, name, depth + 1);
      return found ? memberOf(t, found, rest, depth + 1) : unknownOrigin;
    }
    case 'class':
      return ofClass(t, origin, name, rest, depth);
    case 'value':
      return ofValue(t, origin, path, depth);
    case 'unknown':
      return origin;
    default:
      return { ...origin, member: joined(origin.member, path) };
  }
}

const joined = (before: string, path: string): string => (before ? `${before}.${path}` : path);

/** The first member of a default or namespace import is an export of the package. */
function ofModule(origin: Extract<Origin, { kind: 'package' | 'builtin' }>, path: string): Origin {
  const whole =
    !origin.called && !origin.instance && origin.member === '' && (origin.name === '*' || origin.name === 'default');
  if (!whole) return { ...origin, member: joined(origin.member, path) };
  const [name = '', ...rest] = path.split('.');
  return { ...origin, name, member: rest.join('.') };
}

function ofClass(
  t: Tracing,
  origin: Extract<Origin, { kind: 'class' }>,
  name: string,
  rest: string,
  depth: number,
): Origin {
  const lost: Origin = { ...origin, member: joined(origin.member, joined(name, rest)) };
  if (origin.member || depth > 20) return lost;
  const cls = t.file(origin.file)?.summary.classes[origin.cls];
  if (!cls) return lost;
  const own = ownMember(t, origin.file, cls, name, origin.instance, depth);
  if (own) return memberOf(t, own, rest, depth + 1);
  if (!cls.extends) return lost;
  const base = t.trace(origin.file, cls.parent, cls.extends, depth + 1);
  if (base.kind === 'class') return memberOf(t, { ...base, instance: origin.instance }, joined(name, rest), depth + 1);
  if (base.kind === 'package') return memberOf(t, { ...base, instance: true }, joined(name, rest), depth + 1);
  return lost;
}

function ownMember(
  t: Tracing,
  file: string,
  cls: Class,
  name: string,
  instance: boolean,
  depth: number,
): Origin | undefined {
  const member = cls.members.find((m) => m.name === name && m.static !== instance);
  if (member?.kind === 'get' && member.fn !== undefined)
    return { kind: 'function', file, fn: member.fn, called: true, member: '' };
  if (member?.fn !== undefined) return { kind: 'function', file, fn: member.fn, called: false, member: '' };
  if (member?.value) return t.trace(file, cls.parent, member.value, depth + 1);
  return instance ? setInConstructor(t, file, cls, name, depth) : undefined;
}

/** `this.x = …` in the constructor, or `constructor(private x: X)`. */
function setInConstructor(t: Tracing, file: string, cls: Class, name: string, depth: number): Origin | undefined {
  const fn = cls.members.find((m) => m.kind === 'constructor')?.fn;
  const functions = t.file(file)?.summary.functions ?? [];
  const func = fn === undefined ? undefined : functions[fn];
  if (fn === undefined || !func) return undefined;
  let value: Expr | undefined;
  walkStmts(func.body, (expr) => {
    if (expr.k === 'assign' && expr.target.k === 'ref' && expr.target.path === `this.${name}`)
      value = value && value.k !== 'null' && value.k !== 'undefined' ? value : expr.value;
  });
  if (value) return injected(t, file, t.trace(file, fn, value, depth + 1), depth);
  const index = func.params.findIndex((p) => p.property && p.pattern.k === 'name' && p.pattern.name === name);
  return index === -1 ? undefined : injected(t, file, { kind: 'param', file, fn, index, member: '' }, depth);
}

/** A constructor's parameter whose type is a class stands for an instance of it: how containers inject. */
function injected(t: Tracing, file: string, origin: Origin, depth: number): Origin {
  if (origin.kind !== 'param' || origin.member) return origin;
  const type = t.file(file)?.summary.functions[origin.fn]?.params[origin.index]?.type;
  const name = type && /^[A-Za-z_$][\w$]*/.exec(type)?.[0];
  if (!name) return origin;
  const named = t.trace(file, 0, { k: 'ref', path: name, at: 0 }, depth + 1);
  if (named.kind === 'class') return { ...named, instance: true };
  return named.kind === 'package' ? { ...named, instance: true } : origin;
}

/** Walks into an object literal as far as it goes. */
function ofValue(t: Tracing, origin: Extract<Origin, { kind: 'value' }>, path: string, depth: number): Origin {
  const lost: Origin = { ...origin, member: joined(origin.member, path) };
  if (origin.member || origin.expr.k !== 'obj' || depth > 20) return lost;
  const [name, rest] = firstOf(path);
  for (const prop of origin.expr.props.toReversed()) {
    if (prop.key === name) return memberOf(t, t.trace(origin.file, origin.fn, prop.value, depth + 1), rest, depth + 1);
    if (prop.key !== '...') continue;
    const spread = memberOf(t, t.trace(origin.file, origin.fn, prop.value, depth + 1), path, depth + 1);
    if (spread.kind !== 'unknown' && !('member' in spread && spread.member)) return spread;
  }
  return lost;
}
