import type { Class } from '../../code/summary.ts';
import { evaluate } from './expressions.ts';
import { runFunction } from './calls.ts';
import type { Machine } from './machine.ts';
import { exportValue } from './modules.ts';
import { nothing, unknown, type ClassValue, type Value } from './values.ts';

export const classOf = (m: Machine, { file, cls }: ClassValue): Class | undefined =>
  m.site.code.get(file)?.summary.classes[cls];

/** The class above, when the repository holds it. */
export function baseOf(m: Machine, cls: ClassValue): Value | undefined {
  const own = classOf(m, cls);
  return own?.extends ? evaluate(m, cls.scope, own.extends) : undefined;
}

/** A member of a value; `unknown` where it cannot be told. */
export function memberOf(m: Machine, of: Value, name: string): Value {
  switch (of.k) {
    case 'obj':
      return of.props.get(name) ?? (of.cls ? ofClass(m, of.cls, of, name, 0) : unknown);
    case 'class':
      return staticOf(m, of, name);
    case 'module':
      return exportValue(m, of.file, name);
    case 'pkg':
      return memberOfPackage(of, name);
    case 'thing': {
      const library = m.libraries.find(({ id }) => id === of.thing.library);
      return library?.member?.(m.run, of.thing, name) ?? { k: 'method', of, name };
    }
    case 'arr':
      return /^\d+$/.test(name) ? (of.items[Number(name)] ?? nothing) : { k: 'method', of, name };
    case 'any':
      return { k: 'any', of: of.of.map((one) => memberOf(m, one, name)) };
    case 'text':
    case 'fn':
    case 'method':
      return { k: 'method', of, name };
    default:
      return unknown;
  }
}

function memberOfPackage(of: Extract<Value, { k: 'pkg' }>, name: string): Value {
  const whole = (of.name === '*' || of.name === 'default') && of.path === '';
  if (whole && name === 'default') return { ...of, name: 'default' };
  return whole ? { ...of, name } : { ...of, path: of.path ? `${of.path}.${name}` : name };
}

function ofClass(m: Machine, cls: ClassValue, self: Value, name: string, depth: number): Value {
  const own = classOf(m, cls);
  const member = own?.members.find((one) => one.name === name && !one.static);
  if (member?.fn !== undefined) {
    const fn: Value = { k: 'fn', file: cls.file, fn: member.fn, scope: cls.scope, self };
    return member.kind === 'get' ? runFunction(m, fn, []) : fn;
  }
  const base = depth < 8 ? baseOf(m, cls) : undefined;
  if (base?.k === 'class') return ofClass(m, base, self, name, depth + 1);
  // `class App extends Hono`: the part that the library gave.
  const made = self.k === 'obj' ? self.props.get('super') : undefined;
  return made ? memberOf(m, made, name) : unknown;
}

function staticOf(m: Machine, of: ClassValue, name: string): Value {
  const member = classOf(m, of)?.members.find((one) => one.name === name && one.static);
  if (member?.fn !== undefined) return { k: 'fn', file: of.file, fn: member.fn, scope: of.scope, self: of };
  if (member?.value) return evaluate(m, of.scope, member.value);
  const base = baseOf(m, of);
  return base?.k === 'class' ? staticOf(m, base, name) : unknown;
}
