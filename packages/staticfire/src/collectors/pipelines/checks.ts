import { type Check, type Job, type Obstacle, onChange, type Step, type Workflow } from '../../facts/pipelines.ts';
import type { Place } from '../../model/place.ts';
import { remotePurposes, workOf } from './actions.ts';
import { expandText, type ShellText } from './expand.ts';
import type { Followed } from './followed.ts';
import type { Frame, Leaf } from './leaf.ts';
import { withoutOmitted } from './omitted.ts';
import type { Packages } from './packages.ts';
import { joined } from './paths.ts';
import { setupObstacle } from './setup.ts';

/** Every command of every pipeline, followed to its end, with what stands in its way. */
export function checksOf(workflows: readonly Workflow[], packages: Packages): readonly Check[] {
  const known = new Map<string, readonly Lined[]>();
  const followed: Followed = new Map();
  const follow: Follow = (text, frame, byLine) => remembered(known, text, frame, byLine);
  const leaves = (step: Step): readonly Placed[] => leavesOf(step, packages, follow, followed);
  return workflows.flatMap((workflow) => {
    const jobs = workflow.jobs.map((job) => ({
      job,
      checks: withoutOmitted(job, jobChecks(workflow, job, leaves), packages),
    }));
    return jobs.flatMap(({ job, checks }) => distinct(blocked(job, checks, jobs)));
  });
}

interface Lined {
  readonly leaf: Leaf;
  /** Line within the text; 0 where lines do not count. */
  readonly line: number;
}
type Follow = (text: ShellText, frame: Frame, byLine: boolean) => readonly Lined[];

/** Many jobs run the same text; it is followed once. */
function remembered(
  known: Map<string, readonly Lined[]>,
  text: ShellText,
  frame: Frame,
  byLine: boolean,
): readonly Lined[] {
  const settings = [text.errexit, text.pipefail, frame.lost, byLine, frame.env['ESLINT_USE_FLAT_CONFIG']];
  const key = `${settings.join()}\n${frame.dir}\n${text.text}`;
  const found = known.get(key) ?? folded(expandText(text, frame), byLine);
  known.set(key, found);
  return found;
}

/** The jobs of a matrix that differ in nothing but a number leave one check. */
function distinct(checks: readonly Numbered[]): readonly Check[] {
  if (checks.every((check) => check.instance === undefined)) return checks;
  const seen = new Set<string>();
  return checks.flatMap((numbered) => {
    const { instance, ...check } = numbered;
    const key = JSON.stringify([check.at, check.command, check.dirs, check.purposes, check.neutralised?.how]);
    if (instance !== undefined && seen.has(key)) return [];
    seen.add(key);
    return [check];
  });
}

/** A check and the job of a matrix that it stands in. */
type Numbered = Check & { readonly instance?: number | undefined };

const jobChecks = (workflow: Workflow, job: Job, leaves: (step: Step) => readonly Placed[]): readonly Numbered[] => [
  ...remoteChecks(workflow, job),
  ...job.steps.flatMap((step) => stepChecks(workflow, job, step, leaves(step))),
];

function remoteChecks(workflow: Workflow, job: Job): readonly Check[] {
  const purposes = job.remote ? remotePurposes(job.remote) : [];
  if (purposes.length === 0 || !job.remote) return [];
  return [
    {
      purposes,
      platform: workflow.platform,
      workflow: workflow.file,
      job: job.id,
      step: job.name,
      at: job.at,
      command: job.remote,
      words: [],
      dirs: ['.'],
      trail: [],
      when: job.when,
      ...tolerance(job.tolerated, 'its job may fail'),
    },
  ];
}

function stepChecks(workflow: Workflow, job: Job, step: Step, leaves: readonly Placed[]): readonly Numbered[] {
  const base = {
    platform: workflow.platform,
    workflow: workflow.file,
    job: job.id,
    step: step.name,
    when: step.when,
    ...(step.instance === undefined ? {} : { instance: step.instance }),
  };
  return leaves.map(({ leaf, at }) => ({
    ...base,
    at,
    purposes: leaf.purposes,
    command: leaf.command,
    words: leaf.words,
    dirs: leaf.dirs,
    trail: [...step.trail, ...leaf.trail],
    ...neutralised(leaf, at, step, job),
    ...(leaf.hollow ? { hollow: leaf.hollow } : {}),
    ...(leaf.obstacle ? { obstacle: leaf.obstacle } : {}),
  }));
}

const tolerance = (at: Place | undefined, how: string): Pick<Check, 'neutralised'> =>
  at ? { neutralised: { how, at } } : {};

function neutralised(leaf: Leaf, at: Place, step: Step, job: Job): Pick<Check, 'neutralised'> {
  if (step.tolerated)
    return { neutralised: { how: 'the step is allowed to fail (`continue-on-error`)', at: step.tolerated } };
  if (job.tolerated) return { neutralised: { how: 'the job is allowed to fail', at: job.tolerated } };
  return leaf.swallowed ? { neutralised: { how: leaf.swallowed.how, at: leaf.swallowed.at ?? at } } : {};
}

interface Placed {
  readonly leaf: Leaf;
  readonly at: Place;
}

function leavesOf(step: Step, packages: Packages, follow: Follow, followed: Followed): readonly Placed[] {
  const frame: Frame = {
    packages,
    dir: step.dir,
    env: step.env,
    trail: [],
    depth: 0,
    seen: new Set(),
    lost: step.elsewhere === true,
    budget: { left: 3000 },
    followed,
  };
  return [...actionLeaves(step, frame, follow), ...(step.run ? runLeaves(step.run, follow, frame) : [])];
}

function runLeaves(run: NonNullable<Step['run']>, follow: Follow, frame: Frame): readonly Placed[] {
  const { text, errexit, pipefail, literal, firstLine } = run;
  return follow({ text, errexit, pipefail }, frame, literal).map(({ leaf, line }) => ({
    leaf,
    at: { file: run.at.file, line: firstLine + line },
  }));
}

/** The same command in many packages is one check over many folders. */
function folded(leaves: ReturnType<typeof expandText>, byLine: boolean): readonly Lined[] {
  const groups = new Map<string, { leaf: Leaf; line: number; dirs: Set<string> }>();
  for (const leaf of leaves) {
    const line = byLine ? leaf.line : 0;
    const key = JSON.stringify([
      line,
      leaf.command,
      leaf.purposes,
      leaf.swallowed?.how,
      leaf.obstacle?.text,
      leaf.hollow !== undefined,
    ]);
    const group = groups.get(key) ?? { leaf, line, dirs: new Set<string>() };
    for (const dir of leaf.dirs) group.dirs.add(dir);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ leaf, line, dirs }) => ({ leaf: { ...leaf, dirs: [...dirs].sort() }, line }));
}

function actionLeaves(step: Step, frame: Frame, follow: Follow): readonly Placed[] {
  const work = step.uses ? workOf(step) : undefined;
  const obstacle = step.uses ? setupObstacle(step, frame.packages) : undefined;
  if (!work && !obstacle) return [];
  const dir = joined(frame.dir, work?.dir ?? '.');
  if (work?.run)
    return follow({ text: work.run, errexit: true, pipefail: false }, { ...frame, dir }, false).map(({ leaf }) => ({
      leaf,
      at: step.at,
    }));
  const leaf: Leaf = {
    command: step.uses ?? step.name,
    words: [(step.uses ?? '').split('@')[0] ?? ''],
    purposes: obstacle ? ['install'] : (work?.purposes ?? ['other']),
    dirs: [dir],
    trail: [],
    ...(work?.tolerant ? { swallowed: { how: work.tolerant } } : {}),
    ...(obstacle ? { obstacle } : {}),
  };
  return [{ leaf, at: step.at }];
}

interface Stop {
  readonly command: string;
  readonly at: Place;
  readonly obstacle: Obstacle;
}

/** The first command of a job that cannot succeed and whose failure counts. */
function stopOf(checks: readonly Check[]): Stop | undefined {
  const found = checks.find((check) => check.obstacle && !check.neutralised && onChange(check.when));
  return found?.obstacle && { command: found.command, at: found.at, obstacle: found.obstacle };
}

/** Marks what comes after a command that cannot succeed. */
function blocked(job: Job, checks: readonly Numbered[], jobs: readonly Judged[]): readonly Numbered[] {
  const needed = job.always ? undefined : neededStop(job, jobs, new Set());
  const stops = new Map(
    [...new Set(checks.map((check) => check.instance))].map((instance) => [
      instance,
      stopOf(checks.filter((check) => check.instance === undefined || check.instance === instance)),
    ]),
  );
  const alwaysSteps = new Set(job.steps.filter((step) => step.always).map((step) => step.name));
  return checks.map((check, index) => {
    const own = stops.get(check.instance);
    const from = own ? checks.findIndex((each) => each.obstacle === own.obstacle && each.at === own.at) : checks.length;
    const stop =
      needed ?? (index > from && !alwaysSteps.has(check.step) && !sameLine(check, checks[from]) ? own : undefined);
    return stop ? { ...check, blockedBy: stop } : check;
  });
}

/** Parallel members of one command do not stop each other for sure. */
const sameLine = (check: Check, stop: Check | undefined): boolean =>
  check.at.line === stop?.at.line && check.at.file === stop?.at.file;

interface Judged {
  readonly job: Job;
  readonly checks: readonly Numbered[];
}

function neededStop(job: Job, jobs: readonly Judged[], seen: Set<string>): Stop | undefined {
  for (const { job: other, checks } of jobs) {
    const relevant = job.needs.some((need) => other.id === need || other.id.startsWith(`${need} / `));
    if (!relevant || seen.has(other.id)) continue;
    seen.add(other.id);
    const stop =
      (other.tolerated ? undefined : stopOf(checks)) ?? (other.always ? undefined : neededStop(other, jobs, seen));
    if (stop) return stop;
  }
  return undefined;
}
