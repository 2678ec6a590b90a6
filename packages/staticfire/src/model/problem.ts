/** Why a run cannot go on. Not a finding about the user's service and not a bug of ours. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    /** Stable, kebab-case, for example 'no-such-directory'. */
    readonly code: string,
    readonly details: {
      readonly found: string;
      readonly where: string;
      readonly expected: string;
      readonly todo: string;
    },
  ) {
    super(`${details.found} (${details.where})`);
  }
}
