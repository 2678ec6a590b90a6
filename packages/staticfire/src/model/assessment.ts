import type { Area } from './area.ts';
import type { Confidence, ProofLevel, Severity, Stage } from './control.ts';

/** The version of the assessment's form. A reader refuses what it does not know. */
export const assessmentSchema = 1;

export type ResultVerdict = 'pass' | 'fail' | 'unknown' | 'not-applicable' | 'error';

/** A place with what stands there, or what was searched. Secrets in excerpts are redacted. */
export interface AssessedEvidence {
  file?: string;
  line?: number;
  endLine?: number;
  excerpt?: string;
  note?: string;
  searched?: string;
}

export interface AssessedStep {
  note: string;
  file?: string;
  line?: number;
}

export interface Finding {
  control: string;
  message: string;
  text: string;
  remedy: string;
  severity: Severity;
  confidence: Confidence;
  /** Missing where the finding is an absence; `searched` then says what was looked through. */
  at?: { file: string; line?: number; endLine?: number; column?: number };
  /** The lines around the place, redacted; the first line's number is `excerptLine`. */
  excerpt?: string;
  excerptLine?: number;
  searched?: string;
  subject: string;
  trail: AssessedStep[];
  /** Control, subject, normalised excerpt and occurrence; never path and line. 16 hex digits. */
  fingerprint: string;
}

export interface Result {
  control: string;
  area: Area;
  /** The service's id, or 'repository'. */
  service: string;
  title: string;
  verdict: ResultVerdict;
  /** The proof behind the verdict; for `unknown`, `error` and `not-applicable` nothing is proven. */
  level?: ProofLevel;
  severity: Severity;
  stage: Stage;
  /** Why: for unknown, not-applicable and error always; for a pass where it helps. */
  reason?: string;
  /** For `unknown`: what would settle it. */
  settle?: string;
  evidence: AssessedEvidence[];
  findings: Finding[];
}

export interface AssessedService {
  id: string;
  name: string;
  /** Relative to the audited root, '.' for the root itself. */
  root: string;
  kind: 'http' | 'worker' | 'job';
  frameworks: string[];
  entries: { file: string; why: string }[];
  start?: { command: string; file?: string; line?: number };
  endpoints: { http: number | null; rpc: number | null; graphql: number | null };
  liveFiles: number;
}

export interface Coverage {
  files: number;
  sourceFiles: number;
  live: number;
  clientOnly: number;
  tests: number;
  /** Neither live nor client-only nor test: scripts, generated, vendored and dead code. */
  unreached: number;
  imports: { resolved: number; external: number; unresolved: number };
  unread: { path: string; reason: string; detail?: string }[];
  unreadTotal: number;
  notes: string[];
}

export interface Assessment {
  schema: typeof assessmentSchema;
  tool: { name: 'staticfire'; version: string };
  /** `root` is the audited folder's path below the git root, '.' for the git root itself and without git. */
  subject: { root: string; name: string; commit: string | null; dirty: boolean | null };
  coverage: Coverage;
  services: AssessedService[];
  results: Result[];
  verdict: 'go' | 'no-go';
  /** Fingerprints of the findings that decide a no-go. */
  blockers: string[];
  counts: Record<ResultVerdict, number>;
  /** The only part that differs between two runs over the same tree. Milliseconds. */
  timing: {
    total: number;
    parsed: number;
    cached: number;
    phases: Record<string, number>;
    collectors: Record<string, number>;
    controls: Record<string, number>;
  };
}
