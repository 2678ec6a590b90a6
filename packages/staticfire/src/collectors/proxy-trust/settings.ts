import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import { runsInProduction } from '../../code/production.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { pathOf } from '../../code/walk.ts';
import type { LiveCalls, SitesByFile } from '../../facts/calls.ts';
import type { TrustSetting } from '../../facts/proxy-trust.ts';

export interface Ground {
  readonly model: CodeModel;
  readonly calls: LiveCalls;
  readonly sites: SitesByFile;
}

/** Settings of Express, NestJS, Fastify and Koa that say which proxies are believed. */
export function settingsOf(ground: Ground): readonly TrustSetting[] {
  return [...ofExpress(ground), ...ofOptions(ground)];
}

function ofExpress({ model, calls }: Ground): readonly TrustSetting[] {
  return calls.named('set', 'enable', 'disable').flatMap((call): TrustSetting[] => {
    const [name, value] = call.expr.args;
    if (!name || model.literal(call.file, call.fn, name) !== 'trust proxy') return [];
    if (runsInProduction(model, call, call.when) === false) return [];
    const trust = call.name === 'enable' ? 'all' : call.name === 'disable' ? 'none' : trustOf(model, call, value);
    return [{ name: 'trust proxy', at: { file: call.file, line: lineOf(call.expr.at) }, trust }];
  });
}

/** `trustProxy` of Fastify; `proxy` of Koa, which believes the first address unless told how many proxies there are. */
function ofOptions({ model, calls }: Ground): readonly TrustSetting[] {
  const fastify = calls
    .settings('trustProxy')
    .filter((one) => /fastify/i.test(`${one.within?.path ?? ''} ${one.bound}`) || one.object === undefined);
  const koa = calls
    .settings('proxy')
    .filter((one) => usesKoa(calls) && (/(?:^|\.)Koa$/.test(one.within?.path ?? '') || /^app\.proxy$/.test(one.path)));
  return [...fastify, ...koa].map((one) => ({
    name: one.key,
    at: { file: one.file, line: lineOf(one.at) },
    trust: trustOf(model, one, one.value),
  }));
}

const usesKoa = (calls: LiveCalls): boolean => calls.packages.has('koa');

function trustOf(model: CodeModel, spot: Spot, value: Expr | undefined): TrustSetting['trust'] {
  if (!value) return 'unknown';
  const literal = model.literal(spot.file, spot.fn, value);
  if (literal === true) return 'all';
  if (literal === false || literal === 0) return 'none';
  if (typeof literal === 'number') return 'bounded';
  if (typeof literal === 'string') return literal === 'true' ? 'all' : 'bounded';
  switch (value.k) {
    case 'arr':
    case 'fn':
      return 'bounded';
    case 'call':
      return /^(?:Number|parseInt|Number\.parseInt|parseFloat)$/.test(pathOf(value.callee)) ? 'bounded' : 'unknown';
    case 'unary':
      return value.op === '+' ? 'bounded' : 'unknown';
    case 'cond':
      return either(trustOf(model, spot, value.then), trustOf(model, spot, value.else));
    case 'bin':
      return value.op === '||' || value.op === '??'
        ? either(trustOf(model, spot, value.l), trustOf(model, spot, value.r))
        : 'unknown';
    default:
      return 'unknown';
  }
}

const either = (a: TrustSetting['trust'], b: TrustSetting['trust']): TrustSetting['trust'] =>
  a === 'all' || b === 'all' ? 'all' : a === 'bounded' || b === 'bounded' ? 'bounded' : a;
