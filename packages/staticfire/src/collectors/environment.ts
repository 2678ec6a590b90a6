import { code } from '../facts/code.ts';
import { containers } from '../facts/containers.ts';
import { environment, environmentCode, type EnvCheck, type ReachedCheck } from '../facts/environment.ts';
import { sites } from '../facts/calls.ts';
import { live, reach, type LiveCode, type Reach } from '../facts/live.ts';
import { project, type Project } from '../facts/project.ts';
import { prismaSchemas, schemaFor, type PrismaSchema } from '../facts/prisma.ts';
import { service, type Service } from '../facts/services.ts';
import type { CodeModel } from '../code/model.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { bootOf, type Boot } from './environment/boot.ts';
import { deadTrail } from './environment/dead.ts';
import { composeLiterals, schemaAddress, type SchemaAddress } from './environment/deployed.ts';
import type { Spot } from './environment/names.ts';
import { runsFile, startText } from './environment/scripts.ts';
import { neededOf, undefaultedOf } from './environment/needed.ts';

export const environmentCollector = defineCollector({
  fact: environment,
  needs: { code, containers, environmentCode, live, prismaSchemas, project, reach, service, sites },
  collect({ workspace, facts }) {
    const { names, refuses, usersOf } = facts.environmentCode;
    const boot = bootOf({ names, service: facts.service, live: facts.live, sites: facts.sites, usersOf });
    const address = prismaOf(facts.code, facts.live, facts.prismaSchemas).map((schema) =>
      schemaAddress(workspace, schema),
    );
    const reads = [
      ...facts.environmentCode.reads.filter((r) => isLive(facts.live, r.at.file, r.fn)),
      ...address.flatMap((a: SchemaAddress) => a.reads),
    ];
    const checks = facts.environmentCode.checks.flatMap((check) => reachedCheck(facts, boot, check, refuses));
    const needed = neededOf(reads, checks);
    const readNames = new Set(reads.map((r) => r.name));
    return known({
      reads,
      writes: facts.environmentCode.writes.filter((w) => isLive(facts.live, w.at.file, w.fn)),
      checks,
      needed,
      undefaulted: undefaultedOf(reads, needed, checks),
      keys: new Map([...facts.environmentCode.keys].filter(([, at]) => facts.live.has(at.file))),
      deployed: [
        ...address.flatMap((a: SchemaAddress) => a.literals),
        ...composeLiterals(workspace, facts.containers, readNames),
      ],
      files: facts.live.files.length,
    });
  },
});

const isLive = (live: LiveCode, file: string, fn: number): boolean =>
  live.has(file) && (fn === 0 || live.hasFunction(file, fn));

type Refusing = (spot: Spot) => boolean;

interface Reaching {
  readonly code: CodeModel;
  readonly live: LiveCode;
  readonly reach: Reach;
  readonly service: Service;
  readonly project: Project;
}

/** A check with when it runs; none for checks of other services. */
function reachedCheck(facts: Reaching, boot: Boot, check: EnvCheck, refusing: Refusing): readonly ReachedCheck[] {
  if (!facts.live.has(check.at.file)) return deadCheck(facts, check);
  const run = boot.when({ file: check.at.file, fn: check.fn });
  const refused = check.failure === 'returns' && run.caller !== undefined && refusing(run.caller);
  const failure = refused ? 'throws' : check.failure;
  const trail = run.trail.length > 0 ? run.trail : [{ note: `nothing that runs calls ${check.symbol}`, at: check.at }];
  return [{ ...check, failure, reached: run.reached, dead: false, trail }];
}

/** A check in a file that is not live: a script that the start command runs first, or code that nothing loads. */
function deadCheck(facts: Reaching, check: EnvCheck): readonly ReachedCheck[] {
  const { file } = check.at;
  if (facts.reach.servicesOf(file).length > 0 || !belongs(facts, file)) return [];
  if (check.fn === 0 || isScript(facts.code, file)) {
    if (runsFile(startText(facts.project, facts.service), facts.service, file))
      return [
        { ...check, reached: 'boot', dead: false, trail: [{ note: 'the start command runs it first', at: { file } }] },
      ];
    if (isScript(facts.code, file)) return [];
  }
  const trail = deadTrail(facts.code, facts.service, file, (f) => facts.reach.roleOf(f) === 'test');
  return [{ ...check, reached: 'never', dead: true, trail }];
}

/** Exports nothing and is imported by nothing: run by hand or by a build, not meant to be loaded. */
const isScript = (model: CodeModel, file: string): boolean =>
  model.importersOf(file).length === 0 && (model.get(file)?.head.exports.length ?? 0) === 0;

/** In the service's own package, in one above it, or in one that it depends on. */
function belongs({ service, project }: Reaching, file: string): boolean {
  const home = project.manifestOf(file);
  const own = project.manifests.find((m) => m.file === service.manifest);
  if (!home || !own || home.file === own.file) return true;
  const above = home.dir === '.' || own.dir.startsWith(`${home.dir}/`);
  return above || (home.name !== undefined && project.depends(own, home.name));
}

/** The schema behind the client that live code imports. */
function prismaOf(model: CodeModel, live: LiveCode, schemas: readonly PrismaSchema[]): readonly PrismaSchema[] {
  const user = live.files.find((file) =>
    model.get(file)?.head.imports.some((i) => !i.typeOnly && isClient(model, file, i.from)),
  );
  const schema = user && schemaFor(schemas, user);
  return schema ? [schema] : [];
}

function isClient(model: CodeModel, file: string, specifier: string): boolean {
  if (/^@prisma\/client(?:\/|$)/.test(specifier)) return true;
  const target = /prisma/i.test(specifier) ? model.get(file)?.resolve(specifier) : undefined;
  return target?.kind === 'package' && target.name === '@prisma/client';
}
