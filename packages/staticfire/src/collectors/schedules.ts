import type { CodeModel } from '../code/model.ts';
import type { Spot } from '../code/production.ts';
import { functionOf } from '../endpoints/reading/functions.ts';
import { calls, sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { endpoints } from '../facts/endpoints.ts';
import { live, reach, reachability } from '../facts/live.ts';
import { pipelines } from '../facts/pipelines.ts';
import { project } from '../facts/project.ts';
import { schedules, type Schedule, type Schedules } from '../facts/schedules.ts';
import { service, services } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { processSchedules } from './schedules/dead.ts';
import type { Found } from './schedules/found.ts';
import { importing, type Ground } from './schedules/ground.ts';
import { processorsIn, signedSchedules } from './schedules/in-process.ts';
import { databaseSchedules, platformSchedules } from './schedules/platforms.ts';
import { splitUrl } from './schedules/requests.ts';
import { targeted } from './schedules/target.ts';
import { workflowSchedules } from './schedules/workflows.ts';

export const schedulesCollector = defineCollector({
  fact: schedules,
  needs: { calls, code, endpoints, live, pipelines, project, reach, reachability, service, services, sites },
  collect: ({ workspace, facts }) => known(gather({ workspace, ...facts })),
});

function gather(ground: Ground): Schedules {
  const declared = [
    ...platformSchedules(ground.workspace),
    ...databaseSchedules(ground.workspace),
    ...workflowSchedules(ground.pipelines),
    ...signed(ground),
  ];
  const list = [
    ...declared.flatMap((found) => targeted(ground, found)),
    ...processSchedules(ground, processors(ground)),
  ];
  return {
    list: list.toSorted(byPlace),
    timers: timers(ground),
    searched: `files of Vercel, Netlify, Cloudflare, App Engine, Render, Railway, Kubernetes, cron and serverless.yml, scheduled steps of ${ground.pipelines.workflows.length} workflows, cron jobs of the database, and schedulers in ${ground.live.files.length} live files`,
  };
}

const byPlace = (a: Schedule, b: Schedule): number =>
  a.at.file === b.at.file ? (a.at.line ?? 0) - (b.at.line ?? 0) : a.at.file < b.at.file ? -1 : 1;

/** Schedules that live code registers with QStash. */
function signed({ code: model, live: liveCode, sites: byFile }: Ground): readonly Found[] {
  return importing(model, liveCode.files, /^@upstash\/qstash/).flatMap((file) =>
    signedSchedules(model, byFile.of(file)).flatMap(({ destination, method, times, call }): readonly Found[] => {
      const written = textOf(model, call, destination);
      const split = written === undefined ? undefined : splitUrl(written, {});
      return split
        ? [
            {
              by: 'QStash',
              from: 'platform',
              times,
              at: { file, line: Math.floor(call.expr.at / 1024) },
              name: split.path,
              target: { kind: 'request', method, ...split },
              sends: [{ in: 'header', name: 'upstash-signature', scheme: '', secret: '' }],
              signs: '@upstash/qstash',
              dir: '.',
            },
          ]
        : [];
    }),
  );
}

/** A URL whose holes are taken for a host. */
function textOf(model: CodeModel, spot: Spot, expr: Parameters<CodeModel['literal']>[2]): string | undefined {
  const whole = model.literal(spot.file, spot.fn, expr);
  if (typeof whole === 'string') return whole;
  return expr.k === 'template' ? expr.parts.join('$HOST') : undefined;
}

/** Functions that live code hands its queues to. */
const processors = ({ code: model, live: liveCode, sites: byFile }: Ground): readonly Spot[] =>
  importing(model, liveCode.files, /^(?:bullmq|bull|pg-boss|agenda|@hokify\/agenda|@nestjs\/bull(?:mq)?)$/).flatMap(
    (file) => processorsIn(model, file, byFile.of(file)),
  );

/** `setInterval(work, …)` in live code. */
function timers({ calls: liveCalls, code: model }: Ground): readonly Spot[] {
  return liveCalls.named('setInterval').flatMap((call) => {
    const [work, time] = call.expr.args;
    const value = time && model.literal(call.file, call.fn, time);
    const spot = work && functionOf(model, call, work);
    return spot && !(typeof value === 'number' && value < 60_000) ? [spot] : [];
  });
}
