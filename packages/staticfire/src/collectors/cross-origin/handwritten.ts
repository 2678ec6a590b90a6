import { runsInProduction, type Spot } from '../../code/production.ts';
import type { CallSite, Setting } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { walkExpr } from '../../code/walk.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import type { CrossOriginPolicy } from '../../facts/cross-origin.ts';
import type { Endpoints } from '../../facts/endpoints.ts';
import type { Service } from '../../facts/services.ts';
import { conditionsOf } from '../response-headers/found.ts';
import { reachedByAll, settingNames } from '../response-headers/handwritten.ts';
import { behind, originsOf, type Reading } from './origins.ts';

interface Facts extends Reading {
  readonly calls: LiveCalls;
  readonly endpoints: Endpoints;
  readonly service: Service;
}

const header = /^access-control-allow-origin$/i;
const companion = /^access-control-allow-credentials$/i;

/** Headers of a request that the service makes, not of a response. */
const asking = /^(?:fetch|axios|got|ky|request|get|post|put|patch|delete|\$fetch)$/;

/** Headers that code of the service sets itself. */
export function byHand(facts: Facts): readonly CrossOriginPolicy[] {
  const setting = facts.calls.named(...settingNames).flatMap((call) => ofCall(facts, call));
  const objects = facts.calls
    .settings('Access-Control-Allow-Origin', 'access-control-allow-origin')
    .flatMap((one) => (one.within && asking.test(one.within.name) ? [] : [ofSetting(facts, one)]));
  const found = [...setting, ...objects].filter(
    ({ site, when }) => runsInProduction(facts.code, site, when) !== false && !standsAside(facts, site),
  );
  if (found.length === 0) return [];
  const all = reachedByAll(facts);
  return found.map((one) => {
    const everywhere = all.has(`${one.site.file}\0${one.site.fn}`) && !isOption(facts, one);
    return toPolicy(facts, one, everywhere);
  });
}

interface Set {
  readonly site: Spot;
  readonly when: CallSite['when'];
  readonly value: Expr;
  readonly line: number;
  readonly credentials: boolean;
}

function ofCall(facts: Facts, call: CallSite): readonly Set[] {
  const [name, value] = call.expr.args;
  const text = name && facts.code.literal(call.file, call.fn, name);
  if (typeof text !== 'string' || !header.test(text) || !value) return [];
  const when = conditionsOf(facts.code, facts.sites, call);
  const credentials = facts.sites(call.file).calls.some((one) => one.fn === call.fn && setsCompanion(facts, one));
  return [{ site: call, when, value, line: lineOf(call.expr.at), credentials }];
}

function setsCompanion(facts: Facts, call: CallSite): boolean {
  const [name, value] = call.expr.args;
  if (!settingNames.includes(call.name) || !name || !value) return false;
  const text = facts.code.literal(call.file, call.fn, name);
  return typeof text === 'string' && companion.test(text) && !isFalse(facts.code.literal(call.file, call.fn, value));
}

const isFalse = (value: unknown): boolean => value === false || value === 'false';

function ofSetting(facts: Facts, { file, fn, value, at, object, when }: Setting): Set {
  const beside = object?.props.find(({ key }) => companion.test(key));
  const credentials = beside !== undefined && !isFalse(facts.code.literal(file, fn, beside.value));
  return { site: { file, fn }, when, value, line: lineOf(at), credentials };
}

function toPolicy(facts: Facts, one: Set, everywhere: boolean): CrossOriginPolicy {
  const found = behind(facts, one.site, originsOf(facts, one.site, one.value), one.when);
  return {
    by: 'code of the service',
    at: { file: one.site.file, line: one.line },
    allows: found.allows,
    credentials: one.credentials,
    everywhere: everywhere && !picksPath(one),
    detail: found.detail,
  };
}

/** `serve(folder, { setHeaders(response) { … } })`: it runs for what that call answers. */
function isOption({ sites }: Facts, { site }: Set): boolean {
  const handed = sites(site.file).handedTo.get(site.fn);
  return handed !== undefined && !handed.expr.args.some((arg) => arg.k === 'fn' && arg.fn === site.fn);
}

/** A middleware that was given to some application, and that no endpoint passes: that application serves nothing. */
function standsAside({ calls, code, endpoints }: Facts, { file, fn }: Spot): boolean {
  const uses = calls.named('use').flatMap((call) =>
    call.expr.args.filter((arg) => {
      const origin =
        arg.k === 'fn'
          ? { kind: 'function', file: call.file, fn: arg.fn }
          : arg.k === 'ref'
            ? code.origin(call.file, call.fn, arg)
            : undefined;
      return origin?.kind === 'function' && 'fn' in origin && origin.file === file && origin.fn === fn;
    }),
  );
  const links = endpoints.list.flatMap(({ chain }) => chain);
  return uses.length > 0 && links.length > 0 && !links.some(({ runs }) => runs?.file === file && runs.fn === fn);
}

/** A test of the path picks some responses. */
function picksPath({ when }: Set): boolean {
  let picks = false;
  for (const { test, holds } of when)
    walkExpr(test, (expr) => {
      if (holds && expr.k === 'ref' && /(?:^|\.)(?:path|pathname|url|originalUrl)(?:\.\w+)?$/i.test(expr.path))
        picks = true;
    });
  return picks;
}
