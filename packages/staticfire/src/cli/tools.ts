import type { Assessment } from '../model/assessment.ts';
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

/** The heavy parts, loaded only by the command that needs them. */
export interface Tools {
  controls(): Promise<readonly AnyControl[]>;
  audit(request: AuditRequest): Promise<Assessment>;
}

export const tools: Tools = {
  controls: async () => (await import('../controls/index.ts')).controls,
  audit: async ({ dir, ...options }) => (await import('../index.ts')).audit(dir, options),
};
