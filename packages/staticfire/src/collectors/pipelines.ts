import { type Check, onChange, pipelines, type Pipelines, type Workflow } from '../facts/pipelines.ts';
import { project } from '../facts/project.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { remotePurposes } from './pipelines/actions.ts';
import { readAzure } from './pipelines/azure.ts';
import { readBitbucket } from './pipelines/bitbucket.ts';
import { checksOf } from './pipelines/checks.ts';
import { readCircle } from './pipelines/circleci.ts';
import { readGithub } from './pipelines/github.ts';
import { readGitlab } from './pipelines/gitlab.ts';
import { packagesIn } from './pipelines/packages.ts';
import { merge, readContainerSteps, readJenkins, readTravis } from './pipelines/plain.ts';
import { sourceOf } from './pipelines/source.ts';
import { summariesOf } from './pipelines/summaries.ts';

const readers = [
  readGithub,
  readGitlab,
  readCircle,
  readAzure,
  readBitbucket,
  readJenkins,
  readContainerSteps,
  readTravis,
] as const;

/** The pipelines of the repository, read as their platforms do, with every command followed to its end. */
export const pipelinesCollector = defineCollector({
  fact: pipelines,
  needs: { project },
  collect: ({ workspace, facts }) => {
    const source = sourceOf(workspace);
    const { workflows, idle, misplaced = [] } = merge(readers.map((read) => read(source)));
    const packages = packagesIn(facts.project, workspace);
    const checks = checksOf(workflows, packages);
    const value: Pipelines = {
      workflows,
      idle,
      checks,
      idleChecks: checksOf(misplaced, packages),
      summaries: summariesOf(workflows, checks),
      opaque: [...opaqueOf(workflows), ...opaqueRunners(checks)],
      searched,
    };
    return known(value);
  },
});

const searched =
  'workflows of GitHub, Gitea and Depot, GitLab CI, CircleCI, Azure, Bitbucket, Jenkins, Woodpecker, Drone and Travis at the root of the repository';

/** Workflows of other repositories that run on changes and may hold the checks. */
const opaqueOf = (workflows: readonly Workflow[]): Pipelines['opaque'] =>
  workflows
    .flatMap((workflow) => workflow.jobs)
    .filter((job) => onChange(job.when) && job.remote && remotePurposes(job.remote).length === 0)
    .map((job) => ({ what: job.remote ?? '', at: job.at }));

/** Task runners whose files are not read. */
const runners: ReadonlySet<string> = new Set([
  'task',
  'just',
  'mise',
  'moon',
  'earthly',
  'earth',
  'dagger',
  'bazel',
  'bazelisk',
  'rush',
  'wireit',
]);

const opaqueRunners = (checks: readonly Check[]): Pipelines['opaque'] =>
  checks
    .filter(
      (check) =>
        onChange(check.when) &&
        runners.has(check.words[0] ?? '') &&
        check.purposes[0] === 'other' &&
        check.words.length > 1,
    )
    .map((check) => ({ what: check.command, at: check.at }));
