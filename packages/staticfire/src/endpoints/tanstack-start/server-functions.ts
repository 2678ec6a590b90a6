import type { CallSite } from '../../code/sites.ts';
import { lineOf } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { callsOn, stepsOf, type Step } from '../reading/builders.ts';
import { linkOf } from '../reading/functions.ts';
import { handed, type Handed } from '../reading/verb-exports.ts';
import { middlewareLinks, type Everywhere } from './middleware.ts';

export const packages = [
  '@tanstack/react-start',
  '@tanstack/solid-start',
  '@tanstack/start',
  '@tanstack/start-client-core',
];

/** The build gives every `createServerFn` of a loaded file a URL, used or not. One without a handler is there for others. */
export function serverFunctions(site: EndpointSite, everywhere: Everywhere): readonly Endpoint[] {
  const made = site
    .importing(...packages)
    .flatMap((file) =>
      site.sites(file).calls.filter((call) => call.name === 'createServerFn' && comesFrom(site, call)),
    );
  const whole = made.filter((call) => handlerOf(call) !== undefined || callsOn(call).length === 0);
  const bases = made.filter((call) => !whole.includes(call));
  return [...whole.map((call) => toEndpoint(site, call, everywhere)), ...madeOf(site, bases, everywhere)];
}

const handlerOf = (call: CallSite): CallSite | undefined => callsOn(call).find(({ name }) => name === 'handler');

function comesFrom(site: EndpointSite, call: CallSite): boolean {
  const origin = site.code.origin(call.file, call.fn, call.expr.callee);
  return origin.kind === 'package' && packages.includes(origin.package);
}

/** Functions made of a base: `signedIn({ method: 'POST' }).handler(…)`. */
function madeOf(site: EndpointSite, bases: readonly CallSite[], everywhere: Everywhere): readonly Endpoint[] {
  const files = new Set(bases.flatMap(({ file }) => [file, ...site.code.importersOf(file)]));
  return [...files].flatMap((file) =>
    !site.live.has(file)
      ? []
      : site.sites(file).calls.flatMap((call): readonly Endpoint[] => {
          if (call.name !== 'handler') return [];
          const [first] = stepsOf(site.code, call, call.expr);
          const base = first && bases.find((one) => one.expr === first.call);
          return base && handlerOf(base) === undefined ? [toEndpoint(site, call, everywhere)] : [];
        }),
  );
}

function toEndpoint(site: EndpointSite, call: CallSite, everywhere: Everywhere): Endpoint {
  const { file } = call;
  const calls = callsOn(call);
  const last = calls.at(-1) ?? call;
  const steps = stepsOf(site.code, call, last.expr);
  const handler = steps.findLast(({ name }) => name === 'handler')?.call.args[0];
  const own: Handed = handler ? handed(site.code, call, handler) : { handler: undefined, chain: [] };
  return {
    surface: 'rpc',
    method: methodOf(site, steps),
    path: `${file}#${last.bound || call.bound || 'anonymous'}`,
    at: { file, line: lineOf(call.expr.at) },
    framework: 'tanstack-start',
    ...own,
    chain: [...everywhere.requests, ...everywhere.functions, ...linksOf(site, steps), ...own.chain],
  };
}

/** A function's middleware runs before its validator. */
function linksOf({ code }: EndpointSite, steps: readonly Step[]): readonly ChainLink[] {
  const of = (...names: readonly string[]): readonly Step[] => steps.filter(({ name }) => names.includes(name));
  return [
    ...of('middleware').flatMap((step) => middlewareLinks(code, step, step.call.args[0])),
    ...of('validator', 'inputValidator').flatMap((step) =>
      step.call.args.slice(0, 1).map((arg) => linkOf(code, step, arg, 'validator', 'body')),
    ),
  ];
}

function methodOf({ code }: EndpointSite, steps: readonly Step[]): string {
  const named = steps.flatMap((step) => {
    const method = propOf(step.call.args[0], 'method');
    return method ? [code.literal(step.file, step.fn, method)] : [];
  });
  if (named.length === 0) return 'GET';
  const last = named.at(-1);
  return typeof last === 'string' ? last : 'function';
}
