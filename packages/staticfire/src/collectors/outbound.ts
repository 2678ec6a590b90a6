import type { CallSite } from '../code/sites.ts';
import { lineOf } from '../code/summary.ts';
import { calls, sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { outbound, type OutboundCall } from '../facts/outbound.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Place } from '../model/place.ts';
import type { Client } from './outbound/clients.ts';
import { limitAround, runsInBrowser } from './outbound/enclosing.ts';
import { groundOf, namedAround, type Ground } from './outbound/ground.ts';
import { callSays, limitFrom, type Said } from './outbound/limits.ts';
import { createMakers, type Makers } from './outbound/makers.ts';
import { nodeSays } from './outbound/node.ts';
import { requestsOf, type Request } from './outbound/requests.ts';

export const outboundCollector = defineCollector({
  fact: outbound,
  needs: { calls, code, sites },
  collect({ facts }) {
    const ground = groundOf(facts.code, facts.calls, facts.sites);
    const makers = createMakers(ground);
    const found = requestsOf(ground)
      .filter(({ call }) => !runsInBrowser(ground, call))
      .flatMap((request) => judged(ground, makers, request));
    return known({ calls: found.toSorted((a, b) => byPlace(a.at, b.at)), files: facts.calls.files });
  },
});

const byPlace = (a: Place, b: Place): number =>
  a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0);

function judged(ground: Ground, makers: Makers, { call, client }: Request): readonly OutboundCall[] {
  if (client === 'node') {
    const limit = nodeSays(ground, call);
    return [told(ground, call, { client: 'node:http', ready: false, limit, made: undefined, callers: [] })];
  }
  const own = callSays(ground, call, client);
  const made = makers.of(call, client);
  const one = told(ground, call, {
    client: nameOf(ground, call, client),
    ready: client.kit === true,
    limit: limitFrom(own, made.said, client.default?.limit),
    made: made.at,
    callers: [own, made.said].flatMap((said) => (said.kind === 'callers' ? said.without : [])),
  });
  return counted(one, [own, made.said]);
}

/** A function whose callers decide counts once for each of them. */
function counted(one: OutboundCall, said: readonly Said[]): readonly OutboundCall[] {
  const callers = Math.max(1, ...said.map((each) => ('callers' in each ? (each.callers ?? 1) : 1)));
  if (one.limit.kind !== 'unlimited') return times(callers, one);
  const without = Math.max(1, one.callers.length);
  const limit = { kind: 'limited', by: 'its caller passes a time limit' } as const;
  return [...times(without, one), ...times(callers - without, { ...one, limit })];
}

const times = (count: number, one: OutboundCall): readonly OutboundCall[] =>
  Array.from({ length: Math.max(0, count) }, () => one);

function told(
  ground: Ground,
  call: CallSite,
  known: Pick<OutboundCall, 'client' | 'ready' | 'limit' | 'made' | 'callers'>,
): OutboundCall {
  const by = known.limit.kind === 'limited' ? undefined : limitAround(ground, call);
  return {
    ...known,
    at: { file: call.file, line: lineOf(call.expr.at) },
    scope: scopeOf(ground, call),
    limit: by === undefined ? known.limit : { kind: 'limited', by },
  };
}

function scopeOf({ model }: Ground, call: CallSite): string {
  const fn = namedAround(model, call.file, call.fn);
  const file = call.file.slice(call.file.lastIndexOf('/') + 1);
  return model.get(call.file)?.summary.functions[fn]?.name || file;
}

/** The package says more than the family where a family has several. */
function nameOf(ground: Ground, call: CallSite, client: Client): string {
  const origin = ground.calls.origin(call);
  return origin.kind === 'package' && client.name === 'AWS SDK' ? origin.package : client.name;
}
