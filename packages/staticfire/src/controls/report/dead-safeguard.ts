import { safeguards, type DeadSafeguard, type Safeguard, type SafeguardKind } from '../../facts/safeguards.ts';
import {
  defineControl,
  failOr,
  type Confidence,
  type Severity,
  type Verdict,
  type Violation,
} from '../../model/control.ts';
import type { Evidence, Step } from '../../model/place.ts';

const messages = {
  unloaded: {
    text: 'The {kind} {symbol} ({does}) protects nothing: {why}{others}.',
    remedy: '{todo}, or delete it so that nobody counts on it.',
  },
  uncalled: {
    text: 'The {kind} {symbol} ({does}) protects nothing: {why}{others}.',
    remedy: '{todo}, or delete it so that nobody counts on it.',
  },
  late: {
    text: 'The middleware {symbol} sees no request: {why}{others}.',
    remedy: 'Register {symbol} before the routes, in {todo}.',
  },
  misplaced: {
    text: '{symbol} ({does}) is never read: {why}{others}.',
    remedy: '{todo}.',
  },
  abandoned: {
    text: '{symbol} holds safeguards that protect nothing: {why}{others}.',
    remedy: '{todo}, or delete it so that nobody counts on it.',
  },
} as const;

type M = typeof messages;

export const deadSafeguard = defineControl({
  id: 'report/dead-safeguard',
  area: 'report',
  scope: 'repository',
  title: { pass: 'Every safeguard in the repository is live', fail: 'Safeguards exist that protect nothing' },
  why: 'A safeguard counts only when the running service loads it and puts it in force. One that nothing imports reads well in a review, passes its own tests, and protects no one.',
  failure:
    'A report says that the limiter, the validator or the headers exist. The incident they were written for happens, and only then someone finds that nothing ever called them.',
  remedy: 'Load each safeguard from the file that starts the service or registers its routes, or delete it.',
  done: 'Every safeguard in the repository is reached from the entry of a service, ahead of what it protects; what is not used is gone.',
  severity: 'major',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: ['https://cwe.mitre.org/data/definitions/561.html', 'https://cwe.mitre.org/data/definitions/693.html'],
  needs: { safeguards },
  messages,
  evaluate(facts): Verdict<M> {
    const { dead, live, searched } = facts.safeguards;
    return failOr<M>(dead.map(violation), () => {
      if (live.length === 0)
        return { verdict: 'not-applicable', because: `No safeguard was found, live or dead, in ${searched}.` };
      return {
        verdict: 'pass',
        evidence: [
          { searched: `${searched}: ${live.length} safeguards, all live (${counts(live)})` },
          ...live.slice(0, 3).map(shown),
        ],
      };
    });
  },
});

const shown = ({ kind, symbol, at }: Safeguard): Evidence => ({ ...at, note: `${kind}: ${symbol}` });

function counts(live: readonly Safeguard[]): string {
  const byKind = new Map<SafeguardKind, number>();
  for (const { kind } of live) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
  return [...byKind]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
}

function violation(dead: DeadSafeguard): Violation<M> {
  const { kind, symbol, does, why, at, how } = dead;
  const base = {
    at,
    subject: `${symbol} (${kind})`,
    severity: severityOf(dead),
    confidence: confidenceOf(dead),
    trail: trail(dead),
  };
  if (how === 'late')
    return { ...base, message: how, data: { symbol, why, others: others(dead), todo: dead.loader ?? at.file } };
  if (how === 'misplaced')
    return { ...base, message: how, data: { symbol, does, why, others: others(dead), todo: moveTo(dead) } };
  if (how === 'abandoned')
    return {
      ...base,
      message: how,
      data: { symbol, why, others: others(dead), todo: 'Start it, or load what is needed of it from a live file' },
    };
  return {
    ...base,
    message: how,
    data: { kind: nouns[kind] ?? kind, symbol, does, why, others: others(dead), todo: todo(dead) },
  };
}

/** What a kind is called in a sentence. */
const nouns: Partial<Record<SafeguardKind, string>> = {
  authentication: 'authentication check',
  authorization: 'authorization check',
  metrics: 'metrics collector',
  tracing: 'tracing setup',
  redaction: 'redaction',
  retry: 'retry helper',
  'time limit': 'time limit helper',
  'graceful shutdown': 'shutdown step',
  erasure: 'erasure step',
  'audit log': 'audit log writer',
};

const moveTo = ({ loader, kind }: DeadSafeguard): string =>
  loader === undefined
    ? 'Move it to where the platform reads it'
    : kind === 'pipeline'
      ? `Move it to ${loader}`
      : `Move it to ${loader}, where the framework loads it`;

function todo({ loader, how, kind }: DeadSafeguard): string {
  if (loader === undefined) return 'Use it where live code needs it';
  const verb =
    {
      'cleanup job': 'Run it on a schedule',
      erasure: 'Call it where accounts are deleted',
      'scheduled job': 'Start it',
    }[kind as string] ?? (how === 'uncalled' ? 'Call it' : 'Load it');
  return `${verb} from ${loader}`;
}

function others({ others: more, symbol, at, replacedBy, how }: DeadSafeguard): string {
  const copies = how === 'abandoned' ? [] : more.filter((one) => one.symbol === symbol && one.at.file !== at.file);
  const beside = [
    ...new Set(
      more
        .filter((one) => how === 'abandoned' || one.symbol !== symbol)
        .map((one) => (how === 'abandoned' ? `${one.symbol} (${nouns[one.kind] ?? one.kind})` : one.symbol)),
    ),
  ];
  const named =
    beside.length === 0
      ? ''
      : how === 'abandoned'
        ? `; in it: ${list(beside)}`
        : `; the same holds for ${list(beside)}`;
  const copied =
    copies.length === 0 ? '' : `; so do ${copies.length === 1 ? 'a copy' : `${copies.length} copies`} of it`;
  return `${named}${copied}${replacedBy ? `; another one is live in ${replacedBy.file}` : ''}`;
}

const list = (names: readonly string[]): string =>
  names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');

/** Without these an attack or an outage comes through; the others help to see and to recover. */
const grave: ReadonlySet<SafeguardKind> = new Set([
  'environment validator',
  'authentication',
  'authorization',
  'rate limiter',
  'security headers',
  'CSRF check',
  'signature check',
  'erasure',
  'usage limit',
]);
const personal =
  /audit|log|user|account|session|token|message|conversation|recording|history|personal|consent|email|contact|customer/i;

function severityOf({ kind, how, does, symbol, at, others: more, replacedBy }: DeadSafeguard): Severity {
  if (how === 'misplaced' && kind !== 'pipeline') return 'major';
  if (replacedBy || does.endsWith('by its name')) return 'minor';
  if (how === 'abandoned')
    return symbol.endsWith('Module') && more.some((one) => one.kind === 'scheduled job' || one.kind === 'cleanup job')
      ? 'major'
      : 'minor';
  if (kind === 'cleanup job' || kind === 'scheduled job')
    return personal.test(`${symbol} ${at.file}`) ? 'major' : 'minor';
  if (kind === 'pipeline')
    return does.startsWith('is a workflow') && !/(?:^|\/)(?:legacy|old|archived?|deprecated|backups?)\//i.test(at.file)
      ? 'major'
      : 'minor';
  return grave.has(kind) || kind === 'framework file' ? 'major' : 'minor';
}

const confidenceOf = ({ does, kind }: DeadSafeguard): Confidence =>
  does.endsWith('by its name') ? 'hint' : kind === 'input schema' || kind === 'audit log' ? 'likely' : 'proven';

const trail = ({ trail: steps, replacedBy, loader, how }: DeadSafeguard): readonly Step[] => [
  ...steps,
  ...(replacedBy ? [{ note: 'a live one of the same kind', at: replacedBy }] : []),
  ...(loader === undefined || how === 'late' || how === 'misplaced'
    ? []
    : [{ note: 'the nearest live file that could load it', at: { file: loader } }]),
];
