/** A place in a file of the audited repository. Lines and columns count from 1. */
export interface Place {
  /** Path relative to the audited root, with forward slashes. `../` only for platform files between the root and the git root. */
  readonly file: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly column?: number;
}

/** What was looked through when there is no place to point at: an absence has no line. */
interface Searched {
  /** For example "import of pino, winston or bunyan in 214 live files". */
  readonly searched: string;
}

export type Evidence = (Place & { readonly note?: string }) | Searched;

/** One step of the path that proves a finding, in reading order. `at` is missing where the step is an absence ("imported by nothing"). */
export interface Step {
  readonly note: string;
  readonly at?: Place;
}

export const isPlace = (evidence: Evidence): evidence is Place & { readonly note?: string } => 'file' in evidence;
