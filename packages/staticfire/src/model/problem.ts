export interface ProblemDetails {
  readonly found: string;
  readonly where: string;
  readonly expected: string;
  readonly todo: string;
}

/** Why a run cannot go on. Not a finding about the user's service and not a bug of ours. */
export class Problem extends Error {
  override readonly name = 'Problem';
  /** Stable, kebab-case, for example 'no-such-directory'. */
  readonly code: string;
  readonly details: ProblemDetails;

  constructor(code: string, details: ProblemDetails) {
    super(`${details.found} (${details.where})`);
    this.code = code;
    this.details = details;
  }
}
