import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { fileReader } from '../workspace/decode.ts';
import { parseFile, type ParsedFile } from './parse-file.ts';
import { createShare, type Share } from './parse-share.ts';

export interface ParseOptions {
  /** Threads besides this one; 0 parses here. By default what the machine and the number of files justify. */
  readonly workers?: number;
  readonly onProgress?: (done: number) => void;
}

/** Below this many files a thread costs more than it saves (measured: about 40 ms to start one). */
const worthThreads = 250;
const mostThreads = 4;

/** Parses the files, in threads where that pays. The answers come in the order of the paths. */
export async function parseAll(
  root: string,
  paths: readonly string[],
  options: ParseOptions = {},
): Promise<readonly ParsedFile[]> {
  const url = workerUrl();
  const wanted = paths.length < worthThreads ? 0 : Math.min(mostThreads, availableParallelism());
  const workers = url ? (options.workers ?? wanted) : 0;
  const found = new Map<string, ParsedFile>();
  const keep = (files: readonly ParsedFile[]): void => {
    for (const file of files) found.set(file.kind === 'parsed' ? file.path : file.unread.path, file);
    options.onProgress?.(found.size);
  };
  if (url && workers > 0) {
    const share = createShare(paths);
    await Promise.all(Array.from({ length: workers }, () => runThread(url, root, share, keep)));
  }
  parseHere(
    root,
    paths.filter((path) => !found.has(path)),
    keep,
  );
  return paths.flatMap((path) => found.get(path) ?? []);
}

/** Built code stands beside its worker; TypeScript sources run without threads. */
function workerUrl(): URL | undefined {
  return import.meta.url.endsWith('.ts') ? undefined : new URL('./parse-worker.js', import.meta.url);
}

function parseHere(root: string, paths: readonly string[], keep: (files: readonly ParsedFile[]) => void): void {
  const read = fileReader();
  for (const path of paths) keep([parseFile(root, path, read)]);
}

/** Ends when the thread does, however it ends: what a thread that died has not answered is parsed here. */
function runThread(url: URL, root: string, share: Share, keep: (files: readonly ParsedFile[]) => void): Promise<void> {
  return new Promise((resolve) => {
    const worker = new Worker(url, {
      workerData: { root, ...share },
      resourceLimits: { maxYoungGenerationSizeMb: 32 },
    });
    worker.on('message', keep);
    worker.on('error', () => resolve());
    worker.on('exit', () => resolve());
  });
}
