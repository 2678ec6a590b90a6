import type { ComposeService, Dockerfile } from '../../facts/containers.ts';
import type { Service } from '../../facts/services.ts';
import type { Project } from '../../facts/project.ts';
import { nameOf } from '../containers/words.ts';
import { scriptText } from './scripts.ts';

export interface Claim {
  readonly weight: number;
  readonly why: string;
}

/** Which services a Dockerfile ships: those with the strongest reason. */
export function ownersOf(
  dockerfile: Dockerfile,
  services: readonly Service[],
  compose: readonly ComposeService[],
  project: Project,
): ReadonlyMap<string, Claim> {
  const started = startScript(dockerfile, project);
  const claims = services.map((service) => ({ service, claim: claimOf(dockerfile, service, compose, started) }));
  const best = Math.max(0, ...claims.map(({ claim }) => claim.weight));
  const owners = claims.filter(({ claim }) => claim.weight === best && best > 0);
  if (owners.length > 0) return new Map(owners.map(({ service, claim }) => [service.id, claim]));
  const [only, ...more] = services;
  return only && more.length === 0 ? new Map([[only.id, { weight: 1, why: 'it is the only service' }]]) : new Map();
}

/** The script that the container starts, in the package that its files come from. */
function startScript(dockerfile: Dockerfile, project: Project): string {
  const last = dockerfile.stages.at(-1);
  const command = [last?.entrypoint?.text, last?.cmd?.text].filter((text) => text !== undefined).join(' ');
  const manifest = project.manifests.find((one) => dockerfile.contexts.some((context) => context.dir === one.dir));
  return manifest ? scriptText(command, manifest) : '';
}

function claimOf(dockerfile: Dockerfile, service: Service, compose: readonly ComposeService[], started: string): Claim {
  const claims = [
    ...byPlace(dockerfile, service),
    ...byMention(dockerfile, service, started),
    ...byName(dockerfile, service, compose),
  ];
  return claims.reduce((best, claim) => (claim.weight > best.weight ? claim : best), { weight: 0, why: '' });
}

function byPlace(dockerfile: Dockerfile, { root }: Service): readonly Claim[] {
  if (root === '.')
    return dockerfile.dir === '.'
      ? [{ weight: 10, why: 'it stands beside the service' }]
      : [{ weight: 5, why: 'the service fills the repository' }];
  const inside = dockerfile.dir === root || dockerfile.dir.startsWith(`${root}/`);
  const context = dockerfile.contexts.some((c) => c.dir === root);
  return [
    ...(inside ? [{ weight: 1000 + root.length, why: 'it stands in the folder of the service' }] : []),
    ...(context ? [{ weight: 900 + root.length, why: 'it is built in the folder of the service' }] : []),
  ];
}

/** What starts names the service's folder, or the build names the service, or it is copied. */
function byMention(dockerfile: Dockerfile, { root, id, name }: Service, started: string): readonly Claim[] {
  const last = dockerfile.stages.at(-1);
  const starts = [last?.cmd?.text, last?.entrypoint?.text, last?.workdir, started].join('\n');
  const runs = dockerfile.stages
    .flatMap((stage) => stage.runs)
    .map((run) => run.text)
    .join('\n');
  const copies = (last?.copies ?? []).flatMap((copy) => copy.sources).join('\n');
  const all = dockerfile.stages
    .flatMap((stage) => stage.copies)
    .flatMap((copy) => copy.sources)
    .join('\n');
  const folder = root === '.' ? undefined : new RegExp(`(?:^|[\\s/"'.])${escaped(root)}(?:[\\s/"':]|$)`, 'm');
  const builds = new RegExp(
    `(?:--filter|--scope|-F|-w|--workspace|workspace|nx (?:run|build)|turbo prune|turbo run \\w+|nest build|focus)[= ]["'{]*(?:\\.\\/)?(?:${[
      id,
      name,
      root,
    ]
      .filter((n) => n !== '.')
      .map(escaped)
      .join('|')})(?:[\\s"'}.:]|$)`,
    'm',
  );
  return [
    ...(folder?.test(starts)
      ? [{ weight: 800 + root.length, why: 'its start command names the folder of the service' }]
      : []),
    ...(builds.test(runs) ? [{ weight: 750, why: 'it builds the service by name' }] : []),
    ...(folder?.test(copies) ? [{ weight: 600 + root.length, why: 'its last stage copies the service' }] : []),
    ...(folder?.test(all) ? [{ weight: 300, why: 'it copies the service' }] : []),
  ];
}

function byName(dockerfile: Dockerfile, { id, root }: Service, compose: readonly ComposeService[]): readonly Claim[] {
  const names = new Set([id, nameOf(root)].filter((name) => name !== '.').map((name) => name.toLowerCase()));
  const parts = [
    ...nameOf(dockerfile.file).toLowerCase().split(/[._]/),
    ...nameOf(dockerfile.file).toLowerCase().split(/[._-]/),
    nameOf(dockerfile.dir).toLowerCase(),
  ];
  const built = compose.find(
    (service) => service.build?.dockerfile === dockerfile.file && names.has(service.name.toLowerCase()),
  );
  return [
    ...(parts.some((part) => names.has(part)) ? [{ weight: 700, why: 'it is named after the service' }] : []),
    ...(built ? [{ weight: 500, why: `the compose service ${built.name} builds it` }] : []),
  ];
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
