import type { CodeModel } from '../../code/model.ts';
import { lastName } from '../../code/sites.ts';
import { lineOf, type Expr, type Stmt } from '../../code/summary.ts';
import { pathOf, walkStmts } from '../../code/walk.ts';
import type { Place } from '../../model/place.ts';

/** A middleware that is registered after all routes: requests are answered before they come to it. */
export interface Late {
  readonly name: string;
  readonly at: Place;
  /** Where the routes are registered. */
  readonly routes: Place;
}

const verbs = /^(?:get|post|put|patch|delete|all)$/;

/** Express applications: `app.use(middleware)` below the last route, or on an application that a function returned with its routes. */
export function lateMiddleware(model: CodeModel, file: string): readonly Late[] {
  const source = model.get(file);
  if (!source) return [];
  return source.summary.functions.flatMap((func, fn) => inBody(model, file, fn, func.body));
}

function inBody(model: CodeModel, file: string, fn: number, body: readonly Stmt[]): readonly Late[] {
  if (!body.some(isUse)) return [];
  const found: { readonly app: string; readonly index: number; readonly late: Late }[] = [];
  const routes = new Map<string, { place: Place; last: number }>();
  for (const [index, stmt] of body.entries()) {
    if (stmt.k === 'let' && stmt.pattern.k === 'name' && stmt.init) {
      const built = builtWithRoutes(model, file, fn, stmt.init);
      if (built) routes.set(stmt.pattern.name, { place: built, last: index });
    }
    if (stmt.k !== 'expr') continue;
    const call = stmt.of.k === 'await' ? stmt.of.of : stmt.of;
    if (call.k !== 'call') continue;
    const name = lastName(call.callee);
    const app = pathOf(call.callee).slice(0, -name.length - 1);
    const place = { file, line: lineOf(call.at) };
    const handed = call.args.find((arg) => arg.k === 'ref' && routes.has(arg.path));
    if (handed?.k === 'ref') routes.set(handed.path, { place, last: index });
    if (registersRoute(model, file, fn, call, name))
      routes.set(app, { place: routes.get(app)?.place ?? place, last: index });
    else if (name === 'use' && routes.has(app))
      for (const arg of call.args)
        found.push(
          ...lateOne(model, file, fn, arg, place, routes.get(app)?.place ?? place).map((late) => ({
            app,
            index,
            late,
          })),
        );
  }
  return found.filter(({ app, index }) => index > (routes.get(app)?.last ?? index)).map(({ late }) => late);
}

/** `app.use(…)` as a statement of its own. */
function isUse(stmt: Stmt): boolean {
  const call = stmt.k === 'expr' && stmt.of.k === 'await' ? stmt.of.of : stmt.k === 'expr' ? stmt.of : undefined;
  return call?.k === 'call' && lastName(call.callee) === 'use';
}

function registersRoute(
  model: CodeModel,
  file: string,
  fn: number,
  { callee, args }: Extract<Expr, { k: 'call' }>,
  name: string,
): boolean {
  const [first, second] = args;
  const isApp = isExpress(model, file, fn, callee);
  if (!isApp || !first) return false;
  if (verbs.test(name)) return first.k === 'str' && args.length > 1;
  if (name !== 'use') return false;
  const target = first.k === 'str' ? second : first;
  const origin = target && model.origin(file, fn, target);
  return origin?.kind === 'package' && origin.name === 'Router' && origin.called;
}

function isExpress(model: CodeModel, file: string, fn: number, callee: Expr): boolean {
  const path = pathOf(callee);
  if (path === '') return false;
  const origin = model.origin(file, fn, { k: 'ref', path: path.slice(0, path.lastIndexOf('.')), at: 0 });
  return origin.kind === 'package' && origin.package === 'express';
}

function lateOne(model: CodeModel, file: string, fn: number, arg: Expr, at: Place, routes: Place): readonly Late[] {
  const name = passesOn(model, file, fn, arg);
  return name === undefined ? [] : [{ name, at, routes }];
}

/** `buildApp()` that registers routes and returns the application. */
function builtWithRoutes(model: CodeModel, file: string, fn: number, init: Expr): Place | undefined {
  const call = init.k === 'await' ? init.of : init;
  if (call.k !== 'call' || call.new) return undefined;
  const origin = model.origin(file, fn, call.callee);
  if (origin.kind !== 'function') return undefined;
  const func = model.get(origin.file)?.summary.functions[origin.fn];
  let place: Place | undefined;
  let express = false;
  walkStmts(func?.body ?? [], (expr) => {
    if (expr.k !== 'call') return;
    express ||= pathOf(expr.callee) === 'express';
    const [first] = expr.args;
    if (verbs.test(lastName(expr.callee)) && first?.k === 'str' && first.v.startsWith('/') && expr.args.length > 1)
      place ??= { file: origin.file, line: lineOf(expr.at) };
  });
  return express ? place : undefined;
}

/** The name of a middleware that hands requests on; undefined for error handlers, last answers and what is not known. */
function passesOn(model: CodeModel, file: string, fn: number, arg: Expr): string | undefined {
  const target = arg.k === 'call' ? arg.callee : arg;
  const name = pathOf(target);
  if (name === '') return undefined;
  const origin = model.origin(file, fn, target);
  if (origin.kind === 'package')
    return /^(?:helmet|cors|morgan|compression|cookie-parser|express-rate-limit|hpp|pino-http|express-session)$/.test(
      origin.package,
    )
      ? name
      : undefined;
  if (origin.kind !== 'function') return undefined;
  const functions = model.get(origin.file)?.summary.functions ?? [];
  const func = functions[origin.fn];
  const handler =
    func && (arg.k === 'call' ? functions.find((one) => one.parent === origin.fn && one.params.length === 3) : func);
  const last = handler?.params[2]?.pattern;
  if (!handler || handler.params.length !== 3 || last?.k !== 'name') return undefined;
  let hands = false;
  let answers = false;
  for (const one of functions) {
    if (one !== handler && functions[one.parent] !== handler) continue;
    walkStmts(one.body, (expr) => {
      if (expr.k !== 'call') return;
      hands ||= pathOf(expr.callee) === last.name && expr.args.length === 0;
      answers ||= /^(?:send|json|sendFile|render|redirect|end|sendStatus)$/.test(lastName(expr.callee));
    });
  }
  return hands && !answers ? name : undefined;
}
