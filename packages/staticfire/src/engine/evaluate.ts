import type { AnyControl, Verdict, Violation } from '../model/control.ts';
import { gather, type FactBook } from './book.ts';

/** What a control said of a service, or why it could not. */
export type Evaluated = Verdict<Messages> | { readonly verdict: 'error'; readonly because: string };
type Messages = Readonly<Record<string, { readonly text: string; readonly remedy: string }>>;
export type AnyViolation = Violation<Messages>;

/** Runs one control. What it throws becomes an `error` verdict of its own and touches nothing else. */
export function evaluate(control: AnyControl, book: FactBook, service: string | undefined): Evaluated {
  const gathered = gather(book, control.needs, service);
  switch (gathered.status) {
    case 'failed':
      return { verdict: 'error', because: gathered.reason };
    case 'unreadable':
      return {
        verdict: 'unknown',
        because: gathered.reason,
        settle: 'Mend what could not be read, then run the audit again.',
      };
    case 'absent':
      return { verdict: 'not-applicable', because: gathered.reason };
    case 'known':
      return judged(control, gathered.facts);
  }
}

function judged(control: AnyControl, facts: Readonly<Record<string, unknown>>): Evaluated {
  try {
    return control.evaluate(facts);
  } catch (error) {
    return { verdict: 'error', because: describe(error) };
  }
}

/** The message of whatever was thrown, with the place in our code where it came from. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const at = /\n\s+at ([^\n]+)/.exec(error.stack ?? '')?.[1]?.replaceAll(/\(?(?:file:\/\/)?[^\s(]*\//g, '(');
  return at
    ? `${error.name}: ${error.message} (at ${at.replaceAll(/[()]/g, ' ').trim()})`
    : `${error.name}: ${error.message}`;
}
