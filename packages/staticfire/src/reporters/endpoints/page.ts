import pc from 'picocolors';
import type { EndpointMap, MappedEndpoint } from '../../model/endpoint-map.ts';

/** What is shown of a map, and how. */
export interface MapView {
  readonly map: EndpointMap;
  /** Those that the filters left. */
  readonly shown: readonly MappedEndpoint[];
  /** Every endpoint on a line of its own. */
  readonly all: boolean;
  readonly color: boolean;
  readonly width: number;
  readonly unicode: boolean;
}

export const paintOf = ({ color }: Pick<MapView, 'color'>): ReturnType<typeof pc.createColors> =>
  pc.createColors(color);

/** How an endpoint stands towards strangers. */
export type Standing = 'open' | 'unknown' | 'kept' | 'public';

export function standingOf({ protections, open }: MappedEndpoint): Standing {
  const { authentication, signature } = protections;
  if (authentication?.answer === 'yes' || signature?.answer === 'yes') return 'kept';
  if (open) return 'public';
  return authentication?.answer === 'unknown' ? 'unknown' : 'open';
}

/** In the order in which they matter. */
export const standings: readonly Standing[] = ['open', 'unknown', 'public', 'kept'];

export const titles: Readonly<Record<Standing, string>> = {
  open: 'Answer anyone',
  unknown: 'Could not be followed',
  public: 'Open, by what they are',
  kept: 'Ask who calls',
};

/** One cell of the table: what is there, or why it is not. */
export function cell({ protections }: MappedEndpoint, name: string): string {
  const found = protections[name];
  if (!found || found.answer === 'no') return found && found.why !== '' ? 'no *' : '-';
  return found.answer === 'unknown' ? '?' : found.what === '' ? 'yes' : found.what;
}

export const nameOf = ({ method, path }: MappedEndpoint): string => `${method} ${path}`;
