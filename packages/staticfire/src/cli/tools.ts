import type { Assessment } from '../model/assessment.ts';
import type { EndpointMap } from '../model/endpoint-map.ts';
import type { AnyControl } from '../model/control.ts';

export interface AuditRequest {
  readonly dir: string;
  readonly only?: string[];
  readonly skip?: string[];
  readonly service?: string;
  readonly cacheDir?: string;
  readonly progress: (event: { phase: string; done?: number; total?: number }) => void;
  readonly signal: AbortSignal;
}

export interface EndpointRequest extends Omit<AuditRequest, 'only' | 'skip'> {
  readonly withCode?: (endpoint: { readonly method: string; readonly path: string }) => boolean;
}

/** The heavy parts, loaded only by the command that needs them. */
export interface Tools {
  controls(): Promise<readonly AnyControl[]>;
  audit(request: AuditRequest): Promise<Assessment>;
  endpoints(request: EndpointRequest): Promise<EndpointMap>;
}

export const tools: Tools = {
  controls: async () => (await import('../controls/index.ts')).controls,
  audit: async ({ dir, ...options }) => (await import('../index.ts')).audit(dir, options),
  endpoints: async ({ dir, ...options }) => (await import('../index.ts')).endpoints(dir, options),
};
