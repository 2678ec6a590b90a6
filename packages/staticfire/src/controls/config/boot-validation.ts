import { closedChecks, isClosed, requiredVariables } from '../../facts/environment-checks.ts';
import { environment, type Environment, type EnvRead, type ReachedCheck } from '../../facts/environment.ts';
import { defineControl, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  absent: {
    text: 'Nothing checks the environment at boot: {count} required variables are read without a check ({names}).',
    remedy: 'Parse process.env with a schema in one module that the entry imports first, and let it throw.',
  },
  dead: {
    text: '{check} checks {count} with {technique}, but nothing that runs loads it.',
    remedy: 'Import {file} from {entry}, before anything that reads the environment.',
    confidence: 'proven',
  },
  uncalled: {
    text: '{check} checks {count} with {technique}, but nothing that runs calls it.',
    remedy: 'Call {check} at the top of the entry, before anything that reads the environment.',
  },
  lenient: {
    text: '{check} finds missing variables and goes on without them.',
    remedy: 'Throw, or end the process with a non-zero code, when {check} finds something missing.',
  },
  injected: {
    text: '{check} fills in missing variables instead of refusing them: {names}.',
    remedy: 'Remove the stand-ins and throw when a variable is missing in production.',
    confidence: 'proven',
  },
  optional: {
    text: '{check} demands nothing: each of its {count} is optional or has a default.',
    remedy: 'Make the variables required that the service cannot do without.',
  },
  lazy: {
    text: '{check} checks the environment only when the first request needs it.',
    remedy: 'Run {check} at boot: from the entry, or for Next.js from register() in instrumentation.ts.',
  },
  skipped: {
    text: '{check} does not run in production.',
    remedy: 'Run the check in production as well.',
  },
  partial: {
    text: 'Only {checked} of {count} required variables {are} checked at boot; not checked: {names}.',
    remedy: 'Let one schema at boot ask for every variable that the service cannot do without.',
  },
} as const;

type Fault = Violation<typeof messages>;
type Fails = Extract<Verdict<typeof messages>, { verdict: 'fail' }>;

export const bootValidation = defineControl({
  id: 'config/boot-validation',
  area: 'config',
  scope: 'service',
  title: {
    pass: 'The environment is checked at boot',
    fail: 'A missing variable does not stop the boot',
  },
  why: 'A service that starts with a variable missing fails later, in the middle of a request, or runs on something that no one chose. A check at boot turns a bad deploy into one that never takes traffic.',
  failure:
    'The deploy is green and health checks pass. The first payment, mail or sign-in fails with an error about undefined, hours after the change that caused it.',
  remedy:
    'Check the whole environment with one schema in a module that the entry loads first, and end the process when it does not fit.',
  done: 'Starting the service without one of its required variables ends the process with a non-zero code and a message that names the variable.',
  severity: 'major',
  confidence: 'likely',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://12factor.net/config',
    'https://env.t3.gg/docs/introduction',
    'https://docs.nestjs.com/techniques/configuration#schema-validation',
  ],
  needs: { environment },
  messages,
  evaluate: ({ environment: env }) => judge(env),
});

function judge(env: Environment): Verdict<typeof messages> {
  const closed = closedChecks(env);
  const required = requiredVariables(env);
  if (required.size === 0 && closed.length === 0) return { verdict: 'not-applicable', because: idle(env) };
  const open = uncovered(required, closed);
  const known = new Set([...required.keys(), ...closed.flatMap((check) => check.required)]);
  if (suffices(closed, known.size, open.length)) return { verdict: 'pass', evidence: evidenceOf(closed) };
  const faults = faultsOf(env, required.size);
  const lacking = missing(env, required, closed, open, known.size);
  const [first = lacking, ...rest] = faults;
  return { verdict: 'fail', violations: [first, ...rest] } satisfies Fails;
}

const idle = (env: Environment): string =>
  env.reads.length === 0
    ? `live code reads no environment variable (${env.files} files)`
    : `each of the ${new Set(env.reads.map((r) => r.name)).size} variables that live code reads has a default, may be missing or is public`;

/** Variables that no check at boot knows, nor one that serves in their stead. What a schema calls optional was thought of. */
function uncovered(required: ReadonlyMap<string, EnvRead>, closed: readonly ReachedCheck[]): readonly string[] {
  const known = new Set(closed.flatMap((check) => [...check.required, ...check.optional]));
  return [...required].flatMap(([name, read]) =>
    [name, ...read.alternatives].some((n) => known.has(n)) ? [] : [name],
  );
}

/** A schema or a list is meant to be the check of the service; questions here and there must cover most of it. */
function suffices(closed: readonly ReachedCheck[], required: number, open: number): boolean {
  if (closed.length === 0) return false;
  if (closed.some((check) => check.style === 'schema' && (!check.complete || check.required.length >= 3))) return true;
  const share = required === 0 ? 1 : 1 - open / required;
  return share >= (closed.some((check) => check.style !== 'single') ? 0.3 : 0.5);
}

function evidenceOf(closed: readonly ReachedCheck[]): [Evidence, ...Evidence[]] {
  const [first, ...rest] = closed.map((check): Evidence => ({
    ...check.at,
    note: `${check.technique} ${check.required.length === 0 ? 'checks the environment' : `asks for ${variables(check.required.length)}`} at boot: ${check.failure === 'exits' ? 'ends the process' : 'throws'}`,
  }));
  return first ? [first, ...rest.slice(0, 3)] : [{ searched: 'checks of the environment' }];
}

/** What is wrong with each check that is meant to be one: the worst of each place. */
function faultsOf(env: Environment, required: number): readonly Fault[] {
  const meant = env.checks.filter((check) => isMeant(check, required));
  const byPlace = new Map<string, Fault>();
  for (const check of [...meant].sort((a, b) => weight(b) - weight(a))) {
    const key = `${check.at.file} ${check.symbol}`;
    if (!byPlace.has(key)) byPlace.set(key, faultOf(check));
  }
  return [...byPlace.values()].slice(0, 5);
}

/** A check of one feature's variables where it is used is no check of the environment. */
function isMeant(check: ReachedCheck, required: number): boolean {
  if (isClosed(check) && check.reached === 'boot' && check.required.length > 0) return false;
  const size = check.required.length + check.optional.length;
  return check.style === 'schema' || (check.style === 'list' && (size >= 5 || size >= required * 0.3));
}

const weight = (check: ReachedCheck): number =>
  (check.injects ? 8 : 0) +
  (check.reached === 'never' ? 0 : 4) +
  (check.required.length > 0 ? 2 : 0) +
  (check.style === 'schema' ? 1 : 0);

function faultOf(check: ReachedCheck): Fault {
  const shared = { at: check.at, subject: check.symbol, trail: check.trail };
  const name = { check: check.symbol };
  const count = variables(check.required.length + check.optional.length);
  if (check.reached === 'never') return unreached(check, count);
  if (check.injects)
    return {
      ...shared,
      message: 'injected',
      at: check.injects.at,
      data: { ...name, names: listed(check.injects.names) },
    };
  if (!check.production) return { ...shared, message: 'skipped', data: name };
  if (!isClosed(check)) return { ...shared, message: 'lenient', data: name };
  if (check.required.length === 0) return { ...shared, message: 'optional', data: { ...name, count } };
  return { ...shared, message: 'lazy', data: name };
}

function unreached(check: ReachedCheck, count: string): Fault {
  const shared = { at: check.at, subject: check.symbol, trail: check.trail };
  const data = { check: check.symbol, count, technique: check.technique };
  const entry = check.trail.at(-1)?.at?.file ?? 'the entry';
  return check.dead
    ? { ...shared, message: 'dead', data: { ...data, file: check.at.file, entry } }
    : { ...shared, message: 'uncalled', data };
}

function missing(
  env: Environment,
  required: ReadonlyMap<string, EnvRead>,
  closed: readonly ReachedCheck[],
  open: readonly string[],
  count: number,
): Fault {
  const [first] = closed;
  if (first && open.length < count)
    return {
      message: 'partial',
      at: first.at,
      subject: 'environment',
      trail: first.trail,
      data: { checked: count - open.length, count, are: count - open.length === 1 ? 'is' : 'are', names: listed(open) },
    };
  const searched = `schemas over process.env, required lists and checks of single variables in ${env.files} live files`;
  return {
    message: 'absent',
    searched,
    subject: 'environment',
    data: { count: required.size, names: listed([...required.keys()]) },
  };
}

const variables = (count: number): string => (count === 1 ? 'one variable' : `${count} variables`);

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 6).join(', ');
  return names.length > 6 ? `${shown} and ${names.length - 6} more` : shown;
}
