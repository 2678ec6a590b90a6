import { defineFact } from '../model/fact.ts';
import type { Place, Step as Trail } from '../model/place.ts';

export type Platform =
  | 'GitHub Actions'
  | 'Gitea Actions'
  | 'Depot CI'
  | 'GitLab CI'
  | 'CircleCI'
  | 'Azure Pipelines'
  | 'Bitbucket Pipelines'
  | 'Jenkins'
  | 'Woodpecker'
  | 'Drone'
  | 'Travis CI';

/** What a command of a pipeline is for. One command can serve several: `tsc` compiles and checks types. */
export type Purpose = 'lint' | 'format' | 'typecheck' | 'test' | 'build' | 'install' | 'audit' | 'deploy' | 'other';

/** When a job or step runs. */
export interface When {
  /** On a push of commits to a branch. */
  readonly push: boolean;
  readonly pullRequest: boolean;
  readonly schedule: boolean;
  /** Only changes of these files start it; patterns as the platform reads them, from the git root. */
  readonly paths?: readonly string[];
  /** Why it does not run on each change, where it does not. */
  readonly reason?: string;
}

/** A shell text of a pipeline, with the options its platform starts the shell with. */
export interface Script {
  readonly text: string;
  readonly at: Place;
  /** Line of the file for each line of the text; missing where the platform's text cannot be laid on lines. */
  readonly firstLine: number;
  /** The text stands in the file as it is, so that lines can be counted. */
  readonly literal: boolean;
  readonly errexit: boolean;
  readonly pipefail: boolean;
}

export interface Step {
  /** Name, else what it uses or runs. */
  readonly name: string;
  readonly at: Place;
  readonly uses?: string;
  readonly with: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly run?: Script;
  /** Folder it starts in, relative to the audited root. */
  readonly dir: string;
  /** The folder is computed, or holds another repository: what stands there is not known. */
  readonly elsewhere?: boolean;
  readonly when: When;
  /** It runs although an earlier step failed. */
  readonly always: boolean;
  /** Where it is allowed to fail. */
  readonly tolerated?: Place | undefined;
  /** Which of the jobs of a matrix it belongs to; missing where it stands in all of them. */
  readonly instance?: number | undefined;
  /** The calls that lead here: a reusable workflow, a composite action. */
  readonly trail: readonly Trail[];
}

export interface Job {
  readonly id: string;
  readonly name: string;
  readonly at: Place;
  readonly needs: readonly string[];
  readonly when: When;
  readonly always: boolean;
  readonly tolerated?: Place;
  /** Container image it runs in. */
  readonly image?: { readonly name: string; readonly at: Place };
  readonly steps: readonly Step[];
  /** A workflow of another repository, which reading this one cannot follow. */
  readonly remote?: string;
}

/** A pipeline that its platform reads. */
export interface Workflow {
  readonly platform: Platform;
  readonly file: string;
  readonly name: string;
  readonly when: When;
  readonly jobs: readonly Job[];
}

/** A file that looks like a pipeline and starts nothing. */
export interface IdleWorkflow {
  readonly platform: Platform;
  readonly file: string;
  readonly line: number;
  readonly why: 'misplaced' | 'commented-out' | 'broken' | 'empty';
  readonly detail: string;
}

/** Why a command ends in an error before it does its work. */
export interface Obstacle {
  readonly kind:
    | 'missing-script'
    | 'unreadable-config'
    | 'removed-command'
    | 'missing-program'
    | 'missing-lockfile'
    | 'omitted-dependencies'
    | 'always-fails';
  /** One clause: 'package.json has no script "lint"'. */
  readonly text: string;
  readonly at?: Place;
}

/** One command that a pipeline runs, with all that decides whether it counts. */
export interface Check {
  readonly purposes: readonly Purpose[];
  readonly platform: Platform;
  readonly workflow: string;
  readonly job: string;
  readonly step: string;
  /** The line of the pipeline. */
  readonly at: Place;
  /** The command as written where it ends: in the pipeline, a script, a Makefile. */
  readonly command: string;
  /** Program and arguments without wrappers such as npx or cross-env. */
  readonly words: readonly string[];
  /** Folders it works in, relative to the audited root: it covers what lies below them. */
  readonly dirs: readonly string[];
  readonly trail: readonly Trail[];
  readonly when: When;
  /** Why its failure fails nothing. */
  readonly neutralised?: { readonly how: string; readonly at: Place };
  /** Why it can only succeed: nothing stands behind it. */
  readonly hollow?: string;
  readonly obstacle?: Obstacle;
  /** An earlier command of its job, or of a job it needs, that cannot succeed. */
  readonly blockedBy?: { readonly command: string; readonly at: Place; readonly obstacle: Obstacle };
}

/** A final job that reports the state of others and leaves some out. */
export interface Summary {
  readonly workflow: string;
  readonly job: string;
  readonly at: Place;
  readonly ignores: readonly string[];
}

export interface Pipelines {
  readonly workflows: readonly Workflow[];
  readonly idle: readonly IdleWorkflow[];
  /** In the order of the files. */
  readonly checks: readonly Check[];
  /** What misplaced workflows would run if the platform read them. */
  readonly idleChecks: readonly Check[];
  readonly summaries: readonly Summary[];
  /** Workflows of other repositories and other calls that could not be followed, run on changes. */
  readonly opaque: readonly { readonly what: string; readonly at: Place }[];
  /** What was looked through. */
  readonly searched: string;
}

export const pipelines = defineFact<Pipelines, 'repository'>({
  id: 'pipelines',
  title: 'the continuous integration pipelines',
  scope: 'repository',
});

/** Runs on each change: on pushes or pull requests. */
export const onChange = (when: When): boolean => when.push || when.pullRequest;
