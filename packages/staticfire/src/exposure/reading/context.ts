import type { Endpoint } from '../../facts/endpoints.ts';
import type { ExposureSite } from '../site.ts';
import { createBindings, type Bindings } from './bindings.ts';
import { createRequests, type Handing, type Requests } from './request.ts';
import { createStages, type Stages } from './stages.ts';

/** What the readers of one service share. */
export interface Context {
  readonly site: ExposureSite;
  readonly bindings: Bindings;
  readonly requests: Requests;
  readonly stages: Stages;
  /** Frameworks of which some endpoint of the service has a schema beside its handler. */
  readonly described: ReadonlySet<string>;
}

export function createContext(site: ExposureSite): Context {
  const bindings = createBindings(site.code);
  const described = new Set(
    site.endpoints.flatMap(({ chain, framework }) =>
      chain.some(({ role }) => role === 'validator') ? [framework] : [],
    ),
  );
  return { site, bindings, requests: createRequests(site.code, bindings), stages: createStages(site), described };
}

/** How the handler of an endpoint is handed what the caller sends. */
export const handingOf = ({ surface, framework }: Endpoint): Handing =>
  surface !== 'http' && framework !== 'nestjs' ? 'input' : 'request';
