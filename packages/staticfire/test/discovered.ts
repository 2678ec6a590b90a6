import { codeCollector } from '../src/collectors/code.ts';
import { containersCollector } from '../src/collectors/containers.ts';
import { moduleGraph } from '../src/collectors/nest-modules/graph.ts';
import { projectCollector } from '../src/collectors/project.ts';
import { reachabilityCollector } from '../src/collectors/reachability.ts';
import { servicesCollector } from '../src/collectors/services.ts';
import type { CodeModel } from '../src/code/model.ts';
import type { LiveCode, Reach } from '../src/facts/live.ts';
import type { NestModules } from '../src/facts/nest-modules.ts';
import type { Service, Services } from '../src/facts/services.ts';
import type { Collector } from '../src/model/collector.ts';
import type { FactsOf, Needs } from '../src/model/control.ts';
import { openWorkspace } from '../src/workspace/open.ts';
import { tempTree } from './temp-tree.ts';

export interface Discovered {
  readonly code: CodeModel;
  readonly services: Services;
  readonly reach: Reach;
  /** The service of this id, the only one without it. */
  service(id?: string): Service;
  live(id?: string): LiveCode;
  modules(id?: string): NestModules | undefined;
}

/** Lays out a tree and collects what stands before all judging. */
export async function discovered(files: Readonly<Record<string, string>>): Promise<Discovered> {
  const workspace = await openWorkspace(tempTree(files));
  const collect = async <T, N extends Needs>(collector: Collector<T, N>, facts: FactsOf<N>): Promise<T> => {
    const context = {
      workspace,
      facts,
      signal: new AbortController().signal,
      cacheDir: undefined,
      version: 'test',
      progress: () => {},
    };
    const found = await collector.collect(context);
    if (found.status !== 'known') throw new Error(found.reason);
    return found.value;
  };
  const project = await collect(projectCollector, {});
  const containers = await collect(containersCollector, { project });
  const code = await collect(codeCollector, { project });
  const services = await collect(servicesCollector, { code, containers, project });
  const reachability = await collect(reachabilityCollector, { code, project, services });
  const service = (id?: string): Service => {
    const found = id === undefined ? services.list[0] : services.list.find((one) => one.id === id);
    if (!found || (id === undefined && services.list.length > 1))
      throw new Error(
        `services: ${services.list.map((one) => one.id).join(', ') || 'none'}; ${services.notes.join('; ')}`,
      );
    return found;
  };
  return {
    code,
    services,
    reach: reachability.reach,
    service,
    live: (id) => reachability.of(service(id)),
    modules: (id) => moduleGraph({ code, live: reachability.of(service(id)), service: service(id) }),
  };
}

/** The files of a service's entries by kind. */
export const entriesOf = (service: Service): Readonly<Record<string, readonly string[]>> => {
  const found: Record<string, string[]> = {};
  for (const entry of service.entries) found[entry.kind] = [...(found[entry.kind] ?? []), entry.file];
  return found;
};

export const manifest = (fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ name: 'shop', private: true, ...fields }, null, 2);
