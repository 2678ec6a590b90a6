import { optionsOf } from '../../code/options.ts';
import type { Spot } from '../../code/production.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { CallSite } from '../../code/sites.ts';
import type { Place } from '../../model/place.ts';
import type { Facts } from '../health.ts';
import { roleOfPath } from './paths.ts';

/** A health endpoint that no route declares: a library serves it, or a middleware below a path. */
export interface Provided {
  readonly path: string;
  readonly at: Place;
  readonly handlers: readonly Spot[];
  /** The library answers with an error when the handler fails. */
  readonly fails: boolean;
}

/** Endpoints of health libraries, and middleware that answers below a health path. */
export function provided(facts: Facts): readonly Provided[] {
  return [
    ...facts.calls.named('createTerminus').flatMap((call) => ofTerminus(facts, call)),
    ...facts.calls.named('createLightship').flatMap((call) => ofLightship(call)),
    ...facts.calls.named('register').flatMap((call) => ofFastify(facts, call)),
    ...facts.calls.named('use').flatMap((call) => ofUse(facts, call)),
  ];
}

const at = (call: CallSite): Place => ({ file: call.file, line: lineOf(call.expr.at) });

/** `createTerminus(server, { healthChecks: { '/health': check } })`. */
function ofTerminus({ code }: Facts, call: CallSite): readonly Provided[] {
  const options = call.expr.args[1];
  if (!options) return [];
  return optionsOf(code, call, options).entries.flatMap(({ path, value, spot }) => {
    const url = /^healthChecks\.(\/.*)$/.exec(path)?.[1];
    return url === undefined
      ? []
      : [{ path: url, at: at(call), handlers: functionsIn(code, spot, value), fails: true }];
  });
}

/** It serves both on a port of its own; ready is what the program says. */
const ofLightship = (call: CallSite): readonly Provided[] =>
  call.path.includes('.') ? [] : [{ path: '/live', at: at(call), handlers: [], fails: true }];

const plugins = /^(?:@fastify\/under-pressure|under-pressure|fastify-healthcheck|fastify-custom-healthcheck)$/;

function ofFastify({ code }: Facts, call: CallSite): readonly Provided[] {
  const [plugin, options] = call.expr.args;
  const origin = plugin?.k === 'ref' || plugin?.k === 'call' ? code.origin(call.file, call.fn, plugin) : undefined;
  if (origin?.kind !== 'package' || !plugins.test(origin.package)) return [];
  const pressure = origin.package.includes('under-pressure');
  const said = options ? optionsOf(code, call, options).entries : [];
  const exposed = said.find(({ path }) => path === 'exposeStatusRoute');
  if (pressure && (!exposed || code.literal(exposed.spot.file, exposed.spot.fn, exposed.value) === false)) return [];
  const named = said.find(
    ({ path }) =>
      /^(?:exposeStatusRoute(?:\.url)?|healthcheckUrl|path)$/.test(path) && path !== 'exposeStatusRoute.opts',
  );
  const text = named && code.literal(named.spot.file, named.spot.fn, named.value);
  const url = said.find(({ path }) => path === 'exposeStatusRoute.url');
  const inner = url && code.literal(url.spot.file, url.spot.fn, url.value);
  const path = typeof inner === 'string' ? inner : typeof text === 'string' ? text : pressure ? '/status' : '/health';
  const check = said.find((one) => one.path === 'healthCheck');
  return [{ path, at: at(call), handlers: check ? functionsIn(code, check.spot, check.value) : [], fails: true }];
}

/** `app.use('/health', handler)`. */
function ofUse({ code }: Facts, call: CallSite): readonly Provided[] {
  const [path, handler, ...rest] = call.expr.args;
  if (path?.k !== 'str' || !handler || rest.length > 0 || roleOfPath(path.v) === undefined) return [];
  const origin = code.origin(call.file, call.fn, handler);
  if (origin.kind === 'function' && !origin.called)
    return [{ path: path.v, at: at(call), handlers: [{ file: origin.file, fn: origin.fn }], fails: false }];
  const library = origin.kind === 'package' && /health|terminus/i.test(origin.package);
  return library ? [{ path: path.v, at: at(call), handlers: [], fails: true }] : [];
}

/** The function that a value is, or that it holds. */
function functionsIn(code: Facts['code'], spot: Spot, value: Expr): readonly Spot[] {
  if (value.k === 'fn') return [{ file: spot.file, fn: value.fn }];
  const inner = propOf(value, 'handler');
  if (inner) return functionsIn(code, spot, inner);
  const origin = code.origin(spot.file, spot.fn, value);
  return origin.kind === 'function' && !origin.called ? [{ file: origin.file, fn: origin.fn }] : [];
}
