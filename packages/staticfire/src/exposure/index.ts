import { protections, type Exposed, type Protection, type Reached } from '../facts/exposure.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import { declares } from '../facts/declarations.ts';
import { deedsOf } from './deeds.ts';
import { intentOf, sensitivity } from './intent.ts';
import { stranger } from './stranger/index.ts';
import { unread, type ExposureReader, type ExposureSite } from './site.ts';

/** Each reads the protections that it names. */
const readers: readonly ExposureReader[] = [stranger];

/** What stands between a stranger and each endpoint. */
export function exposureOf(site: ExposureSite): readonly Exposed[] {
  const asked = new Map<Protection, (endpoint: Endpoint, protection: Protection) => Reached>();
  for (const reader of readers) {
    const ask = reader.open(site);
    for (const protection of reader.reads) asked.set(protection, ask);
  }
  const deeds = deedsOf(site.reach);
  return site.endpoints.map((endpoint) => ({
    endpoint,
    reaches: reachedBy((protection) => asked.get(protection)?.(endpoint, protection) ?? unread),
    open: intentOf(endpoint, (one) => site.declared.some((declared) => declares(declared, one))),
    sensitive: sensitivity(endpoint, deeds),
  }));
}

function reachedBy(ask: (protection: Protection) => Reached): Exposed['reaches'] {
  const found: Partial<Record<Protection, Reached>> = {};
  for (const protection of protections) found[protection] = ask(protection);
  return found as Exposed['reaches'];
}
