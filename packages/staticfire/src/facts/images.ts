import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';
import type { ComposeService, Context, Dockerfile, Effective, PlatformProcess, Workload } from './containers.ts';

/** One process on the way from the container's start to the service. */
export interface Link {
  readonly kind:
    /** An init that reaps and forwards: tini, dumb-init. */
    | 'init'
    /** Gives up its place to the next: exec, gosu, env. */
    | 'replacer'
    /** Starts the next as a child and forwards signals. */
    | 'forwarder'
    /** A shell that runs a text. */
    | 'shell'
    /** A shell script of the repository. */
    | 'script'
    /** npm, yarn, pnpm, npx, turbo and the like. */
    | 'manager'
    /** The program itself. */
    | 'program'
    /** A script that is not in the repository. */
    | 'lost';
  readonly name: string;
  /** The command as written. */
  readonly text: string;
  readonly at: Place;
  /** Signals that reach it reach the next. For an init: it signals the whole process group. */
  readonly passes: boolean;
  /** For a package manager that runs a script: its name, and its text with that of the scripts it runs; no text when no package.json has it. */
  readonly script?: { readonly name: string; readonly text: string | undefined; readonly at: Place | undefined };
}

/** How a package manager installs in the image. */
export interface Install {
  readonly command: string;
  readonly at: Place;
  /** Lockfile names, one of which the command needs. */
  readonly needs: readonly string[];
  /** Files from the build context present at that point; undefined when they cannot be told. */
  readonly lockfile: 'there' | 'missing' | 'ignored' | undefined;
}

/** An image that a service is shipped in. */
export interface Image {
  readonly dockerfile: Dockerfile;
  readonly context: Context;
  readonly end: Effective;
  /** Why it belongs to the service. */
  readonly why: string;
  /** What starts, link by link; empty when the image starts nothing of its own. */
  readonly start: readonly Link[];
  /** COPY sources that neither stand in the context nor are ignored by git as a build's output. */
  readonly missing: readonly { readonly source: string; readonly at: Place }[];
  readonly installs: readonly Install[];
  /** Production compose services that build or run it. */
  readonly compose: readonly ComposeService[];
  readonly workloads: readonly Workload[];
  /** Where the start gives up root by itself: gosu, su-exec. */
  readonly stepsDown: Place | undefined;
}

export interface Images {
  readonly list: readonly Image[];
  /** Dockerfiles of the service that are not for production. */
  readonly others: readonly string[];
  /** What platform files start for it. */
  readonly platforms: readonly PlatformProcess[];
  /** How many Dockerfiles the repository has. */
  readonly total: number;
  /** Services beside this one, in the same folder of services, that have an image. */
  readonly shippedBeside: readonly string[];
}

/** The images in which the service being judged is shipped. */
export const images = defineFact<Images, 'service'>({
  id: 'images',
  title: 'the container images of the service',
  scope: 'service',
});
