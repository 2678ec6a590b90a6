import { posix } from 'node:path';
import type { LoadGraph } from '../../code/reach/graph.ts';
import { isTestFile } from '../../code/reach/tests.ts';
import type { Reach, Role } from '../../facts/live.ts';
import type { Service } from '../../facts/services.ts';
import type { ServiceCode } from './live-code.ts';

export interface ReachInput {
  readonly graph: LoadGraph;
  readonly services: readonly { readonly service: Service; readonly code: ServiceCode }[];
  readonly browser: readonly string[];
  /** Files that configurations of test runners name. */
  readonly testing: ReadonlySet<string>;
}

/** Roles of all files, by what reaches them. */
export function reachOf(input: ReachInput): Reach {
  const owners = ownersOf(input);
  const client = clientFiles(input, owners);
  const test = testFiles(input, owners, client);
  const roleOf = (file: string): Role =>
    owners.has(file) ? 'live' : client.has(file) ? 'client' : test.has(file) ? 'test' : 'unreached';
  const counts = {
    live: owners.size,
    client: client.size,
    test: test.size,
    unreached: input.graph.code.files.length - owners.size - client.size - test.size,
  };
  return { roleOf, servicesOf: (file) => owners.get(file) ?? [], nearestLive: nearestBy(input, owners), counts };
}

function ownersOf({ services }: ReachInput): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>();
  for (const { service, code } of services) {
    for (const file of code.live.files) {
      const list = owners.get(file);
      if (list) list.push(service.id);
      else owners.set(file, [service.id]);
    }
  }
  return owners;
}

/** Behind 'use client' modules, and from what browsers load first. */
function clientFiles(
  { graph, services, browser }: ReachInput,
  live: ReadonlyMap<string, unknown>,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { code } of services) for (const file of code.modules.client) if (!live.has(file)) found.add(file);
  const queue = browser.filter((file) => graph.code.get(file) !== undefined);
  const seen = new Set(queue);
  for (const file of queue) {
    if (!live.has(file)) found.add(file);
    for (const next of graph.loads(file)) if (!seen.has(next) && seen.add(next)) queue.push(next);
  }
  return found;
}

const helping =
  /(?:^|[/._-])(?:tests?|testing|specs?|mocks?|fixtures?|factor(?:y|ies)|stubs?|fakes?|helpers?|setup|teardown|e2e|harness)(?:[/._-]|$)/i;

/** What runners pick up, and what only that needs. Product code that nothing but a test imports is not test code: it is dead. */
function testFiles(
  { graph, testing }: ReachInput,
  live: ReadonlyMap<string, unknown>,
  client: ReadonlySet<string>,
): ReadonlySet<string> {
  const outside = (file: string): boolean => !live.has(file) && !client.has(file);
  const queue = graph.code.files.filter((file) => outside(file) && (isTestFile(file) || testing.has(file)));
  const found = new Set(queue);
  for (const file of queue) {
    for (const next of graph.code.importsOf(file))
      if (!found.has(next) && outside(next) && helping.test(next)) queue.push((found.add(next), next));
  }
  return found;
}

/** In the same folder, then in the folders above, then the entry of the service that lies nearest. */
function nearestBy(
  { graph, services }: ReachInput,
  owners: ReadonlyMap<string, unknown>,
): (file: string) => string | undefined {
  let byFolder: Map<string, string[]> | undefined;
  return (file) => {
    byFolder ??= foldersOf(owners);
    const [root] = services
      .map(({ service }) => service.root)
      .filter((dir) => within(file, dir))
      .toSorted((a, b) => b.length - a.length);
    for (let dir = posix.dirname(file); ; dir = posix.dirname(dir)) {
      const beside =
        byFolder
          .get(dir)
          ?.filter((other) => other !== file && !graph.code.get(other)?.head.generated && !/\.gen\./.test(other)) ?? [];
      if (beside.length > 0) return likeliest(beside);
      if (dir === '.' || dir === root || dir.startsWith('..')) break;
    }
    return nearestEntry(
      services.map(({ service }) => service),
      file,
    );
  };
}

const within = (file: string, dir: string): boolean => dir === '.' || file.startsWith(`${dir}/`);

function foldersOf(owners: ReadonlyMap<string, unknown>): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const file of owners.keys()) {
    const dir = posix.dirname(file);
    const list = folders.get(dir);
    if (list) list.push(file);
    else folders.set(dir, [file]);
  }
  return folders;
}

const usual = ['main', 'server', 'app', 'index', 'instrumentation', 'layout', 'router', 'app.module'];

/** The file that starts or gathers things is the one to load more from. */
function likeliest(files: readonly string[]): string | undefined {
  const rank = (file: string): number => {
    const at = usual.indexOf(posix.basename(file).replace(/\.[cm]?[jt]sx?$/, ''));
    return at === -1 ? usual.length : at;
  };
  return files.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))[0];
}

function nearestEntry(services: readonly Service[], file: string): string | undefined {
  const shared = (root: string): number => {
    const a = root === '.' ? [] : root.split('/');
    const b = file.split('/');
    let n = 0;
    while (n < a.length && a[n] === b[n]) n += 1;
    return n * 10 - a.length;
  };
  const nearest = services.toSorted((a, b) => shared(b.root) - shared(a.root) || (a.id < b.id ? -1 : 1))[0];
  const entries = nearest?.entries ?? [];
  return (
    entries.find((e) => e.kind === 'process') ??
    entries.find((e) => e.kind === 'instrumentation') ??
    entries.find((e) => e.kind === 'middleware') ??
    entries[0]
  )?.file;
}
