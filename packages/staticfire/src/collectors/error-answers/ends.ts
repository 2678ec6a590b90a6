import type { Origin } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import { lastName, receiverOf, type CallSite } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import type { ErrorEnd } from '../../facts/error-answers.ts';
import type { Service } from '../../facts/services.ts';
import { keyOf, type Facts } from './leaks.ts';
import { sends } from './sending.ts';

export interface Found {
  readonly ends: readonly ErrorEnd[];
  /** Functions in which errors end. */
  readonly functions: ReadonlySet<string>;
}

interface One {
  readonly end: ErrorEnd;
  readonly spots: readonly Spot[];
}

/** Where the errors of a framework's routes end. */
export function endsOf(facts: Facts, own: Service, framework: string): Found {
  const found = [...(registered[framework]?.(facts) ?? [])];
  const builtIn = answersItself[framework];
  const at = { file: own.entries[0].file };
  const ends = found.map(({ end }) => end);
  return {
    ends:
      builtIn && !ends.some(({ why }) => why === undefined)
        ? [...ends, { by: `${builtIn.name} itself`, at, why: undefined, builtIn: true, tells: builtIn.tells }]
        : ends,
    functions: new Set(found.flatMap(({ spots }) => spots.map(keyOf))),
  };
}

/** What a framework says of an error that nobody caught, in production. Express shows the stack unless NODE_ENV is set. */
const answersItself: Readonly<Record<string, { readonly name: string; readonly tells: ErrorEnd['tells'] }>> = {
  nestjs: { name: 'NestJS', tells: 'nothing' },
  koa: { name: 'Koa', tells: 'nothing' },
  hono: { name: 'Hono', tells: 'nothing' },
  fastify: { name: 'Fastify', tells: 'message' },
  elysia: { name: 'Elysia', tells: 'message' },
  next: { name: 'Next.js', tells: 'nothing' },
  sveltekit: { name: 'SvelteKit', tells: 'nothing' },
  nuxt: { name: 'Nuxt', tells: 'nothing' },
  astro: { name: 'Astro', tells: 'nothing' },
  'react-router': { name: 'React Router', tells: 'nothing' },
  'tanstack-start': { name: 'TanStack Start', tells: 'nothing' },
  'solid-start': { name: 'SolidStart', tells: 'nothing' },
};

const registered: Readonly<Record<string, (facts: Facts) => readonly One[]>> = {
  express: (facts) => facts.calls.named('use').flatMap((call) => ofExpress(facts, call)),
  fastify: (facts) => byCall(facts, 'setErrorHandler'),
  elysia: (facts) => byCall(facts, 'onError'),
  hono: (facts) => byCall(facts, 'onError'),
  koa: (facts) => ofKoa(facts),
  nestjs: (facts) => ofNest(facts),
};

const functionBehind = (facts: Facts, call: CallSite, arg: Expr): Spot | undefined => {
  const origin = arg.k === 'fn' ? undefined : facts.code.origin(call.file, call.fn, arg);
  if (arg.k === 'fn') return { file: call.file, fn: arg.fn };
  return origin?.kind === 'function' && !origin.member ? { file: origin.file, fn: origin.fn } : undefined;
};

function toOne(facts: Facts, call: CallSite, arg: Expr, why?: string): One {
  const spot = functionBehind(facts, call, arg);
  const name = spot && facts.code.get(spot.file)?.summary.functions[spot.fn]?.name;
  const at = { file: call.file, line: lineOf(call.expr.at) };
  const by = name || (arg.k === 'ref' ? arg.path : `${call.name}()`);
  return { end: { by, at, why, builtIn: false, tells: 'nothing' }, spots: spot ? [spot] : [] };
}

const byCall = (facts: Facts, name: string): readonly One[] =>
  facts.calls.named(name).flatMap((call) => {
    const arg = call.expr.args.at(-1);
    return arg && call.path !== name ? [toOne(facts, call, arg)] : [];
  });

/** Middleware with four parameters, and what packages make of that kind. */
function ofExpress(facts: Facts, call: CallSite): readonly One[] {
  return call.expr.args.flatMap((arg) => {
    const spot = handlerOf(facts, call, arg);
    if (!spot && !fromPackage(facts, call, arg)) return [];
    const one = toOne(facts, call, arg, beforeRoutes(facts, call));
    return [{ ...one, spots: spot ? [spot] : [] }];
  });
}

const packages =
  /^(?:errorhandler|express-error-handler|strong-error-handler|api-error-handler|express-http-problem-details|express-problem-details|http-error-handler|boom-express)$/;

function fromPackage(facts: Facts, call: CallSite, arg: Expr): boolean {
  if (arg.k !== 'call' && arg.k !== 'ref') return false;
  const origin: Origin = facts.code.origin(call.file, call.fn, arg.k === 'call' ? arg.callee : arg);
  return origin.kind === 'package' && packages.test(origin.package);
}

/** The function with four parameters that an argument is, holds, or is made to be by a call; it must answer. */
function handlerOf(facts: Facts, call: CallSite, arg: Expr, depth = 0): Spot | undefined {
  if (depth > 4) return undefined;
  if (arg.k === 'arr')
    return arg.items.map((item) => handlerOf(facts, call, item, depth + 1)).find((one) => one !== undefined);
  if (arg.k !== 'fn' && arg.k !== 'ref' && arg.k !== 'call' && arg.k !== 'member') return undefined;
  const bound = arg.k === 'call' && lastName(arg.callee) === 'bind' ? receiverOf(arg.callee) : undefined;
  const origin = facts.code.origin(call.file, call.fn, bound ?? arg);
  if (origin.kind === 'value' && !origin.member && origin.expr.k === 'arr')
    return handlerOf(facts, { ...call, file: origin.file, fn: origin.fn }, origin.expr, depth + 1);
  if (origin.kind !== 'function' || origin.member) return undefined;
  const functions = facts.code.get(origin.file)?.summary.functions ?? [];
  const made = origin.called || arg.k === 'call';
  const fn = functions.findIndex(
    (func, index) => func.params.length === 4 && (index === origin.fn || (made && func.parent === origin.fn)),
  );
  return fn !== -1 && answersErrors(facts, { file: origin.file, fn }) ? { file: origin.file, fn } : undefined;
}

/** It does something with the response, and not only passes the error on. */
function answersErrors({ code, sites }: Facts, { file, fn }: Spot): boolean {
  const pattern = code.get(file)?.summary.functions[fn]?.params[2]?.pattern;
  if (pattern?.k !== 'name') return true;
  const { name } = pattern;
  return sites(file).calls.some(
    (call) =>
      call.fn === fn &&
      (sends(call) ||
        call.expr.args.some((arg) => arg.k === 'ref' && arg.path === name) ||
        (call.path.startsWith(`${name}.`) &&
          !/(?:^|\.)(?:set|setHeader|header|get|getHeader|on|once)$/.test(call.path))),
  );
}

const routing = /^(?:get|post|put|patch|delete|all|use|route)$/;

/** Express looks for a handler of errors below the route that failed. */
function beforeRoutes(facts: Facts, call: CallSite): string | undefined {
  const receiver = call.path.slice(0, -'.use'.length);
  const routes = facts
    .sites(call.file)
    .calls.filter(
      (other) =>
        other.fn === call.fn &&
        other !== call &&
        routing.test(other.name) &&
        other.path === `${receiver}.${other.name}` &&
        registersRoute(facts, other),
    );
  return routes.length > 0 && routes.every((route) => route.expr.at > call.expr.at)
    ? 'it is registered before the routes, whose errors it never sees'
    : undefined;
}

function registersRoute(facts: Facts, call: CallSite): boolean {
  const [first, second] = call.expr.args;
  if (call.name !== 'use') return first?.k === 'str' && second !== undefined;
  const target = first?.k === 'str' ? second : first;
  const origin =
    target && (target.k === 'ref' || target.k === 'call') ? facts.code.origin(call.file, call.fn, target) : undefined;
  return origin?.kind === 'package' && origin.name === 'Router';
}

/** `app.use(async (ctx, next) => { try { await next() } catch … })`. */
function ofKoa(facts: Facts): readonly One[] {
  return facts.calls.named('use').flatMap((call) =>
    call.expr.args.flatMap((arg) => {
      const spot = functionBehind(facts, call, arg);
      const func = spot && facts.code.get(spot.file)?.summary.functions[spot.fn];
      const catches = func?.body.some((stmt) => stmt.k === 'try' && stmt.handler !== undefined);
      const goesOn = spot && facts.sites(spot.file).calls.some((one) => one.fn === spot.fn && one.path === 'next');
      return catches && goesOn ? [toOne(facts, call, arg)] : [];
    }),
  );
}

/** Filters: `useGlobalFilters`, APP_FILTER, and every class that catches all. */
function ofNest(facts: Facts): readonly One[] {
  const files = new Set(facts.calls.named('Catch').map(({ file }) => file));
  return [...files].flatMap((file) =>
    (facts.code.get(file)?.summary.classes ?? []).flatMap((cls): readonly One[] => {
      const all = cls.decorators.some(
        (one) => one.k === 'call' && one.callee.k === 'ref' && one.callee.path === 'Catch' && one.args.length === 0,
      );
      const fn = cls.members.find(({ name }) => name === 'catch')?.fn;
      if (!all || fn === undefined) return [];
      const at = { file, line: lineOf(cls.at) };
      return [{ end: { by: cls.name, at, why: undefined, builtIn: false, tells: 'nothing' }, spots: [{ file, fn }] }];
    }),
  );
}
