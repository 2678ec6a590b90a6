import { follow } from '../../code/follow.ts';
import { itemsOf } from '../../code/items.ts';
import type { CodeModel } from '../../code/model.ts';
import { optionsOf } from '../../code/options.ts';
import type { CallSite, FileSites } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { Spot } from '../../code/production.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import type { Service } from '../../facts/services.ts';
import type { SecurityHeader } from '../../facts/response-headers.ts';
import {
  conditionsOf,
  found,
  framing,
  headerNamed,
  headersOf,
  mentions,
  merged,
  offBecause,
  picksSome,
  type Found,
} from './found.ts';

interface Facts {
  readonly code: CodeModel;
  readonly calls: LiveCalls;
  readonly sites: (file: string) => FileSites;
  readonly service: Service;
}

export const settingNames: readonly string[] = [
  'setHeader',
  'header',
  'set',
  'headers',
  'append',
  'appendHeader',
  'setHeaders',
  'setResponseHeader',
  'setResponseHeaders',
  'writeHead',
  'raw',
];

/** Headers that code of the service sets itself. */
export function byHand(facts: Facts): Found {
  const setting = facts.calls
    .named(...settingNames)
    .flatMap((call) => headersIn(facts.code, facts.sites, call).map((one) => ({ call, ...one })));
  if (setting.length === 0) return merged([]);
  const everywhere = reachedByAll(facts);
  return merged(
    setting.map(({ call, headers, at }) => {
      const inside = everywhere.has(`${call.file}\0${call.fn}`);
      const when = conditionsOf(facts.code, facts.sites, call);
      const why = inside && !picksSome(when) ? offBecause(facts.code, call, when) : 'only some responses get it here';
      return found(headers, 'code of the service', { file: call.file, line: lineOf(at) }, why);
    }),
  );
}

interface SetHeader {
  readonly headers: readonly SecurityHeader[];
  readonly at: number;
}

/** The security headers that one call sets: by name, by object, or from a list it goes through. */
export function headersIn(model: CodeModel, sites: (file: string) => FileSites, call: CallSite): SetHeader[] {
  const [first, second] = call.expr.args;
  if (!first) return [];
  const name = model.literal(call.file, call.fn, first);
  if (typeof name === 'string') {
    const header = headerNamed(name);
    return header
      ? [
          {
            headers: headersOf(header, second !== undefined && mentions(model, call, second, framing)),
            at: call.expr.at,
          },
        ]
      : [];
  }
  if (first.k === 'ref' && !first.path.includes('.') && second) return fromLoop(model, sites, call);
  const object = call.name === 'writeHead' ? call.expr.args.at(-1) : first;
  return object && (object.k === 'obj' || object.k === 'ref' || object.k === 'call')
    ? fromObject(model, call, object)
    : [];
}

function fromObject(model: CodeModel, spot: Spot, object: Expr): SetHeader[] {
  return optionsOf(model, spot, object).entries.flatMap((entry) => {
    const header = headerNamed(entry.key);
    return header && !offBecause(model, entry.spot, entry.when)
      ? [
          {
            headers: headersOf(header, mentions(model, entry.spot, entry.value, framing)),
            at: entry.spot.file === spot.file ? entry.at : spotLine(spot),
          },
        ]
      : [];
  });
}

const spotLine = (spot: Spot & { readonly expr?: { readonly at: number } }): number => spot.expr?.at ?? 1025;

/** `for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)`. */
function fromLoop(model: CodeModel, sites: (file: string) => FileSites, call: CallSite): SetHeader[] {
  const parent = model.get(call.file)?.summary.functions[call.fn]?.parent ?? -1;
  const handed = sites(call.file).handedTo.get(call.fn);
  const near = sites(call.file).calls.filter(
    (one) => (one.fn === call.fn || one.fn === parent) && one.path === 'Object.entries',
  );
  const objects = near.flatMap((one) => (one.expr.args[0] ? fromObject(model, one, one.expr.args[0]) : []));
  if (objects.length > 0) return objects.map((one) => ({ ...one, at: call.expr.at }));
  const receiver =
    handed?.name === 'forEach' && handed.expr.callee.k === 'ref'
      ? { ...handed.expr.callee, path: handed.expr.callee.path.replace(/\.forEach$/, '') }
      : undefined;
  if (!handed || !receiver) return [];
  return itemsOf(model, sites, handed, receiver).flatMap((item) => {
    const key =
      propOf(item.value, 'key') ??
      propOf(item.value, 'name') ??
      (item.value.k === 'arr' ? item.value.items[0] : undefined);
    const name = key && model.literal(item.spot.file, item.spot.fn, key);
    const header = typeof name === 'string' ? headerNamed(name) : undefined;
    return header
      ? [{ headers: headersOf(header, mentions(model, item.spot, item.value, framing)), at: call.expr.at }]
      : [];
  });
}

const installers = [
  'use',
  'addHook',
  'apply',
  'createServer',
  'onRequest',
  'onSend',
  'onAfterHandle',
  'mapResponse',
  'createMiddleware',
  'defineMiddleware',
  'sequence',
  'middleware',
  'useGlobalInterceptors',
  'server',
  'onBeforeResponse',
  'hook',
  'handler',
];

/** Functions that run for every request: global middleware, hooks, the framework's middleware file. */
export function reachedByAll(facts: Facts): ReadonlySet<string> {
  const roots: Spot[] = facts.calls
    .named(...installers)
    .flatMap((call) => (mountedOnPath(call) ? [] : call.expr.args.flatMap((arg) => functionOf(facts.code, call, arg))));
  const files = facts.service.entries
    .filter((entry) => entry.kind === 'middleware' || passedByAll.test(entry.file))
    .map((entry) => entry.file);
  const inFiles = files.flatMap((file) =>
    (facts.code.get(file)?.summary.functions ?? []).map((_, fn) => ({ file, fn })),
  );
  return follow(facts.code, facts.sites, [...roots, ...inFiles, ...nestMiddleware(facts)]).functions;
}

/** Files by whose name a framework runs them for every request: SvelteKit, Remix and Nitro. */
const passedByAll = /(?:^|\/)(?:hooks\.server|entry\.server)\.[cm]?[jt]sx?$|(?:^|\/)server\/middleware\//;

function mountedOnPath(call: CallSite): boolean {
  const [first] = call.expr.args;
  return call.name === 'use' && first?.k === 'str' && !/^(?:\/|\*|\/\*)$/.test(first.v);
}

function functionOf(model: CodeModel, call: CallSite, arg: Expr): Spot[] {
  if (arg.k === 'fn') return [{ file: call.file, fn: arg.fn }];
  if (arg.k !== 'ref' && arg.k !== 'call' && arg.k !== 'member') return [];
  const origin = model.origin(call.file, call.fn, arg);
  if (origin.kind !== 'function') return [];
  const inner = origin.called
    ? (model.get(origin.file)?.summary.functions ?? []).flatMap((func, fn) =>
        func.parent === origin.fn ? [{ file: origin.file, fn }] : [],
      )
    : [];
  return [{ file: origin.file, fn: origin.fn }, ...inner];
}

/** `use` of a class that implements NestMiddleware, `intercept` of an interceptor. */
function nestMiddleware(facts: Facts): Spot[] {
  if (!facts.service.frameworks.includes('nestjs')) return [];
  const files = new Set(facts.calls.named(...settingNames).map((call) => call.file));
  return [...files].flatMap((file) =>
    (facts.code.get(file)?.summary.classes ?? []).flatMap((cls) => {
      const role = cls.implements.some((name) => /^Nest(?:Middleware|Interceptor)/.test(name));
      return role
        ? cls.members.flatMap((m) =>
            m.fn !== undefined && (m.name === 'use' || m.name === 'intercept') ? [{ file, fn: m.fn }] : [],
          )
        : [];
    }),
  );
}
