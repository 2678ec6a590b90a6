import type { CodeModel } from '../code/model.ts';
import type { CallReach } from '../code/reach/calls-of.ts';
import type { FileSites } from '../code/sites.ts';
import type { DeclaredPublic } from '../facts/declarations.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import type { Reached } from '../facts/exposure.ts';
import type { Protection } from '../model/protection.ts';
import type { LiveCode } from '../facts/live.ts';
import type { Service } from '../facts/services.ts';

/** A service whose endpoints are asked what protects them. */
export interface ExposureSite {
  readonly service: Service;
  readonly code: CodeModel;
  readonly live: LiveCode;
  readonly reach: CallReach;
  readonly sites: (file: string) => FileSites;
  readonly endpoints: readonly Endpoint[];
  readonly declared: readonly DeclaredPublic[];
}

/** Reads some protections. `open` is called once for each service, what it returns once for each endpoint and protection. */
export interface ExposureReader {
  readonly reads: readonly Protection[];
  open(site: ExposureSite): (endpoint: Endpoint, protection: Protection) => Reached;
}

/** Nothing of the kind stands in the chain. */
export const absent: Reached = { answer: 'no', what: '', why: '', trail: [] };
export const unread: Reached = { answer: 'unknown', what: '', why: 'not yet read', trail: [] };
