import type { CodeModel } from '../code/model.ts';
import type { FileSites } from '../code/sites.ts';
import type { Endpoint, LostEndpoint } from '../facts/endpoints.ts';
import type { LiveCode } from '../facts/live.ts';
import type { FrameworkId, Service } from '../facts/services.ts';
import type { Workspace } from '../model/workspace.ts';

/** A service whose endpoints are looked for. */
export interface EndpointSite {
  readonly service: Service;
  readonly code: CodeModel;
  readonly live: LiveCode;
  readonly workspace: Workspace;
  /** The calls of a file, walked once for everyone. */
  readonly sites: (file: string) => FileSites;
  /** Files that a file loads by paths it works out. */
  readonly computed: (file: string) => readonly string[];
  /** Live files that import one of these packages at run time, sorted. A name that ends in `/` stands for its scope. */
  importing(...packages: readonly string[]): readonly string[];
}

export interface Found {
  readonly list: readonly Endpoint[];
  readonly lost: readonly LostEndpoint[];
}

/** Finds the endpoints of one framework. */
export interface EndpointReader {
  readonly id: FrameworkId;
  /** Frameworks of the service whose endpoints this one reads. */
  readonly reads: readonly FrameworkId[];
  find(site: EndpointSite): Found;
}

export const defineReader = (reader: EndpointReader): EndpointReader => reader;

export const nothing: Found = { list: [], lost: [] };
