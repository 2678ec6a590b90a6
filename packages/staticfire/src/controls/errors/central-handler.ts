import { errorAnswers, type ErrorAnswers, type ErrorLeak } from '../../facts/error-answers.ts';
import { service } from '../../facts/services.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence, Step } from '../../model/place.ts';

const messages = {
  absent: {
    text: 'No handler answers what the routes throw: Express does it by itself, and shows the stack unless NODE_ENV is production.',
    remedy: 'Register one function with four parameters after the routes, and answer every error there.',
  },
  late: {
    text: '{by} answers no error of the routes: {why}.',
    remedy: 'Register it after the routes.',
  },
  scattered: {
    text: 'Errors are answered in {count} of {total} handlers, each in its own words, and in no common place.',
    remedy: 'Wrap the handlers in one function that catches, logs and answers, and let them throw.',
    severity: 'minor',
  },
  dead: {
    text: '{symbol} is written to answer errors and used by nothing live; {count} of {total} handlers answer them by themselves.',
    remedy: 'Use it in every handler, or take it away.',
    severity: 'minor',
  },
  'stack-sent': {
    text: 'The stack of an unforeseen error is sent to the caller in production, in {symbol}.',
    remedy: 'Log the stack, and send a message of your own with the id of the request.',
    severity: 'major',
  },
  'message-sent': {
    text: 'The message of an unforeseen error is sent to the caller in {count} {places}, whatever a library or the database said.',
    remedy:
      'Send a message of your own for errors that you did not foresee; send theirs only for errors of your own classes.',
  },
  'default-message': {
    text: '{by} answers errors, and sends the message of an unforeseen one to the caller.',
    remedy: 'Set an error handler that answers unforeseen errors with a message of your own.',
    severity: 'minor',
  },
  unforwarded: {
    text: 'What {endpoint} throws after an await reaches no handler: Express before 5 does not see it{more}.',
    remedy: 'Wrap async handlers so that they pass on what they throw, or move to Express 5.',
    severity: 'minor',
  },
} as const;

type Said = Violation<typeof messages>;

export const centralHandler = defineControl({
  id: 'errors/central-handler',
  area: 'errors',
  scope: 'service',
  title: {
    pass: 'Errors end in one place and tell nothing of the inside',
    fail: 'Errors do not end in one place, or tell of the inside',
  },
  why: 'One place that answers errors gives callers one form, and operators one line of log for each. Messages of databases and stacks tell an attacker which tables, libraries and files there are.',
  failure:
    'A failed query answers with its SQL and the path of the source file; another route answers the same failure with an empty 200; a third ends the process.',
  remedy:
    'Catch in one handler behind all routes; answer with a status, a code and the id of the request; log the rest.',
  done: 'Every route leads to one live handler of errors, and no message or stack of an unforeseen error reaches a caller in production.',
  severity: 'major',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html',
    'https://expressjs.com/en/guide/error-handling.html',
  ],
  needs: { errorAnswers, service },
  messages,
  evaluate({ errorAnswers: found, service: own }): Verdict<typeof messages> {
    if (own.kind !== 'http') return { verdict: 'not-applicable', because: 'it answers no HTTP requests' };
    if (found.handlers === 0 && found.ends.every(({ builtIn }) => builtIn))
      return { verdict: 'not-applicable', because: 'no endpoint of its own is seen in it' };
    if (found.framework === 'node-http' || found.framework === '')
      return { verdict: 'not-applicable', because: 'it has no framework whose errors could end in one place' };
    const violations = [...ends(found), ...scattered(found), ...leaks(found.leaks), ...lost(found)];
    return failOr<typeof messages>(violations, () => ({ verdict: 'pass', evidence: evidenceOf(found) }));
  },
});

function ends(found: ErrorAnswers): readonly Said[] {
  const first = found.ends.find(({ why }) => why === undefined);
  if (first?.builtIn && first.tells === 'message')
    return [{ message: 'default-message', data: { by: first.by }, at: first.at, subject: first.by }];
  if (first) return [];
  const [late] = found.ends;
  if (late) return [{ message: 'late', data: { by: late.by, why: late.why ?? '' }, at: late.at, subject: late.by }];
  const searched = `middleware with four parameters and packages of that kind, for ${found.handlers} handlers`;
  return [{ message: 'absent', data: {}, searched, subject: 'error handler' }];
}

/** Frameworks with files for routes have no place of their own in which handlers could let errors end. */
const byFiles = /^(?:next|sveltekit|nuxt|astro|react-router|tanstack-start|solid-start)$/;
const few = 0.2;

function scattered(found: ErrorAnswers): readonly Said[] {
  const { count, places } = found.own;
  if (!byFiles.test(found.framework) || found.handlers < 3 || count <= found.handlers * few) return [];
  const trail: Step[] = places.map((at) => ({ note: 'an error is answered here', at }));
  const data = { count, total: found.handlers };
  const [dead] = found.dead;
  if (dead)
    return [{ message: 'dead', data: { ...data, symbol: dead.symbol }, at: dead.at, subject: dead.symbol, trail }];
  const searched = `wrappers around ${found.handlers} handlers, and functions that several of them answer errors with`;
  return [{ message: 'scattered', data, searched, subject: 'handlers', trail }];
}

function leaks(list: readonly ErrorLeak[]): readonly Said[] {
  const stacks = list.filter(({ what }) => what === 'stack');
  const told = list.filter(({ what }) => what === 'message');
  const [first, ...rest] = told.toSorted((a, b) => Number(b.central) - Number(a.central));
  const all = stacks.map(({ at, symbol }): Said => ({
    message: 'stack-sent',
    data: { symbol },
    at,
    subject: `${symbol} stack`,
  }));
  if (!first) return all;
  const data = { count: told.length, places: told.length === 1 ? 'place' : 'places' };
  const trail = rest.slice(0, 9).map(({ at, symbol }) => ({ note: `${symbol} does so too`, at }));
  return [
    ...all,
    {
      message: 'message-sent',
      data,
      at: first.at,
      subject: first.symbol,
      severity: first.central ? 'major' : 'minor',
      trail,
    },
  ];
}

function lost({ unforwarded }: ErrorAnswers): readonly Said[] {
  const [first, ...rest] = unforwarded;
  if (!first) return [];
  const more = rest.length > 0 ? `, nor what ${rest.length} others throw` : '';
  const trail = rest.slice(0, 9).map(({ path, at }) => ({ note: path, at }));
  return [{ message: 'unforwarded', data: { endpoint: first.path, more }, at: first.at, subject: first.path, trail }];
}

function evidenceOf(found: ErrorAnswers): readonly [Evidence, ...Evidence[]] {
  const searched = {
    searched: `what ${found.handlers} handlers and their callers send of errors: nothing of the inside`,
  };
  const [first, ...rest] = found.ends
    .filter(({ why, builtIn }) => why === undefined && !builtIn)
    .slice(0, 3)
    .map(({ at, by }) => ({ ...at, note: `errors end in ${by}` }));
  return first ? [first, ...rest, searched] : [searched];
}
