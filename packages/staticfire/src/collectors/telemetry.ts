import { calls, sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { endpoints } from '../facts/endpoints.ts';
import { images } from '../facts/images.ts';
import { live, reach } from '../facts/live.ts';
import { project } from '../facts/project.ts';
import { service } from '../facts/services.ts';
import { telemetry, type Telemetry } from '../facts/telemetry.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { metersOf } from './telemetry/meters.ts';
import { metricPackages, watcherOf } from './telemetry/packages.ts';
import { idleOf, startsOf, type Ground } from './telemetry/starts.ts';

export const telemetryCollector = defineCollector({
  fact: telemetry,
  needs: { calls, code, endpoints, images, live, project, reach, service, sites },
  collect({ workspace, facts }) {
    const ground: Ground = { ...facts, model: facts.code, workspace };
    const starts = startsOf(ground);
    return known({
      starts,
      idle: starts.length > 0 ? [] : idleOf(ground),
      meters: metersOf(ground, facts.endpoints),
      declared: declaredBy(ground),
      files: facts.calls.files,
    });
  },
});

/** What another service depends on says nothing of this one. */
function declaredBy({ project: found, service: own }: Ground): Telemetry['declared'] {
  const manifests = found.manifests.filter((manifest) => manifest.file === own.manifest);
  return manifests.flatMap((manifest) =>
    Object.keys(manifest.dependencies).flatMap((name) => {
      const kind = metricPackages(name)
        ? 'metrics'
        : watcherOf(name) && !name.startsWith('@sentry/')
          ? 'tracing'
          : undefined;
      const line = manifest.lineOf('dependencies', name);
      return kind ? [{ package: name, kind, at: { file: manifest.file, ...(line ? { line } : {}) } } as const] : [];
    }),
  );
}
