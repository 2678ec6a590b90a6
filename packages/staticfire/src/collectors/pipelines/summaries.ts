import { type Check, type Job, onChange, type Summary, type Workflow } from '../../facts/pipelines.ts';

const judged = new Set(['lint', 'format', 'typecheck', 'test', 'build', 'audit']);

/** Final jobs that look at the results of the jobs they need, and leave some with checks out. */
export const summariesOf = (workflows: readonly Workflow[], checks: readonly Check[]): readonly Summary[] =>
  workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) => {
      const ignores = ignoredBy(job, workflow, checks);
      return ignores.length > 0 && onChange(job.when)
        ? [{ workflow: workflow.file, job: job.id, at: job.at, ignores }]
        : [];
    }),
  );

function ignoredBy(job: Job, { file }: Workflow, checks: readonly Check[]): readonly string[] {
  if (!job.always || job.needs.length < 2) return [];
  const text = JSON.stringify(job.steps);
  const decided = decisive(job);
  if (!/needs\./.test(text) || /needs\.\*|toJSON\(needs\)|toJson\(needs\)/.test(text) || decided === undefined)
    return [];
  return job.needs.filter(
    (need) =>
      !decided.includes(`needs.${need}.result`) &&
      !decided.includes(`needs['${need}']`) &&
      hasChecks(need, file, checks),
  );
}

const hasChecks = (need: string, workflow: string, checks: readonly Check[]): boolean =>
  checks.some(
    (check) =>
      check.workflow === workflow &&
      (check.job === need || check.job.startsWith(`${need} / `)) &&
      check.purposes.some((purpose) => judged.has(purpose)),
  );

/** The part of the steps that decides: their text without lines that only print. */
function decisive(job: Job): string | undefined {
  const rows = job.steps.flatMap((step) => [JSON.stringify(step.env), ...(step.run?.text.split('\n') ?? [])]);
  const deciding = rows.filter((row) => !/^\s*(echo|printf)\b/.test(row)).join('\n');
  const steps = job.steps.map((step) => JSON.stringify(step.when.reason ?? '') + JSON.stringify(step.with)).join('\n');
  return /exit\s+[1-9]|false/.test(deciding) && /needs\./.test(deciding) ? deciding + steps : undefined;
}
