import { calls } from '../../facts/calls.ts';
import { logCalls, type LogCalls } from '../../facts/log-calls.ts';
import { reach } from '../../facts/live.ts';
import { service } from '../../facts/services.ts';
import { defineControl } from '../../model/control.ts';
import type { Evidence, Step } from '../../model/place.ts';

/** The share of log calls that must write records. */
const norm = 0.8;

export const structured = defineControl({
  id: 'logging/structured',
  area: 'logging',
  scope: 'service',
  title: {
    pass: 'Log lines are records',
    fail: 'Log lines are text that no machine can search',
  },
  why: 'A record has a level, a time and fields. It can be filtered by user or request, counted and alerted on, and a logger can redact secrets in one place. A line of console.log can do none of this.',
  failure:
    'During an incident nobody can find the lines of one request or one customer. Errors drown in prints, alerts cannot be built, and a password printed once stays in the logs.',
  remedy:
    'Log through one structured logger (pino, winston, …) everywhere in the service and forbid console in server code with a lint rule.',
  done: 'At least four of five log calls of live server code go through a structured logger.',
  severity: 'minor',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html',
    'https://12factor.net/logs',
    'https://getpino.io/',
  ],
  needs: { calls, logCalls, reach, service },
  messages: {
    absent: {
      text: 'The service has no structured logger, and no log call in {files} live files.',
      remedy: 'Add a structured logger and log each request and each error through it.',
    },
    plain: {
      text: '{plain} of {total} log calls in live code print text ({file} has {most}, files in all: {files}).',
      remedy: 'Replace them with calls of a structured logger, this file first.',
    },
    dead: {
      text: 'A logger on {package} is set up here, but {why}; live code prints text.',
      remedy: 'Import it where the service logs, from {nearest} on.',
    },
  },
  evaluate({ calls: walked, logCalls: found, reach: reached, service: own }) {
    const total = found.structured + found.plain;
    if (total === 0 && found.lost > 0) {
      return {
        verdict: 'unknown',
        because: `${found.lost} log calls go to a logger that reading could not follow`,
        settle: 'look at one line of the log: is it a record?',
      };
    }
    if (total === 0 && found.loggers.length === 0 && !own.entries.some((entry) => entry.kind === 'process')) {
      return {
        verdict: 'not-applicable',
        because: 'the framework starts it, and its own server code writes no log line',
      };
    }
    if (total === 0 && found.loggers.length === 0) {
      const violation = {
        message: 'absent' as const,
        data: { files: walked.files },
        searched: `log calls and imports of loggers in ${walked.files} live files`,
        subject: 'logger',
      };
      return { verdict: 'fail', violations: [violation] };
    }
    if (total === 0 || (found.structured / total >= norm && found.structured > 0))
      return { verdict: 'pass', evidence: proof(found, total) };
    const [worst] = found.files;
    if (!worst) return { verdict: 'not-applicable', because: 'live code logs nothing' };
    const plain = {
      message: 'plain' as const,
      data: {
        plain: found.plain,
        total,
        files: found.files.filter((f) => f.plain > 0).length,
        file: worst.file,
        most: worst.plain,
      },
      at: { file: worst.file, ...(worst.firstPlain ? { line: worst.firstPlain } : {}) },
      subject: 'console',
      trail: worstFiles(found),
    };
    const dead = found.dead.slice(0, 1).map((one) => ({
      message: 'dead' as const,
      data: {
        package: one.package,
        why: 'nothing live imports this file',
        nearest: reached.nearestLive(one.at.file) ?? 'the entry',
      },
      at: one.at,
      subject: one.package,
    }));
    return { verdict: 'fail', violations: [plain, ...dead] };
  },
});

function worstFiles(found: LogCalls): Step[] {
  return found.files
    .slice(0, 5)
    .filter((file) => file.plain > 0)
    .map((file) => ({
      note: `${file.plain} plain ${file.plain === 1 ? 'call' : 'calls'}`,
      at: { file: file.file, ...(file.firstPlain ? { line: file.firstPlain } : {}) },
    }));
}

function proof(found: LogCalls, total: number): readonly [Evidence, ...Evidence[]] {
  const loggers = found.loggers.slice(0, 3).map((logger) => ({ ...logger.at, note: `${logger.package} is live` }));
  return [
    { searched: `${total} log calls in live code: ${found.structured} write records, ${found.plain} print text` },
    ...loggers,
  ];
}
