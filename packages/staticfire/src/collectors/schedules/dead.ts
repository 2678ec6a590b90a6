import type { Spot } from '../../code/production.ts';
import { isTestFile } from '../../code/reach/tests.ts';
import type { Schedule } from '../../facts/schedules.ts';
import type { Step } from '../../model/place.ts';
import { moduleGraph } from '../nest-modules/graph.ts';
import { usedBySome } from '../elsewhere.ts';
import { createStanding } from '../safeguards/standing.ts';
import { importing, type Ground } from './ground.ts';
import { codeSchedules, schedulers, type CodeSchedule } from './in-process.ts';

interface Death {
  readonly why: string;
  readonly trail: readonly Step[];
}

/** Schedules that source code of the service sets up, those included that nothing starts. */
export function processSchedules(ground: Ground, processors: readonly Spot[]): readonly Schedule[] {
  const files = importing(ground.code, ground.code.files, schedulers).filter((file) => mayBelong(ground, file));
  const found = files.flatMap((file) => codeSchedules(ground.code, file, ground.sites.of(file)));
  const deathOf = deaths(ground, found);
  return found.flatMap((one): readonly Schedule[] => {
    const death = deathOf(one);
    if (death === 'aside') return [];
    return [
      {
        by: one.by,
        from: one.platform ? 'platform' : 'process',
        times: one.times,
        at: one.at,
        name: one.name,
        target: { kind: 'function', spot: one.runs, name: one.name },
        sends: [],
        signs: undefined,
        broken: death && { kind: 'dead', ...death },
        unclear: undefined,
        starts: death ? [] : one.runs ? [one.runs] : processors,
      },
    ];
  });
}

/** Live here, or loaded by nothing and nearest to this service. */
function mayBelong({ live: liveCode, reach: reached, service: own, services: all }: Ground, file: string): boolean {
  if (liveCode.has(file)) return true;
  if (reached.roleOf(file) !== 'unreached' || isTestFile(file)) return false;
  const inside = (root: string): boolean => root === '.' || file.startsWith(`${root}/`);
  const nearest = all.list.filter((one) => inside(one.root)).toSorted((a, b) => b.root.length - a.root.length)[0];
  return nearest?.id === own.id;
}

/** Why a schedule is never set up; 'aside' where its file is not meant to be part of the service. */
function deaths(ground: Ground, found: readonly CodeSchedule[]): (one: CodeSchedule) => Death | 'aside' | undefined {
  const { live: liveCode, code, calls } = ground;
  const outside = found.some((one) => !liveCode.has(one.at.file));
  const standing = outside
    ? createStanding({ model: code, reach: ground.reach, project: ground.project, services: ground.services.list })
    : undefined;
  const nested = found.some((one) => one.cls !== undefined);
  const graph = nested && ground.service.frameworks.includes('nestjs') ? moduleGraph(ground) : undefined;
  const enabled = calls.named('forRoot', 'forRootAsync').some((call) => call.path.startsWith('ScheduleModule.'));
  return (one) => {
    const { file } = one.at;
    if (one.platform) return liveCode.has(file) || one.by !== 'inngest' ? undefined : 'aside';
    if (!liveCode.has(file)) {
      const where = standing?.(file);
      if (where?.kind !== 'own' && !(where?.kind === 'abandoned' && where.what === 'module')) return 'aside';
      if (!graph && one.cls !== undefined) return 'aside';
      return {
        why: `nothing that the service loads imports ${file}`,
        trail: [{ note: 'it is set up here', at: one.at }],
      };
    }
    if (one.cls === undefined) {
      if (one.set.fn === 0 || liveCode.hasFunction(file, one.set.fn)) return undefined;
      if (usedBySome(ground.reachability, ground.services, one.set)) return 'aside';
      return {
        why: 'no live code calls the function that sets it up',
        trail: [{ note: 'it is set up here', at: one.at }],
      };
    }
    if (graph && graph.lost.length === 0) {
      const dead = graph.dead.find((cls) => cls.file === file && cls.name === one.cls);
      if (dead)
        return {
          why: `${dead.module ?? 'no module'} provides ${one.cls}, and no module that is booted imports it`,
          trail: [],
        };
    }
    return enabled
      ? undefined
      : {
          why: 'no module imports ScheduleModule.forRoot(), so its decorators do nothing',
          trail: [{ note: 'the decorator stands here', at: one.at }],
        };
  };
}
