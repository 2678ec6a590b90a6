import { posix } from 'node:path';
import type { Pipelines, Step, Workflow } from '../../facts/pipelines.ts';
import type { Sent } from '../../facts/schedules.ts';
import type { Found } from './found.ts';
import { programIn } from './platforms.ts';
import { headerOf, requestsIn, splitUrl } from './requests.ts';

/** What the steps of scheduled pipelines call or run. */
export function workflowSchedules({ workflows }: Pipelines): readonly Found[] {
  return workflows.flatMap((workflow) =>
    workflow.when.schedule
      ? workflow.jobs.flatMap((job) =>
          job.when.schedule
            ? job.steps.flatMap((step) => (step.when.schedule && step.elsewhere !== true ? ofStep(workflow, step) : []))
            : [],
        )
      : [],
  );
}

function ofStep(workflow: Workflow, step: Step): readonly Found[] {
  const base = { by: workflow.platform, from: 'platform' as const, times: '', dir: '.' };
  if (step.uses) return requestAction(base, step);
  if (!step.run) return [];
  const { run } = step;
  const lineAt = (line: number): number => (run.literal ? run.firstLine + line : (run.at.line ?? run.firstLine));
  const requests = requestsIn(run.text, step.env).map(({ method, host, path, sends, line }): Found => ({
    ...base,
    at: { file: run.at.file, line: lineAt(line) },
    name: path.split('?')[0] ?? path,
    target: { kind: 'request', method, host, path },
    sends,
  }));
  return [...requests, ...programs(base, step, run.text, lineAt, run.at.file)];
}

type Base = Pick<Found, 'by' | 'from' | 'times' | 'dir'>;

/** Only what a schedule alone starts: programs of checks are judged with the pipelines. */
function programs(
  base: Base,
  step: Step,
  body: string,
  lineAt: (line: number) => number,
  file: string,
): readonly Found[] {
  return body.split('\n').flatMap((line, index): readonly Found[] => {
    const program = /^\s*#/.test(line) ? undefined : programIn(line);
    if (program === undefined || program.startsWith('/') || step.when.push || step.when.pullRequest) return [];
    return [
      {
        ...base,
        at: { file, line: lineAt(index) },
        name: program,
        target: { kind: 'program', command: line.trim(), file: posix.join(step.dir, program) },
        internal: true,
      },
    ];
  });
}

/** Actions that make a request of their inputs. */
function requestAction(base: Base, step: Step): readonly Found[] {
  const url = step.with['url'];
  if (url === undefined || !/http|curl|request|fetch/i.test(step.uses ?? '')) return [];
  const split = splitUrl(url, step.env);
  if (!split) return [];
  const bearer: readonly Sent[] = headerOf(`Authorization: Bearer ${step.with['bearerToken'] ?? ''}`, step.env);
  const headers = [
    ...(step.with['customHeaders'] ?? step.with['headers'] ?? '').matchAll(/"([\w-]+)"\s*:\s*"([^"]*)"/g),
  ];
  return [
    {
      ...base,
      at: step.at,
      name: split.path.split('?')[0] ?? split.path,
      target: { kind: 'request', method: (step.with['method'] ?? 'GET').toUpperCase(), ...split },
      sends: [
        ...(step.with['bearerToken'] === undefined ? [] : bearer),
        ...headers.flatMap(([, name, value]) => headerOf(`${name}: ${value}`, step.env)),
      ],
    },
  ];
}
