import { demanded, isPlaceholder } from '../../facts/environment-checks.ts';
import { sensitivityOf, type Sensitivity } from '../../facts/environment-names.ts';
import {
  environment,
  type DeployedLiteral,
  type Environment,
  type EnvRead,
  type EnvWrite,
} from '../../facts/environment.ts';
import { defineControl, failOr, type Severity, type Verdict, type Violation } from '../../model/control.ts';

const messages = {
  literal: {
    text: '{name} falls back to a text that stands in the source.',
    remedy: 'Drop the fallback and refuse to start when {name} is missing.',
    confidence: 'proven',
  },
  derived: {
    text: '{name} falls back to a value made from what others can know.',
    remedy: 'Drop the fallback and refuse to start when {name} is missing.',
  },
  'stand-in': {
    text: '{name} falls back to a dummy, so the service starts without it.',
    remedy: 'Drop the dummy: refuse to start, or leave the feature out, when {name} is missing.',
    confidence: 'proven',
  },
  empty: {
    text: '{name} falls back to an empty text and is then used as a key.',
    remedy: 'Refuse to start when {name} is missing; an empty key can be guessed by anyone.',
  },
  shared: {
    text: '{name} falls back to {other}, which serves another purpose.',
    remedy: 'Give {name} a value of its own and refuse to start without it.',
  },
  written: {
    text: '{name} is given a made-up value when it is missing.',
    remedy: 'Throw instead of writing a value for {name} into the environment.',
  },
  deployed: {
    text: '{name} stands as a literal in {file}, which starts the service.',
    remedy: 'Take {name} from the environment of the deployment, without a default.',
  },
  address: {
    text: 'The database address is a literal in {file}: production uses the same one.',
    remedy: 'Read the address with env("DATABASE_URL").',
    confidence: 'proven',
  },
} as const;

type Fault = Violation<typeof messages>;

export const placeholderDefaults = defineControl({
  id: 'config/placeholder-defaults',
  area: 'config',
  scope: 'service',
  title: {
    pass: 'No secret has a fallback that production could run on',
    fail: 'Production can run on a secret that stands in the source',
  },
  why: 'A fallback for a secret is meant for development, but nothing keeps production from using it: one forgotten variable and tokens are signed with a text that anyone who has seen the code knows.',
  failure:
    'The service starts as if all were well. Whoever knows the fallback signs in as any user, reads what was encrypted, or opens the database.',
  remedy:
    'Read secrets, credentials and database addresses without a fallback and refuse to start when one is missing.',
  done: 'No secret, credential or database address has a literal or derived fallback outside code that only runs in development.',
  severity: 'major',
  confidence: 'likely',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://cwe.mitre.org/data/definitions/1394.html',
    'https://cwe.mitre.org/data/definitions/798.html',
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
  ],
  needs: { environment },
  messages,
  evaluate: ({ environment: env }) => judge(env),
});

function judge(env: Environment): Verdict<typeof messages> {
  const secrets = new Set(env.reads.filter((r) => sensitivityOf(r.name) !== 'plain').map((r) => r.name));
  const held = demanded(env);
  const faults = [
    ...env.reads.filter((read) => !held.has(read.name)).flatMap((read) => faultOf(env, read)),
    ...env.writes.flatMap((write) => ofWrite(write, held)),
    ...env.deployed.map(ofLiteral),
  ];
  return failOr(once(faults), () =>
    secrets.size === 0
      ? {
          verdict: 'not-applicable',
          because: `live code reads no secret, credential or database address from the environment (${env.files} files)`,
        }
      : {
          verdict: 'pass',
          evidence: [
            { searched: `fallbacks of ${secrets.size} secrets, credentials and addresses in ${env.files} live files` },
          ],
        },
  );
}

/** One finding for a place. */
function once(faults: readonly Fault[]): readonly Fault[] {
  const seen = new Set<string>();
  return faults.filter((fault) => {
    const key = `${fault.subject} ${fault.at?.file ?? ''} ${fault.at?.line ?? 0}`;
    return !seen.has(key) && !!seen.add(key);
  });
}

function faultOf(env: Environment, read: EnvRead): readonly Fault[] {
  const { name, fallback } = read;
  const kind = sensitivityOf(name);
  if (!read.production || kind === 'plain' || !('at' in fallback)) return [];
  const shared = { at: fallback.at, subject: name };
  if (isPlaceholder(read)) return [placeholder(shared, name, fallback.kind, kind)];
  if (fallback.kind === 'empty' && kind === 'signing')
    return env.keys.has(name) ? [{ ...shared, message: 'empty', data: { name }, trail: keyed(env, name) }] : [];
  if (fallback.kind !== 'variable' || kind !== 'signing') return [];
  return fallback.names.slice(0, 1).flatMap((other) =>
    servesElse(env, name, other)
      ? [
          {
            ...shared,
            message: 'shared',
            data: { name, other },
            severity: sensitivityOf(other) === 'database' ? 'major' : 'minor',
          } satisfies Fault,
        ]
      : [],
  );
}

function placeholder(
  shared: { readonly at: EnvRead['at']; readonly subject: string },
  name: string,
  kind: EnvRead['fallback']['kind'],
  sensitivity: Sensitivity,
): Fault {
  const data = { name };
  const dummy = kind === 'stand-in' && sensitivity !== 'signing';
  if (dummy) return { ...shared, message: 'stand-in', data, severity: 'minor' };
  return { ...shared, message: kind === 'derived' ? 'derived' : 'literal', data, severity: severityOf(sensitivity) };
}

const severityOf = (sensitivity: Sensitivity): Severity => (sensitivity === 'signing' ? 'critical' : 'major');

const keyed = (env: Environment, name: string): NonNullable<Fault['trail']> => {
  const at = env.keys.get(name);
  return at ? [{ note: `${name} is used as a key here`, at }] : [];
};

/** The other variable is a secret in its own right, not an older name of this one. */
function servesElse(env: Environment, name: string, other: string): boolean {
  const kind = sensitivityOf(other);
  if (kind === 'plain' || sameEnd(name, other)) return false;
  if (kind === 'database') return true;
  return env.reads.some((read) => read.name === other && !read.alternatives.includes(name));
}

/** AUTH_SECRET and NEXTAUTH_SECRET are one thing by two names. */
function sameEnd(a: string, b: string): boolean {
  const end = (name: string): string => name.split('_').slice(-2).join('_');
  return a.endsWith(end(b)) || b.endsWith(end(a));
}

/** Values written where a variable was missing. */
function ofWrite(write: EnvWrite, held: ReadonlySet<string>): readonly Fault[] {
  if (!write.production || !['literal', 'derived', 'stand-in'].includes(write.value)) return [];
  return write.names.flatMap((name) => {
    const kind = sensitivityOf(name);
    return kind === 'plain' || held.has(name)
      ? []
      : [
          {
            at: write.at,
            subject: name,
            message: 'written',
            data: { name },
            severity: severityOf(kind),
          } satisfies Fault,
        ];
  });
}

function ofLiteral(literal: DeployedLiteral): Fault {
  const shared = { at: literal.at, subject: literal.name };
  const { file } = literal.at;
  return literal.in === 'compose'
    ? { ...shared, message: 'deployed', data: { name: literal.name, file } }
    : { ...shared, message: 'address', data: { file } };
}
