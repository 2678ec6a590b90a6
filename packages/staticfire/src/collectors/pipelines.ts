import { onChange, pipelines, type Pipelines, type Workflow } from '../facts/pipelines.ts';
import { project } from '../facts/project.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { remotePurposes, workOf } from './pipelines/actions.ts';
import { readAzure } from './pipelines/azure.ts';
import { readBitbucket } from './pipelines/bitbucket.ts';
import { checksOf } from './pipelines/checks.ts';
import { readCircle } from './pipelines/circleci.ts';
import { readGithub } from './pipelines/github.ts';
import { readGitlab } from './pipelines/gitlab.ts';
import { merge, readContainerSteps, readJenkins, readTravis } from './pipelines/plain.ts';
import type { Source } from './pipelines/source.ts';
import { summariesOf } from './pipelines/summaries.ts';

const readers = [readGithub, readGitlab, readCircle, readAzure, readBitbucket, readJenkins, readContainerSteps, readTravis] as const;

/** The pipelines of the repository, read as their platforms do, with every command followed to its end. */
export const pipelinesCollector = defineCollector({
  fact: pipelines,
  needs: { project },
  collect: ({ workspace, facts }) => {
    const source: Source = { workspace, prefix: workspace.git?.prefix ?? '' };
    const { workflows, idle } = merge(readers.map((read) => read(source)));
    const checks = checksOf(workflows, { project: facts.project, workspace, prefix: source.prefix });
    const value: Pipelines = { workflows, idle, checks, summaries: summariesOf(workflows, checks), opaque: opaqueOf(workflows), searched };
    return known(value);
  },
});

const searched = 'workflows of GitHub and Gitea, GitLab CI, CircleCI, Azure, Bitbucket, Jenkins, Woodpecker, Drone and Travis at the root of the repository';

/** Calls into other repositories that run on changes. */
function opaqueOf(workflows: readonly Workflow[]): Pipelines['opaque'] {
  const jobs = workflows.flatMap((workflow) => workflow.jobs).filter((job) => onChange(job.when));
  const remote = jobs.filter((job) => job.remote && remotePurposes(job.remote).length === 0).map((job) => ({ what: job.remote ?? '', at: job.at }));
  const unknown = jobs.flatMap((job) => job.steps.filter((step) => step.uses && onChange(step.when) && !workOf(step) && ownAction(step.uses)).map((step) => ({ what: step.uses ?? '', at: step.at })));
  return [...remote, ...unknown];
}

/** A company's own action that may hold the checks: its name says so. */
const ownAction = (uses: string): boolean => /(^|\/|-)(ci|checks?|pipeline|verify|validate|lint|test|build)(-|@|\/|$)/i.test(uses.split('@')[0] ?? '') && !/^(actions|docker|github)\//.test(uses);
