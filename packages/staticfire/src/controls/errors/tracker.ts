import { calls } from '../../facts/calls.ts';
import { reach } from '../../facts/live.ts';
import { trackers, type IdleTracker } from '../../facts/trackers.ts';
import { defineControl } from '../../model/control.ts';

export const tracker = defineControl({
  id: 'errors/tracker',
  area: 'errors',
  scope: 'service',
  title: {
    pass: 'Errors are reported to a tracker',
    fail: 'Errors reach nobody',
  },
  why: 'A tracker groups errors with their stack, release and user, and tells someone. Without one, errors are lines in a log that is read when a customer complains.',
  failure:
    'A release breaks the checkout for one browser or one country. Nobody knows until revenue drops or a customer writes.',
  remedy:
    'Initialise an error tracker in the first file that the service loads, with release and environment, and hand it what the error handler catches.',
  done: 'Code that the service loads at start initialises an error tracker, and the error handler of the framework hands errors to it.',
  severity: 'minor',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://docs.sentry.io/platforms/javascript/guides/node/',
    'https://owasp.org/Top10/A09_2021-Security_Logging_and_Monitoring_Failures/',
  ],
  needs: { calls, reach, trackers },
  messages: {
    absent: {
      text: 'No error tracker is initialised in live code.',
      remedy: 'Add one and initialise it before anything else is imported.',
    },
    'declared-only': {
      text: '{package} is a dependency, but no live code initialises it.',
      remedy: 'Initialise it in the first file that the service loads, or remove the dependency.',
    },
    unloaded: {
      text: '{package} is initialised in a file that nothing live loads.',
      remedy: 'Import it at the top of {nearest}.',
    },
    uncalled: {
      text: '{package} is initialised in a function that nothing live calls.',
      remedy: 'Call it first thing in the entry of the service.',
    },
    commented: {
      text: 'The start of {package} stands here in a comment.',
      remedy: 'Install the package, take the comment away, and load this file first.',
    },
    disabled: {
      text: '{package} is initialised so that it stays off in production.',
      remedy: 'Switch it on for production and read its address from the environment.',
    },
    bypassed: {
      text: 'A tracker is live, but {name} answers every error and reports none: errors of requests never reach the tracker.',
      remedy: 'Call captureException in the filter, or register the filter of the tracker.',
      confidence: 'likely',
    },
  },
  evaluate({ calls: walked, reach: reached, trackers: found }) {
    const [live] = found.live;
    if (live && found.bypass) {
      return {
        verdict: 'fail',
        violations: [
          {
            message: 'bypassed',
            data: { name: found.bypass.name },
            at: found.bypass.at,
            subject: found.bypass.name,
            trail: [{ note: `${live.package} is initialised here`, at: live.at }],
          },
        ],
      };
    }
    if (live) return { verdict: 'pass', evidence: [{ ...live.at, note: `${live.package} is live` }] };
    const [idle] = found.idle;
    if (idle)
      return { verdict: 'fail', violations: [idleViolation(idle, reached.nearestLive(idle.at.file) ?? 'the entry')] };
    const searched = `trackers initialised in ${walked.files} live files`;
    const [declared] = found.declared;
    if (declared)
      return {
        verdict: 'fail',
        violations: [
          {
            message: 'declared-only',
            data: { package: declared.package },
            at: declared.at,
            subject: declared.package,
            trail: [{ note: `searched: ${searched}` }],
          },
        ],
      };
    return { verdict: 'fail', violations: [{ message: 'absent', data: {}, searched, subject: 'tracker' }] };
  },
});

function idleViolation(idle: IdleTracker, nearest: string) {
  return {
    message: idle.why,
    data: { package: idle.package, nearest },
    at: idle.at,
    subject: idle.package,
    trail: idle.trail,
  } as const;
}
