import { lineOf } from '../code/summary.ts';
import type { CodeModel } from '../code/model.ts';
import { runsInProduction, inProduction } from '../code/production.ts';
import { calls, sites, type LiveCalls } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { containers } from '../facts/containers.ts';
import { live } from '../facts/live.ts';
import { migrationSets } from '../facts/migration-sets.ts';
import { migrations, type Migrations } from '../facts/migrations.ts';
import { pipelines } from '../facts/pipelines.ts';
import { project } from '../facts/project.ts';
import { service, services } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { absent, known } from '../model/fact.ts';
import { appliedBy } from './migrations/applied.ts';
import { deployedLines } from './migrations/deploy.ts';

export const migrationsCollector = defineCollector({
  fact: migrations,
  needs: { calls, code, containers, live, migrationSets, pipelines, project, service, services, sites },
  collect({ workspace, facts }) {
    const { sets, store: chosen } = facts.migrationSets;
    if (chosen.layer === 'supabase' && sets.length === 0)
      return absent('the schema lives with the provider, the repository holds none of it');
    const deployed = deployedLines({ workspace, ...facts });
    const applied = appliedBy({ ...facts, sites: facts.sites.of, liveFiles: facts.live.files }, deployed, chosen.layer);
    return known<Migrations>({
      layer: chosen.layer,
      store: chosen.at,
      sets: sets.map(({ dir, count, at }) => ({ dir, count, at })),
      gaps: sets.flatMap((set) => set.gaps),
      ...applied,
      pushed: [...applied.pushed, ...synchronised(facts.code, facts.calls)],
      searched: `${deployed.lines.length} lines of Dockerfiles, compose and platform files, pipelines and the scripts they run, and ${facts.live.files.length} live files`,
    });
  },
});

/** TypeORM, Sequelize and MikroORM can rewrite the tables at start, whatever is in them. */
function synchronised(model: CodeModel, liveCalls: LiveCalls): Migrations['pushed'] {
  const settings = liveCalls
    .settings('synchronize')
    .filter(
      (s) =>
        s.object !== undefined &&
        s.object.props.some((p) => /^(?:type|entities|url|host|database|dialect|models|autoLoadModels)$/.test(p.key)) &&
        inProduction(model, s, s.value) === true &&
        runsInProduction(model, s, s.when) !== false,
    );
  const syncs = liveCalls
    .named('sync', 'updateSchema')
    .filter(
      (call) =>
        /sequelize|getSchemaGenerator/i.test(JSON.stringify(call.expr.callee)) &&
        /alter|force|updateSchema/.test(JSON.stringify(call.expr)) &&
        runsInProduction(model, call, call.when) !== false,
    );
  return [
    ...settings.map((s) => ({ by: 'synchronize: true', at: { file: s.file, line: lineOf(s.at) }, trail: [] })),
    ...syncs.map((call) => ({
      by: `${call.name}() at start`,
      at: { file: call.file, line: lineOf(call.expr.at) },
      trail: [],
    })),
  ];
}
