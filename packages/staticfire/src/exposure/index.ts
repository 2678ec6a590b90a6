import { declares } from '../facts/declarations.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import type { Exposed, Exposure, Reached } from '../facts/exposure.ts';
import { protections, type Protection } from '../model/protection.ts';
import { deedsOf } from './deeds.ts';
import { inputOf } from './input/index.ts';
import { intentOf, sensitivity } from './intent.ts';
import { expenseOf } from './limits/expensive.ts';
import { createLimits } from './limits/index.ts';
import { signInsOf } from './limits/sign-ins.ts';
import { unplacedLimiter } from './limits/unplaced.ts';
import { createContext } from './reading/context.ts';
import { unread, type ExposureReader, type ExposureSite } from './site.ts';
import { stranger } from './stranger/index.ts';
import { surroundingOf } from './surroundings.ts';

/** Each reads the protections that it names. */
const readers: readonly ExposureReader[] = [stranger];

const surrounding: ReadonlySet<Protection> = new Set(['csrf', 'cors', 'body-limit', 'audit', 'errors', 'request-id']);

/** What stands between a stranger and each endpoint. */
export function exposureOf(site: ExposureSite): Exposure {
  const asked = new Map<Protection, (endpoint: Endpoint, protection: Protection) => Reached>();
  for (const reader of readers) {
    const ask = reader.open(site);
    for (const protection of reader.reads) asked.set(protection, ask);
  }
  const context = createContext(site);
  const limits = createLimits(context);
  const deeds = deedsOf(site.reach);
  const list = site.endpoints.map((endpoint): Exposed => {
    const input = inputOf(context, endpoint);
    const limited = limits.of(endpoint);
    return {
      endpoint,
      reaches: reachedBy((protection) => {
        if (protection === 'input') return input.reached;
        if (protection === 'limit') return limited.reached;
        if (surrounding.has(protection)) return surroundingOf(context, endpoint, protection);
        return asked.get(protection)?.(endpoint, protection) ?? unread;
      }),
      takes: input.takes,
      limits: limited.limits,
      open: intentOf(endpoint, (one) => site.declared.some((declared) => declares(declared, one))),
      sensitive: sensitivity(endpoint, deeds),
      expensive: expenseOf(context, endpoint),
    };
  });
  return { list, signIns: signInsOf(site, limits), unplaced: unplacedLimiter(site, list) };
}

function reachedBy(ask: (protection: Protection) => Reached): Exposed['reaches'] {
  const found: Partial<Record<Protection, Reached>> = {};
  for (const protection of protections) found[protection] = ask(protection);
  return found as Exposed['reaches'];
}
