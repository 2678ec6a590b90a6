import { createHash } from 'node:crypto';

/** What makes a finding the same finding tomorrow. */
export interface Identity {
  readonly control: string;
  readonly message: string;
  readonly service: string;
  readonly subject: string;
  /** The line at the finding's place, '' for an absence. */
  readonly excerpt: string;
}

/**
 * Fingerprints for findings in the order in which they were reported: control, subject and normalised excerpt, and the
 * occurrence among equals. Never a path or a line, so that moves and renames keep them.
 */
export function fingerprints(identities: readonly Identity[]): readonly string[] {
  const seen = new Map<string, number>();
  return identities.map((identity) => {
    const key = [
      identity.control,
      identity.message,
      identity.service,
      identity.subject,
      normalised(identity.excerpt),
    ].join('\0');
    const occurrence = seen.get(key) ?? 0;
    seen.set(key, occurrence + 1);
    return createHash('sha256').update(`${key}\0${occurrence}`).digest('hex').slice(0, 16);
  });
}

/** White space, quotes and trailing punctuation are the formatter's business. */
function normalised(excerpt: string): string {
  return excerpt.replaceAll(/\s+/g, '').replaceAll(/["'`]/g, "'").replaceAll(/[;,]/g, '');
}
