import { runsInProduction } from '../../code/production.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { LostEndpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { classAt, classOf, keyOf, type ClassSpot } from './classes.ts';
import { initOf } from '../reading/exports.ts';
import { appliedBy } from './decorators.ts';

export interface Modules {
  readonly controllers: readonly Placed[];
  readonly providers: readonly ClassSpot[];
  /** The reached modules themselves, the root first. */
  readonly modules: readonly ClassSpot[];
  /** Values of providers for APP_GUARD and its likes, by token. */
  readonly global: readonly {
    readonly token: string;
    readonly file: string;
    readonly fn: number;
    readonly expr: Expr;
  }[];
  readonly lost: readonly LostEndpoint[];
}

/** A controller with the prefix that RouterModule gives its module. */
export interface Placed extends ClassSpot {
  readonly prefix: string;
}

interface Where {
  readonly file: string;
  readonly fn: number;
}

interface Reading {
  readonly site: EndpointSite;
  readonly seen: Map<string, ClassSpot>;
  readonly controllers: Map<string, ClassSpot & { readonly module: string }>;
  readonly providers: Map<string, ClassSpot>;
  readonly global: { token: string; file: string; fn: number; expr: Expr }[];
  readonly prefixes: Map<string, string>;
  readonly lost: LostEndpoint[];
}

/** Follows `imports` from the modules that the application is created from. */
export function readModules(site: EndpointSite): Modules {
  const r: Reading = {
    site,
    seen: new Map(),
    controllers: new Map(),
    providers: new Map(),
    global: [],
    prefixes: new Map(),
    lost: [],
  };
  for (const root of rootsOf(site)) readEntry(r, root, root.expr, undefined, 0);
  const controllers = [...r.controllers.values()].map((one) => ({ ...one, prefix: r.prefixes.get(one.module) ?? '' }));
  const [modules, providers] = [[...r.seen.values()], [...r.providers.values()]];
  return { controllers, providers, modules, global: r.global, lost: r.lost };
}

const creators = new Set(['create', 'createMicroservice', 'createApplicationContext']);

function rootsOf(site: EndpointSite): readonly (Where & { readonly expr: Expr })[] {
  return site.importing('@nestjs/core').flatMap((file) =>
    site.sites(file).calls.flatMap((call) => {
      const [first] = call.expr.args;
      if (!first || !creators.has(call.name) || !site.live.hasFunction(file, call.fn)) return [];
      const origin = site.code.origin(file, call.fn, call.expr.callee);
      return origin.kind === 'package' && origin.package === '@nestjs/core' ? [{ file, fn: call.fn, expr: first }] : [];
    }),
  );
}

/** One entry of `imports`: a module, a call that makes a dynamic one, a list, a choice. */
function readEntry(r: Reading, where: Where, expr: Expr, module: string | undefined, depth: number): void {
  if (depth > 12) return;
  const again = (inner: Expr): void => readEntry(r, where, inner, module, depth + 1);
  switch (expr.k) {
    case 'arr':
      return expr.items.forEach(again);
    case 'spread':
    case 'await':
      return again(expr.of);
    case 'cond':
      return [expr.then, expr.else].forEach(again);
    case 'bin':
      return [expr.l, expr.r].forEach(again);
    case 'fn':
      return readReturned(r, { file: where.file, fn: expr.fn }, module, depth);
    case 'obj':
      return readDynamic(r, where, expr, module, depth);
    case 'call':
      return readCall(r, where, expr, module, depth);
    case 'ref':
    case 'member':
      return readNamed(r, where, expr, module, depth);
    default:
  }
}

function readNamed(r: Reading, where: Where, expr: Expr, module: string | undefined, depth: number): void {
  const origin = r.site.code.origin(where.file, where.fn, expr);
  if (expr.k === 'ref') readAdded(r, where, expr.path, module, depth);
  if (origin.kind === 'class' && !origin.member) return readModule(r, { file: origin.file, cls: origin.cls });
  if (origin.kind === 'value' && !origin.member && origin.expr !== expr)
    return readEntry(r, { file: origin.file, fn: origin.fn }, origin.expr, module, depth + 1);
  if (origin.kind === 'function' && origin.called) return readReturned(r, origin, module, depth);
  const init = expr.k === 'ref' ? initOf(r.site.code, where, expr.path) : undefined;
  if (init) readEntry(r, init, init.expr, module, depth + 1);
}

/** What is put into a list of modules after it was made: `modules.push(X)`. */
function readAdded(r: Reading, where: Where, name: string, module: string | undefined, depth: number): void {
  for (const call of r.site.sites(where.file).calls)
    if (
      (call.path === `${name}.push` || call.path === `${name}.unshift`) &&
      runsInProduction(r.site.code, call, call.when) !== false
    )
      for (const arg of call.expr.args) readEntry(r, call, arg, module, depth + 1);
}

function readCall(
  r: Reading,
  where: Where,
  expr: Extract<Expr, { k: 'call' }>,
  module: string | undefined,
  depth: number,
): void {
  const origin = r.site.code.origin(where.file, where.fn, expr.callee);
  if (origin.kind === 'function' && !origin.member) {
    const owner = r.site.code.get(origin.file)?.summary.functions[origin.fn]?.owner;
    if (owner !== undefined) readModule(r, { file: origin.file, cls: owner });
    return readReturned(r, origin, owner === undefined ? module : keyOf({ file: origin.file, cls: owner }), depth);
  }
  if (origin.kind === 'class' && origin.member) readModule(r, { file: origin.file, cls: origin.cls });
  if (origin.kind === 'package' && origin.name === 'RouterModule') return readPrefixes(r, where, expr.args[0], '');
  // forwardRef(() => X), ConditionalModule.registerWhen(X, …), list.concat(other), list.filter(Boolean)
  if (origin.kind === 'package' || origin.kind === 'value' || origin.kind === 'unknown') {
    if (expr.callee.k === 'member') readEntry(r, where, expr.callee.of, module, depth + 1);
    if (expr.callee.k === 'ref' && expr.callee.path.includes('.'))
      readEntry(r, where, { ...expr.callee, path: expr.callee.path.replace(/\.[^.]*$/, '') }, module, depth + 1);
    for (const arg of expr.args) if (arg.k !== 'obj') readEntry(r, where, arg, module, depth + 1);
  }
}

function readReturned(r: Reading, where: Where, module: string | undefined, depth: number): void {
  const body = r.site.code.get(where.file)?.summary.functions[where.fn]?.body ?? [];
  for (const stmt of flat(body)) if (stmt.k === 'return' && stmt.of) readEntry(r, where, stmt.of, module, depth + 1);
}

type Stmts = NonNullable<ReturnType<EndpointSite['code']['get']>>['summary']['functions'][number]['body'];

const flat = (stmts: Stmts): Stmts =>
  stmts.flatMap((stmt) =>
    stmt.k === 'if'
      ? [...flat(stmt.then), ...flat(stmt.else ?? [])]
      : stmt.k === 'try'
        ? [...flat(stmt.block), ...flat(stmt.handler ?? [])]
        : [stmt],
  );

/** `{ module: X, imports, controllers, providers }`. */
function readDynamic(r: Reading, where: Where, expr: Expr, module: string | undefined, depth: number): void {
  const named = propOf(expr, 'module');
  const origin = named && r.site.code.origin(where.file, where.fn, named);
  const owner = origin?.kind === 'class' ? { file: origin.file, cls: origin.cls } : undefined;
  if (owner) readModule(r, owner);
  readMetadata(r, where, expr, owner ? keyOf(owner) : (module ?? ''), depth);
}

function readModule(r: Reading, spot: ClassSpot): void {
  const key = keyOf(spot);
  const cls = classAt(r.site.code, spot);
  if (r.seen.has(key) || !cls) return;
  r.seen.set(key, spot);
  for (const applied of appliedBy(r.site.code, spot.file, cls.parent, cls.decorators)) {
    const [metadata] = applied.args;
    if (applied.name !== 'Module' || !metadata) continue;
    const value = resolve(r, applied, metadata);
    if (value.k === 'obj') readMetadata(r, applied, value, key, 0);
    // Metadata that a function puts together.
    else readEntry(r, applied, value, key, 0);
  }
  // A module that extends another brings its metadata with it.
  const base = cls.extends && classOf(r.site.code, spot.file, cls.parent, cls.extends);
  if (base) readModule(r, base);
}

function resolve(r: Reading, where: Where, expr: Expr): Expr {
  if (expr.k !== 'ref') return expr;
  const origin = r.site.code.origin(where.file, where.fn, expr);
  return origin.kind === 'value' && !origin.member ? origin.expr : expr;
}

function readMetadata(r: Reading, where: Where, metadata: Expr, module: string, depth: number): void {
  if (metadata.k !== 'obj') return;
  for (const { key, value } of metadata.props) {
    if (key === 'imports' || key === 'exports') readEntry(r, where, value, module, depth + 1);
    if (key === 'controllers')
      eachClass(r, where, value, 0, (spot) => r.controllers.set(keyOf(spot), { ...spot, module }));
    if (key === 'providers') eachClass(r, where, value, 0, (spot) => r.providers.set(keyOf(spot), spot));
    if (key === '...') readMetadata(r, where, resolve(r, where, value), module, depth + 1);
  }
}

/** The classes of a list of controllers or providers. */
function eachClass(r: Reading, where: Where, expr: Expr, depth: number, add: (spot: ClassSpot) => void): void {
  if (depth > 12) return;
  const again = (inner: Expr, at: Where = where): void => eachClass(r, at, inner, depth + 1, add);
  if (expr.k === 'arr') return expr.items.forEach((item) => again(item));
  if (expr.k === 'spread' || expr.k === 'await') return again(expr.of);
  if (expr.k === 'cond') return [expr.then, expr.else].forEach((item) => again(item));
  if (expr.k === 'bin') return [expr.l, expr.r].forEach((item) => again(item));
  if (expr.k === 'obj') return readProvider(r, where, expr, again);
  if (expr.k === 'call') {
    for (const arg of expr.args) again(arg);
    if (expr.callee.k === 'member') again(expr.callee.of);
    const made = r.site.code.origin(where.file, where.fn, expr.callee);
    if (made.kind === 'function' && !made.member)
      for (const stmt of flat(r.site.code.get(made.file)?.summary.functions[made.fn]?.body ?? []))
        if (stmt.k === 'return' && stmt.of) again(stmt.of, made);
    return;
  }
  if (expr.k !== 'ref' && expr.k !== 'member') return;
  const origin = r.site.code.origin(where.file, where.fn, expr);
  if (origin.kind === 'class' && !origin.member) add({ file: origin.file, cls: origin.cls });
  else if (origin.kind === 'value' && !origin.member && origin.expr !== expr) again(origin.expr, origin);
  else if (origin.kind === 'param')
    r.lost.push({
      at: { file: where.file, ...('at' in expr ? { line: lineOf(expr.at) } : {}) },
      framework: 'nestjs',
      what: 'number',
      why: 'these classes are handed in from elsewhere',
    });
}

function readProvider(r: Reading, where: Where, expr: Expr, again: (inner: Expr) => void): void {
  const provide = propOf(expr, 'provide');
  const value =
    propOf(expr, 'useClass') ?? propOf(expr, 'useExisting') ?? propOf(expr, 'useFactory') ?? propOf(expr, 'useValue');
  const token = provide?.k === 'ref' ? provide.path : '';
  if (value && /^APP_(?:GUARD|PIPE|INTERCEPTOR|FILTER)$/.test(token)) r.global.push({ token, ...where, expr: value });
  const cls = propOf(expr, 'useClass');
  if (cls) again(cls);
}

/** `RouterModule.register([{ path: 'admin', module: AdminModule, children: [...] }])`. */
function readPrefixes(r: Reading, where: Where, routes: Expr | undefined, above: string): void {
  const list = routes && resolve(r, where, routes);
  if (list?.k !== 'arr') return;
  for (const item of list.items) {
    const path = propOf(item, 'path');
    const text = path && r.site.code.literal(where.file, where.fn, path);
    const prefix = typeof text === 'string' ? `${above}/${text}` : above;
    const module = propOf(item, 'module') ?? (item.k === 'ref' ? item : undefined);
    const spot = module && classOf(r.site.code, where.file, where.fn, module);
    if (spot) r.prefixes.set(keyOf(spot), prefix);
    readPrefixes(r, where, propOf(item, 'children'), prefix);
  }
}
