import { parentPort, workerData } from 'node:worker_threads';
import { fileReader } from '../workspace/decode.ts';
import { parseFile } from './parse-file.ts';

/** Answers each list of paths with what stands in those files. The root comes with the start of the thread. */
const root: unknown = workerData;
const read = fileReader();

parentPort?.on('message', (paths: readonly string[]) => {
  if (typeof root !== 'string') throw new TypeError('the parse worker needs the root as workerData');
  parentPort?.postMessage(paths.map((path) => parseFile(root, path, read)));
});
