import {
  containers,
  effective,
  type ComposeService,
  type Containers,
  type Context,
  type Dockerfile,
  type PlatformProcess,
} from '../facts/containers.ts';
import { images, type Image, type Link } from '../facts/images.ts';
import { project, type Project } from '../facts/project.ts';
import { service, services, type Service } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { dirOf, nameOf } from './containers/words.ts';
import { ownersOf } from './images/belongs.ts';
import { installsOf, missingSources } from './images/contents.ts';
import { linksOf, startWords } from './images/links.ts';
import { withScript } from './images/scripts.ts';

export const imagesCollector = defineCollector({
  fact: images,
  needs: { containers, project, service, services },
  collect({ workspace, facts }) {
    const { list } = facts.services;
    const owned = facts.containers.dockerfiles.map((dockerfile) => ({
      dockerfile,
      owners: ownersOf(dockerfile, list, facts.containers.compose, facts.project),
    }));
    const own = owned.filter(({ owners }) => owners.has(facts.service.id));
    const shipping = own.filter(({ dockerfile }) => isShipping(dockerfile));
    const built = shipping.filter(({ dockerfile }) => dockerfile.contexts.some(isBuilt));
    const judged = built.length > 0 ? built : shipping;
    return known({
      list: judged.map(({ dockerfile, owners }) =>
        imageOf(workspace, facts.containers, dockerfile, owners.get(facts.service.id)?.why ?? '', facts),
      ),
      others: own
        .map(({ dockerfile }) => dockerfile)
        .filter((dockerfile) => !isShipping(dockerfile))
        .map((dockerfile) => dockerfile.file),
      platforms: facts.containers.platforms.filter((process) => isFor(process, facts.service, list)),
      total: facts.containers.dockerfiles.length,
      shippedBeside: beside(
        facts.service,
        list,
        new Set(owned.filter(({ dockerfile }) => isShipping(dockerfile)).flatMap(({ owners }) => [...owners.keys()])),
      ),
    });
  },
});

const beside = (own: Service, list: readonly Service[], shipped: ReadonlySet<string>): readonly string[] =>
  list
    .filter(
      (other) =>
        other.id !== own.id && shipped.has(other.id) && dirOf(other.root) === dirOf(own.root) && own.root !== '.',
    )
    .map((other) => other.id);

/** Made to ship a Node.js service: not for development, and something starts in it. */
const isShipping = (dockerfile: Dockerfile): boolean =>
  dockerfile.purpose === 'production' && ['node', 'unknown'].includes(dockerfile.language) && !isBase(dockerfile);

/** Copies nothing, or starts nothing and says so by its name: a tool, or a base for other images. */
function isBase(dockerfile: Dockerfile): boolean {
  if (dockerfile.stages.every((stage) => stage.copies.length === 0)) return true;
  const end = effective(dockerfile);
  return !end?.cmd && !end?.entrypoint && /(?:^|[._-])base(?:$|[._-])/i.test(nameOf(dockerfile.file));
}

const isBuilt = (context: Context): boolean => context.declared && context.purpose === 'production';

function isFor(process: PlatformProcess, { root }: Service, all: readonly Service[]): boolean {
  if (process.dir === root) return true;
  const nearest = all.filter(
    (other) => other.root === '.' || process.dir === other.root || process.dir.startsWith(`${other.root}/`),
  );
  return process.dir !== '.' ? nearest.length === 1 && nearest[0]?.root === root && root !== '.' : all.length === 1;
}

function imageOf(
  workspace: Workspace,
  found: Containers,
  dockerfile: Dockerfile,
  why: string,
  facts: { readonly project: Project; readonly service: Service },
): Image {
  const { id, manifest } = facts.service;
  const context = dockerfile.contexts.find(isBuilt) ?? dockerfile.contexts[0];
  const end =
    effective(dockerfile, context.purpose === 'production' ? context.target : undefined) ??
    effectiveOrThrow(dockerfile);
  const compose = found.compose.filter((service) => runs(service, dockerfile));
  const start = startOf(workspace, found, dockerfile, end, compose).map((link) =>
    withScript(link, facts.project, manifest),
  );
  return {
    dockerfile,
    context,
    end,
    why,
    start,
    missing: missingSources(workspace, dockerfile, context),
    installs: installsOf(workspace, dockerfile, context),
    compose,
    workloads: found.workloads.filter(
      (workload) => nameOf(workload.image ?? '').split(/[:@]/)[0] === id || workload.name === id,
    ),
    stepsDown: start.find((link) => /^(?:gosu|su-exec|setpriv|setuidgid|s6-setuidgid|chpst)$/.test(link.name))?.at,
  };
}

function effectiveOrThrow(dockerfile: Dockerfile): never {
  throw new Error(`${dockerfile.file} has no stage`);
}

const runs = (service: ComposeService, dockerfile: Dockerfile): boolean =>
  service.build?.dockerfile === dockerfile.file && service.purpose === 'production' && !service.mountsSource;

/** What starts in production: a platform's or a production compose file's command goes before CMD. */
function startOf(
  workspace: Workspace,
  found: Containers,
  dockerfile: Dockerfile,
  end: Image['end'],
  compose: readonly ComposeService[],
): readonly Link[] {
  const find = finder(workspace, dockerfile);
  const platform = found.platforms.find(
    (process) => process.dockerfile === dockerfile.file && process.command,
  )?.command;
  const override = compose.find((service) => /prod/i.test(service.file) && (service.command ?? service.entrypoint));
  const entrypoint = override?.entrypoint ?? end.entrypoint;
  const cmd = platform ?? override?.command ?? end.cmd;
  const list = startWords(entrypoint, cmd);
  const at = (cmd ?? entrypoint)?.at ?? end.stage.at;
  const init = compose.some((service) => service.init)
    ? [{ kind: 'init', name: 'init', text: 'init: true', at, passes: false } as const]
    : [];
  return [
    ...init,
    ...linksOf(list, { at: entrypoint && entrypoint.words.length > 0 && !cmd ? entrypoint.at : at }, find),
  ];
}

/** A script of the image, found by its name among the files that the image is built from. */
function finder(
  workspace: Workspace,
  dockerfile: Dockerfile,
): (path: string) => { file: string; text: string } | undefined {
  return (path) => {
    const name = nameOf(path);
    const paths = workspace.files
      .map((file) => file.path)
      .filter((file) => nameOf(file) === name && !file.includes('node_modules'));
    const copied = renamed(dockerfile, path).flatMap((source) =>
      workspace.files.map((file) => file.path).filter((file) => file === source || source.endsWith(`/${file}`)),
    );
    const near = (file: string): number =>
      (dockerfile.contexts.some((c) => c.dir !== '.' && file.startsWith(`${c.dir}/`)) ? 0 : 1) +
      (path.endsWith(file) ? 0 : 1);
    const [file] = [...copied, ...paths.toSorted((a, b) => near(a) - near(b))];
    const text = file === undefined ? undefined : workspace.read(file);
    return file === undefined || text === undefined ? undefined : { file, text };
  };
}

/** Sources that a COPY puts at this very path under another name; from an earlier stage, the path there. */
const renamed = (dockerfile: Dockerfile, path: string): readonly string[] =>
  dockerfile.stages
    .flatMap((stage) => stage.copies)
    .filter((copy) => copy.sources.length === 1 && nameOf(copy.target) === nameOf(path))
    .flatMap((copy) => copy.sources.map((source) => source.replace(/^(?:\.?\/)+/, '')));
