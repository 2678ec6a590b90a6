import type { Expr, Func } from '../../code/summary.ts';
import { builtinCall, globalCall } from './builtins.ts';
import { evaluate, loaded } from './expressions.ts';
import { libraryOf, type Machine } from './machine.ts';
import { baseOf, classOf, memberOf } from './members.ts';
import { runBlock } from './statements.ts';
import { bindPattern, hoist, newScope, selfOf, touched } from './scopes.ts';
import {
  either,
  escape,
  flatten,
  holdsThing,
  itemsAsArgs,
  nothing,
  unknown,
  type Arg,
  type ClassValue,
  type FunctionValue,
  type Made,
  type Scope,
  type Site,
  type Value,
} from './values.ts';

type CallExpr = Extract<Expr, { k: 'call' }>;

/** A call or construction. */
export function callExpr(m: Machine, scope: Scope, expr: CallExpr): Value {
  const { callee } = expr;
  if (callee.k === 'ref' && callee.path === 'require' && expr.args[0]) return loaded(m, scope, expr.args[0]);
  if (callee.k === 'ref' && callee.path === 'super') return superCall(m, scope, expr);
  const site: Site = { file: scope.file, fn: scope.fn, at: expr.at };
  const fn = calleeValue(m, scope, callee);
  const args = argumentsOf(m, scope, expr, site, fn);
  if (callee.k === 'ref' && fn.k === 'unknown') {
    const known = globalCall(m, callee.path, args);
    if (known) return known;
  }
  if (fn.k === 'unknown') sayMissing(m, scope, callee, args, site);
  const given = either(eachCallee(fn).map((one) => callValue(m, one, args, site, expr.new === true)));
  return withOrigin(given, { callee: fn, args, expr, site });
}

/** A file that is made by a build registers something on what it is handed. */
function sayMissing(m: Machine, { file }: Scope, callee: Expr, args: readonly Arg[], site: Site): void {
  const handed = args.find(({ value }) => value.k === 'thing')?.value;
  const name = callee.k === 'ref' ? callee.path.split('.')[0] : undefined;
  const source = m.site.code.get(file);
  const from = source?.head.imports.find(({ names }) => names.some(({ local }) => local === name))?.from;
  if (handed?.k !== 'thing' || !from?.startsWith('.') || source?.resolve(from).kind !== 'unresolved') return;
  m.run.lose(site, handed.thing.library, 'number', `${from}, which registers routes, is not in the repository`);
}

/** A function, or something unknown, remembers the call that gave it. */
function withOrigin(given: Value, from: Made): Value {
  if (from.callee.k === 'method' && from.callee.name === 'bind') return given;
  return given.k === 'unknown' || given.k === 'fn' ? { ...given, from } : given;
}

const eachCallee = (fn: Value): readonly Value[] => (fn.k === 'any' ? fn.of.flatMap(eachCallee) : [fn]);

function calleeValue(m: Machine, scope: Scope, callee: Expr): Value {
  if (callee.k === 'ref') {
    const dot = callee.path.lastIndexOf('.');
    if (dot === -1) return evaluate(m, scope, callee);
    const of = evaluate(m, scope, { ...callee, path: callee.path.slice(0, dot) });
    return methodOf(m, of, callee.path.slice(dot + 1));
  }
  if (callee.k === 'member') return methodOf(m, evaluate(m, scope, callee.of), callee.name);
  return evaluate(m, scope, callee);
}

function methodOf(m: Machine, of: Value, name: string): Value {
  if (of.k === 'any') return { k: 'any', of: of.of.map((one) => methodOf(m, one, name)) };
  const value = memberOf(m, of, name);
  if (value.k !== 'unknown') return value;
  return of.k === 'unknown' || of.k === 'lit' ? unknown : { k: 'method', of, name };
}

function argumentsOf(m: Machine, scope: Scope, expr: CallExpr, site: Site, fn: Value): readonly Arg[] {
  const registers = fn.k === 'method' && fn.of.k === 'thing';
  if (registers) m.quiet += 1;
  const args = expr.args.flatMap((arg): Arg[] => {
    const value = evaluate(m, scope, arg);
    if (arg.k === 'spread' && value.k === 'arr') return itemsAsArgs({ value, expr: arg.of, site });
    return [{ value, expr: arg.k === 'spread' ? arg.of : arg, site }];
  });
  if (registers) m.quiet -= 1;
  return args;
}

export function callValue(m: Machine, fn: Value, args: readonly Arg[], site: Site, isNew = false): Value {
  switch (fn.k) {
    case 'fn':
      return runFunction(m, fn, args);
    case 'class':
      return isNew ? construct(m, fn, args) : unknown;
    case 'pkg':
      return packageCall(m, fn, args, site);
    case 'method':
      return methodCall(m, fn, args, site);
    default:
      return lostCall(m, args);
  }
}

function packageCall(m: Machine, fn: Extract<Value, { k: 'pkg' }>, args: readonly Arg[], site: Site): Value {
  for (const library of libraryOf(m, fn.package, fn.subpath)) {
    const made = library.make(m.run, fn, args, site);
    if (made) return made;
  }
  const known = fn.package.startsWith('node:') ? builtinCall(m, fn, args) : undefined;
  return known ?? lostCall(m, args);
}

function methodCall(m: Machine, fn: Extract<Value, { k: 'method' }>, args: readonly Arg[], site: Site): Value {
  const { of, name } = fn;
  if (of.k === 'thing') {
    const library = m.libraries.find(({ id }) => id === of.thing.library);
    const found = library?.call(m.run, of.thing, name, args, site);
    if (found) return found;
    runHanded(m, args);
    return unknown;
  }
  if (name === 'bind' || name === 'then' || name === 'catch' || name === 'finally') return continued(m, fn, args);
  if ((name === 'call' || name === 'apply') && (of.k === 'fn' || of.k === 'method')) return applied(m, fn, args, site);
  const known = builtinCall(m, fn, args);
  return known ?? lostCall(m, args);
}

function applied(m: Machine, fn: Extract<Value, { k: 'method' }>, args: readonly Arg[], site: Site): Value {
  const rest = args.slice(1);
  const spread =
    fn.name === 'apply' ? rest.flatMap((arg) => flatten(arg.value).map((value) => ({ ...arg, value }))) : rest;
  return callValue(m, fn.of, spread, site);
}

/** `promise.then(f)` runs f with the value; a bound function is itself. */
function continued(m: Machine, { of, name }: Extract<Value, { k: 'method' }>, args: readonly Arg[]): Value {
  if (name === 'bind') return of;
  const [first] = args;
  if (first?.value.k !== 'fn' || name !== 'then') {
    runHanded(m, args);
    return of;
  }
  return runFunction(m, first.value, [{ ...first, value: of }]);
}

/** Code that is not followed: what it was handed may be used, and functions may be called. */
function lostCall(m: Machine, args: readonly Arg[]): Value {
  for (const { value } of args) escape(value);
  runHanded(m, args);
  const [first] = args;
  // A container that is asked for a class gives an instance.
  return first?.value.k === 'class' && args.length === 1 ? instanceOf(m, first.value) : unknown;
}

function runHanded(m: Machine, args: readonly Arg[]): void {
  if (m.quiet > 0) return;
  for (const { value } of args) {
    if (value.k === 'fn') runFunction(m, value, []);
    else if (value.k === 'obj' && !value.cls)
      for (const inner of value.props.values()) if (inner.k === 'fn') runFunction(m, inner, []);
  }
}

const deepestStack = 40;
const mostRuns = 3;

/** Runs a function of the repository when routes may be made in it. */
export function runFunction(m: Machine, fn: FunctionValue, args: readonly Arg[]): Value {
  const func = m.site.code.get(fn.file)?.summary.functions[fn.fn];
  if (!func || m.fuel <= 0 || m.stack.length >= deepestStack) return unknown;
  const handed = args.some(({ value }) => holdsThing(value)) || (fn.self !== undefined && holdsThing(fn.self));
  if (!handed && !touched(fn.scope) && !m.matters.has(fn.file)) return unknown;
  if (m.stack.filter((one) => one.file === fn.file && one.fn === fn.fn).length >= 2) return unknown;
  const key = `${fn.file}\0${fn.fn}`;
  const runs = (m.runs.get(key) ?? 0) + 1;
  m.runs.set(key, runs);
  if (!handed && args.length === 0 && runs > mostRuns) return unknown;
  return body(m, fn, func, args);
}

function body(m: Machine, fn: FunctionValue, func: Func, args: readonly Arg[]): Value {
  const scope = newScope(fn.file, fn.fn, fn.scope, fn.self);
  const summary = m.site.code.get(fn.file)?.summary;
  if (summary) hoist(scope, summary);
  bindParams(m, scope, func, args);
  const returned: Value[] = [];
  m.stack.push({ file: fn.file, fn: fn.fn, args });
  runBlock(m, scope, func.body, returned);
  m.stack.pop();
  return returned.length === 0 ? nothing : either(returned);
}

function bindParams(m: Machine, scope: Scope, func: Func, args: readonly Arg[]): void {
  func.params.forEach((param, index) => {
    const given: Value = param.rest
      ? { k: 'arr', items: args.slice(index).map(({ value }) => value) }
      : (args[index]?.value ?? nothing);
    const missing = given.k === 'unknown' || (given.k === 'lit' && given.v === undefined);
    const value =
      missing && param.default ? evaluate(m, scope, param.default) : missing ? injected(m, scope, param.type) : given;
    bindPattern(
      scope,
      param.pattern,
      value,
      (of, name) => memberOf(m, of, name),
      (expr) => evaluate(m, scope, expr),
    );
    const self = param.property ? selfOf(scope) : undefined;
    if (self?.k === 'obj' && param.pattern.k === 'name') self.props.set(param.pattern.name, value);
  });
}

/** What a container hands to a parameter whose type is a class of the repository. */
function injected(m: Machine, scope: Scope, type: string | undefined): Value {
  const name = type && /^[A-Z]\w*$/.exec(type)?.[0];
  if (!name || !m.matters.has(scope.file)) return unknown;
  const value = evaluate(m, scope, { k: 'ref', path: name, at: 0 });
  return value.k === 'class' ? instanceOf(m, value) : unknown;
}

/** The one instance that a container makes of a class. */
export function instanceOf(m: Machine, cls: ClassValue): Value {
  const key = `${cls.file}\0${cls.cls}`;
  const before = m.injected.get(key);
  if (before) return before;
  m.injected.set(key, unknown);
  const open = m.open.splice(0);
  const made = construct(m, cls, []);
  m.open.push(...open);
  m.injected.set(key, made);
  return made;
}

/** A new instance: fields first, then the constructor. */
function construct(m: Machine, cls: ClassValue, args: readonly Arg[]): Value {
  const self: Value = { k: 'obj', props: new Map(), cls };
  const worth = m.matters.has(cls.file) || touched(cls.scope) || args.some(({ value }) => holdsThing(value));
  if (worth && m.stack.length < deepestStack) initialise(m, cls, self, args, 0);
  return self;
}

function initialise(
  m: Machine,
  cls: ClassValue,
  self: Extract<Value, { k: 'obj' }>,
  args: readonly Arg[],
  depth: number,
): void {
  const own = classOf(m, cls);
  if (!own || depth > 8) return;
  m.made.add(`${cls.file}\0${cls.cls}`);
  const maker = own.members.find(({ kind }) => kind === 'constructor')?.fn;
  if (maker === undefined) above(m, cls, self, args, depth);
  const scope = newScope(cls.file, own.parent, cls.scope, self);
  for (const member of own.members) {
    if (member.static || member.kind !== 'property' || !member.value) continue;
    self.props.set(member.name, evaluate(m, scope, member.value));
  }
  if (maker === undefined) return;
  const fn: FunctionValue = { k: 'fn', file: cls.file, fn: maker, scope: { ...cls.scope, touched: true }, self };
  const func = m.site.code.get(cls.file)?.summary.functions[maker];
  if (func) body(m, fn, func, args);
}

function above(
  m: Machine,
  cls: ClassValue,
  self: Extract<Value, { k: 'obj' }>,
  args: readonly Arg[],
  depth: number,
): void {
  const base = baseOf(m, cls);
  if (base?.k === 'class') initialise(m, base, self, args, depth + 1);
  if (base?.k !== 'pkg') return;
  const at = classOf(m, cls)?.at ?? 0;
  const made = packageCall(m, base, args, { file: cls.file, fn: 0, at });
  if (made.k === 'thing') self.props.set('super', made);
}

/** `super(…)` in a constructor. */
function superCall(m: Machine, scope: Scope, expr: CallExpr): Value {
  const self = selfOf(scope);
  const owner = m.site.code.get(scope.file)?.summary.functions[scope.fn]?.owner;
  if (self?.k !== 'obj' || owner === undefined || !scope.parent) return unknown;
  const site: Site = { file: scope.file, fn: scope.fn, at: expr.at };
  const args = argumentsOf(m, scope, expr, site, unknown);
  above(m, { k: 'class', file: scope.file, cls: owner, scope: scope.parent }, self, args, 1);
  return nothing;
}
