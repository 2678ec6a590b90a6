import type { LoadGraph } from './graph.ts';

/** Which modules a service's entries bring in. */
export interface LoadedModules {
  readonly live: ReadonlySet<string>;
  /** Reached only through 'use client' modules. */
  readonly client: ReadonlySet<string>;
  /** From an entry to the file, both included; empty when it is not live. */
  pathTo(file: string): readonly string[];
}

/**
 * Walks from the entries, nearest first. With a boundary, a 'use client' module ends the server's code, and a
 * 'use server' module met behind it is the server's again: browsers call its exports.
 */
export function loadedModules(graph: LoadGraph, entries: readonly string[], boundary: boolean): LoadedModules {
  const live = new Set<string>();
  const client = new Set<string>();
  const from = new Map<string, string>();
  const starts = new Set(entries);
  const serverQueue = entries.filter((file) => graph.code.get(file) !== undefined);
  const clientQueue: string[] = [];
  while (serverQueue.length > 0 || clientQueue.length > 0) {
    drain(serverQueue, (file) => {
      if (boundary && graph.isClient(file)) return void clientQueue.push(file);
      if (live.has(file)) return;
      live.add(file);
      step(graph, file, from, starts, live, serverQueue);
    });
    drain(clientQueue, (file) => {
      if (boundary && graph.isServerAction(file)) return void serverQueue.push(file);
      if (client.has(file)) return;
      client.add(file);
      step(graph, file, from, starts, client, clientQueue);
    });
  }
  for (const file of live) client.delete(file);
  return { live, client, pathTo: (file) => (live.has(file) ? chain(from, file) : []) };
}

function drain(queue: string[], visit: (file: string) => void): void {
  for (let at = 0; at < queue.length; at += 1) visit(queue[at] ?? '');
  queue.length = 0;
}

function step(
  graph: LoadGraph,
  file: string,
  from: Map<string, string>,
  starts: ReadonlySet<string>,
  done: ReadonlySet<string>,
  queue: string[],
): void {
  for (const next of graph.loads(file)) {
    if (done.has(next)) continue;
    if (!from.has(next) && !starts.has(next)) from.set(next, file);
    queue.push(next);
  }
}

function chain(from: ReadonlyMap<string, string>, file: string): readonly string[] {
  const path = [file];
  const seen = new Set(path);
  for (let at = from.get(file); at !== undefined && !seen.has(at); at = from.get(at)) {
    seen.add(at);
    path.push(at);
  }
  return path.toReversed();
}
