import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** A command line as a container or platform runs it. */
export interface Command {
  /** `exec`: the words are the process. `shell`: a shell runs the text. */
  readonly form: 'exec' | 'shell';
  readonly words: readonly string[];
  readonly text: string;
  readonly at: Place;
}

/** What a file is for, by its name and folder. */
export type Purpose = 'production' | 'development' | 'test' | 'stale' | 'example';

/** What an image runs, by its base image and commands. */
export type Language = 'node' | 'web-server' | 'other' | 'unknown';

export interface Copy {
  readonly sources: readonly string[];
  readonly target: string;
  /** `--from`: a stage or an image; undefined when the files come from the build context. */
  readonly from: string | undefined;
  readonly stage: number;
  readonly at: Place;
}

export interface Stage {
  readonly index: number;
  readonly name: string | undefined;
  /** The image with build arguments filled in from their defaults; '' when an argument has none. */
  readonly image: string;
  /** Index of the stage it builds on, when `FROM` names one. */
  readonly base: number | undefined;
  readonly at: Place;
  readonly user: { readonly name: string; readonly at: Place } | undefined;
  readonly cmd: Command | undefined;
  readonly entrypoint: Command | undefined;
  readonly workdir: string | undefined;
  readonly healthcheck: Place | undefined;
  readonly stopSignal: string | undefined;
  readonly copies: readonly Copy[];
  readonly runs: readonly { readonly text: string; readonly at: Place }[];
  /** Names only, but for NODE_ENV. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A folder that some file builds a Dockerfile with. */
export interface Context {
  /** Relative to the root, '.' for the root itself. */
  readonly dir: string;
  readonly why: string;
  readonly at: Place | undefined;
  readonly target: string | undefined;
  readonly purpose: Purpose;
  /** Some file names this folder; otherwise it is inferred from where the COPY sources stand. */
  readonly declared: boolean;
  /** The folder holds the git history. */
  readonly gitRoot: boolean;
  /** None of the COPY sources stand there: the folder is put together elsewhere. */
  readonly lost: boolean;
  /** The ignore file in force for this build, with its patterns in order. */
  readonly ignore:
    | { readonly file: string; readonly patterns: readonly { readonly text: string; readonly line: number }[] }
    | undefined;
}

export interface Dockerfile {
  readonly file: string;
  readonly dir: string;
  readonly purpose: Purpose;
  readonly stages: readonly Stage[];
  readonly language: Language;
  /** At least one: declared by compose, a workflow, a script or a platform file, else inferred from its COPY sources. */
  readonly contexts: readonly [Context, ...Context[]];
}

/** What a stage amounts to with all that it inherits inside its Dockerfile. */
export interface Effective {
  readonly stage: Stage;
  /** The image outside the Dockerfile on which the chain stands. */
  readonly image: string;
  /** From the stage down to the one on the outside image. */
  readonly chain: readonly Stage[];
  readonly user: Stage['user'];
  readonly cmd: Command | undefined;
  readonly entrypoint: Command | undefined;
  readonly workdir: string | undefined;
  readonly copies: readonly Copy[];
}

export interface ComposeService {
  readonly file: string;
  readonly purpose: Purpose;
  readonly name: string;
  readonly image: string | undefined;
  readonly build:
    | { readonly context: string; readonly dockerfile: string; readonly target: string | undefined }
    | undefined;
  readonly command: Command | undefined;
  readonly entrypoint: Command | undefined;
  readonly user: string | undefined;
  readonly init: boolean;
  readonly workdir: string | undefined;
  /** Names of environment variables set, with the line where each stands. */
  readonly environment: readonly { readonly name: string; readonly line: number | undefined }[];
  readonly envFiles: readonly string[];
  /** A folder of the repository is mounted over the image's files, as development set-ups do. */
  readonly mountsSource: boolean;
  readonly at: Place;
}

export type Platform =
  | 'heroku'
  | 'fly'
  | 'railway'
  | 'render'
  | 'nixpacks'
  | 'app-engine'
  | 'digitalocean'
  | 'apprunner'
  | 'vercel'
  | 'netlify'
  | 'cloudflare'
  | 'serverless-framework'
  | 'amplify'
  | 'kamal'
  | 'captain'
  | 'procfile';

/** One process that a platform file declares; a file that only marks the platform declares one without a command. */
export interface PlatformProcess {
  readonly platform: Platform;
  readonly file: string;
  readonly name: string | undefined;
  /** Folder of the service, relative to the root. */
  readonly dir: string;
  readonly command: Command | undefined;
  readonly dockerfile: string | undefined;
  readonly dockerContext: string | undefined;
  /** Starts functions, not a process of ours. */
  readonly serverless: boolean;
  readonly at: Place;
}

/** A container of a Kubernetes manifest or a Helm template. */
export interface Workload {
  readonly file: string;
  readonly kind: string;
  readonly name: string | undefined;
  readonly image: string | undefined;
  readonly command: Command | undefined;
  readonly nonRoot: boolean;
  /** A template with holes: read by its words, not parsed. */
  readonly template: boolean;
  readonly at: Place;
}

export interface Containers {
  /** Sorted by path. */
  readonly dockerfiles: readonly Dockerfile[];
  readonly compose: readonly ComposeService[];
  readonly platforms: readonly PlatformProcess[];
  readonly workloads: readonly Workload[];
  /** Files of these kinds that could not be parsed. */
  readonly broken: readonly { readonly file: string; readonly detail: string }[];
}

export const containers = defineFact<Containers, 'repository'>({
  id: 'containers',
  title: 'Dockerfiles, compose and platform files',
  scope: 'repository',
});

/** The stage that a build without `--target` ends in, or the named one, with what it inherits. */
export function effective(dockerfile: Pick<Dockerfile, 'stages'>, target?: string): Effective | undefined {
  const stage = dockerfile.stages.find((s) => target !== undefined && s.name === target) ?? dockerfile.stages.at(-1);
  if (!stage) return undefined;
  const chain = chainOf(dockerfile.stages, stage);
  const holder = chain.find((s) => s.entrypoint);
  const own = chain.slice(0, holder ? chain.indexOf(holder) + 1 : chain.length);
  return {
    stage,
    chain,
    image: chain.at(-1)?.image ?? '',
    user: chain.find((s) => s.user)?.user,
    entrypoint: holder?.entrypoint,
    // A new ENTRYPOINT drops the CMD of the image below it.
    cmd: own.find((s) => s.cmd)?.cmd,
    workdir: chain.find((s) => s.workdir)?.workdir,
    copies: chain.flatMap((s) => s.copies),
  };
}

function chainOf(stages: readonly Stage[], stage: Stage): readonly Stage[] {
  const base = stage.base === undefined ? undefined : stages[stage.base];
  return base && base.index < stage.index ? [stage, ...chainOf(stages, base)] : [stage];
}
