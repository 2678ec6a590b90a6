import { runFunction } from './calls.ts';
import type { Machine } from './machine.ts';
import { entriesOf } from './modules.ts';
import { either, flatten, nothing, text, unknown, type Arg, type FunctionValue, type Value } from './values.ts';

/** Methods of lists and texts, and the few functions of Node.js that paths are made with. */
export function builtinCall(m: Machine, fn: Value, args: readonly Arg[]): Value | undefined {
  if (fn.k === 'pkg' && fn.package === 'node:path') return pathCall(fn.path || fn.name, args);
  if (fn.k !== 'method') return undefined;
  if (fn.of.k === 'arr') return listCall(m, fn.of.items, fn.name, args);
  if (fn.of.k === 'text') return textCall(fn.of.v, fn.of.partial, fn.name, args);
  return undefined;
}

function pathCall(name: string, args: readonly Arg[]): Value | undefined {
  if (!/(?:^|\.)(?:join|resolve)$/.test(name)) return undefined;
  const parts = args.map(({ value }) => (value.k === 'text' ? value.v : undefined));
  return parts.every((part) => part !== undefined) ? text(parts.join('/').replaceAll(/\/+/g, '/')) : unknown;
}

function textCall(value: string, partial: boolean, name: string, args: readonly Arg[]): Value | undefined {
  switch (name) {
    case 'toLowerCase':
      return text(value.toLowerCase(), partial);
    case 'toUpperCase':
      return text(value.toUpperCase(), partial);
    case 'trim':
    case 'toString':
      return text(value, partial);
    case 'concat': {
      const parts = args.map(({ value: one }) => (one.k === 'text' ? one.v : '{…}'));
      return text(value + parts.join(''), partial || args.some(({ value: one }) => one.k !== 'text' || one.partial));
    }
    default:
      return undefined;
  }
}

function listCall(m: Machine, items: Value[], name: string, args: readonly Arg[]): Value | undefined {
  const [first] = args;
  const callback = first?.value.k === 'fn' ? first.value : undefined;
  switch (name) {
    case 'push':
    case 'unshift':
      for (const { value } of args) items.push(value);
      return nothing;
    case 'concat':
      return {
        k: 'arr',
        items: [...items, ...args.flatMap(({ value }) => (value.k === 'arr' ? value.items : [value]))],
      };
    case 'forEach':
    case 'map':
    case 'flatMap':
      return callback ? mapped(m, items, callback, args, name) : undefined;
    case 'reduce':
      return callback ? reduced(m, items, callback, args) : undefined;
    case 'filter':
    case 'slice':
    case 'reverse':
    case 'sort':
    case 'toSorted':
    case 'toReversed':
      return { k: 'arr', items };
    case 'flat':
      return { k: 'arr', items: items.flatMap((item) => (item.k === 'arr' ? item.items : [item])) };
    case 'find':
    case 'at':
    case 'pop':
    case 'shift':
      return either(items);
    default:
      return undefined;
  }
}

const argOf = (like: Arg | undefined, value: Value): Arg =>
  like ? { ...like, value } : { value, expr: { k: 'other' }, site: { file: '', fn: 0, at: 0 } };

function mapped(m: Machine, items: readonly Value[], fn: FunctionValue, args: readonly Arg[], name: string): Value {
  const given = items.map((item, index) =>
    runFunction(m, fn, [argOf(args[0], item), argOf(args[0], { k: 'lit', v: index })]),
  );
  if (name === 'forEach') return nothing;
  return {
    k: 'arr',
    items: name === 'flatMap' ? given.flatMap((one) => (one.k === 'arr' ? one.items : [one])) : given,
  };
}

function reduced(m: Machine, items: readonly Value[], fn: FunctionValue, args: readonly Arg[]): Value {
  let value = args[1]?.value ?? items[0] ?? unknown;
  for (const item of args[1] ? items : items.slice(1)) {
    const next = runFunction(m, fn, [argOf(args[0], value), argOf(args[0], item)]);
    if (next.k !== 'unknown') value = next;
  }
  return value;
}

/** Calls of globals. */
export function globalCall(m: Machine, path: string, args: readonly Arg[]): Value | undefined {
  const of = args[0]?.value;
  switch (path) {
    case 'Object.entries':
      return of && listOf(m, of, (key, value) => ({ k: 'arr', items: [text(key), value] }));
    case 'Object.values':
      return of && listOf(m, of, (_, value) => value);
    case 'Object.keys':
      return of && listOf(m, of, (key) => text(key));
    case 'Object.assign':
    case 'Object.freeze':
      return of?.k === 'obj' ? assigned(of, args) : of;
    case 'Promise.all':
    case 'Array.from':
    case 'Promise.resolve':
      return of?.k === 'arr' || of?.k === 'thing' || of?.k === 'obj' ? of : undefined;
    case 'String':
      return of?.k === 'text' ? of : undefined;
    case 'Array.of':
      return { k: 'arr', items: args.flatMap(({ value }) => flatten(value)) };
    default:
      return undefined;
  }
}

function listOf(m: Machine, of: Value, item: (key: string, value: Value) => Value): Value | undefined {
  if (of.k === 'obj') return { k: 'arr', items: [...of.props].map(([key, value]) => item(key, value)) };
  if (of.k === 'module') return { k: 'arr', items: entriesOf(m, of.file).map(([key, value]) => item(key, value)) };
  return undefined;
}

function assigned(of: Extract<Value, { k: 'obj' }>, args: readonly Arg[]): Value {
  for (const { value } of args.slice(1))
    if (value.k === 'obj') for (const [key, inner] of value.props) of.props.set(key, inner);
  return of;
}
