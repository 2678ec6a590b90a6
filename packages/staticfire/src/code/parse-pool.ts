import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { fileReader } from '../workspace/decode.ts';
import { parseFile, type ParsedFile } from './parse-file.ts';

export interface ParseOptions {
  /** Threads besides this one; 0 parses here. By default what the machine and the number of files justify. */
  readonly workers?: number;
  readonly onProgress?: (done: number) => void;
}

/** Below this many files a thread costs more than it saves (measured: about 40 ms to start one). */
const worthThreads = 250;
const batchSize = 40;

/** Parses the files, in threads where that pays. The answers come in the order of the paths. */
export async function parseAll(root: string, paths: readonly string[], options: ParseOptions = {}): Promise<readonly ParsedFile[]> {
  const url = workerUrl();
  const workers = options.workers ?? (paths.length < worthThreads ? 0 : Math.min(4, availableParallelism()));
  const found = url && workers > 0 ? await parseInThreads(root, paths, url, workers, options) : parseHere(root, paths, options);
  const byPath = new Map(found.map((file) => [file.kind === 'parsed' ? file.path : file.unread.path, file]));
  return paths.flatMap((path) => byPath.get(path) ?? []);
}

/** Built code stands beside its worker; TypeScript sources run without threads. */
function workerUrl(): URL | undefined {
  return import.meta.url.endsWith('.ts') ? undefined : new URL('./parse-worker.js', import.meta.url);
}

function parseHere(root: string, paths: readonly string[], options: ParseOptions): ParsedFile[] {
  const read = fileReader();
  return paths.map((path, index) => {
    if (index % batchSize === 0) options.onProgress?.(index);
    return parseFile(root, path, read);
  });
}

async function parseInThreads(root: string, paths: readonly string[], url: URL, workers: number, options: ParseOptions): Promise<ParsedFile[]> {
  const batches = batchesOf(paths);
  const found: ParsedFile[] = [];
  const next = (): readonly string[] | undefined => batches.shift();
  const done = (files: readonly ParsedFile[]): void => {
    found.push(...files);
    options.onProgress?.(found.length);
  };
  await Promise.all(Array.from({ length: Math.min(workers, batches.length) }, () => runWorker(url, root, next, done)));
  return found;
}

function batchesOf(paths: readonly string[]): (readonly string[])[] {
  const batches: (readonly string[])[] = [];
  for (let i = 0; i < paths.length; i += batchSize) batches.push(paths.slice(i, i + batchSize));
  return batches;
}

/** One thread takes batch after batch. Should it die, its batch is parsed here, file by file. */
function runWorker(url: URL, root: string, next: () => readonly string[] | undefined, done: (files: readonly ParsedFile[]) => void): Promise<void> {
  return new Promise((resolve) => {
    const worker = new Worker(url, { workerData: root, resourceLimits: { maxYoungGenerationSizeMb: 32 } });
    let current: readonly string[] | undefined;
    const advance = (): void => {
      current = next();
      if (current) worker.postMessage(current);
      else void worker.terminate().then(() => resolve());
    };
    worker.on('message', (files: readonly ParsedFile[]) => {
      done(files);
      advance();
    });
    worker.on('error', () => {
      for (let batch = current; batch; batch = next()) done(parseHere(root, batch, {}));
      resolve();
    });
    advance();
  });
}
