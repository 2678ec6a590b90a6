import { exposure, type Limit } from '../../facts/exposure.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import { distinctLimits } from './endpoints.ts';

const messages = {
  errors: {
    text: 'With its store down, the limiter ({what}) fails every request: {why}.',
    remedy: 'Catch the error of the store and decide: count in memory meanwhile, refuse, or let through and say so.',
  },
  open: {
    text: 'With its store down, the limiter ({what}) limits nothing and nobody learns of it: {why}.',
    remedy: 'Count in memory while the store is down, or refuse where guessing pays, and log it.',
  },
} as const;

type M = typeof messages;

export const storeOutage = defineControl({
  id: 'limits/store-outage',
  area: 'limits',
  scope: 'service',
  title: {
    pass: 'It is decided what the limiter does without its store',
    fail: 'Nobody decided what the limiter does without its store',
  },
  why: 'A limiter that counts in Redis depends on Redis for every request. Without a decision the outage of a cache becomes the outage of the service, or takes the limit away unnoticed.',
  failure:
    'Redis restarts, and for that minute every request answers 500; or the limit is gone for a week because an error was swallowed.',
  remedy: 'Give the limiter a stand-in in memory, or catch the error of its store and choose.',
  done: 'With the store unreachable, requests are still answered, and are either limited another way or let through with a line in the log.',
  severity: 'minor',
  confidence: 'likely',
  level: 'wired',
  stage: 'trial',
  since: '0.1.0',
  references: [
    'https://cwe.mitre.org/data/definitions/636.html',
    'https://github.com/animir/node-rate-limiter-flexible/wiki/Insurance-Strategy',
  ],
  needs: { exposure },
  messages,
  evaluate({ exposure: { list, signIns } }): Verdict<M> {
    const all = distinctLimits([...list, ...signIns]);
    const shared = all.filter(({ store, outage }) => store === 'shared' && outage.kind !== 'none');
    if (shared.length === 0)
      return {
        verdict: 'not-applicable',
        because:
          all.length === 0
            ? 'No live limiter was found.'
            : 'No limiter counts in a store of its own that could be down.',
      };
    return failOr<M>(shared.flatMap(violations), () => otherwise(shared));
  },
});

function violations({ what, by, at, trail, outage }: Limit): readonly Violation<M>[] {
  const { kind, why } = outage;
  if (kind !== 'errors' && kind !== 'open') return [];
  return [{ message: kind, data: { what, why }, subject: `${by} ${at.file}`, at: outage.at ?? at, trail }];
}

function otherwise(shared: readonly Limit[]): Verdict<M> {
  const chosen = shared.filter(({ outage }) => outage.kind === 'chosen');
  const [first, ...rest] = chosen.map(({ outage, at }) => ({ ...(outage.at ?? at), note: outage.why }));
  if (first) return { verdict: 'pass', evidence: [first, ...rest] };
  return {
    verdict: 'unknown',
    because: 'What the limiter does without its store could not be told.',
    settle: 'Stop the store and call a limited endpoint: it must still answer.',
  };
}
