import { parentPort, workerData } from 'node:worker_threads';
import { fileReader } from '../workspace/decode.ts';
import { parseFile } from './parse-file.ts';
import { parseByJson } from './syntax/parse.ts';
import { openRawParser } from './syntax/raw.ts';
import { takeBatches, type Share } from './parse-share.ts';

/** Takes batches of the common list until none is left, and answers each with what stands in its files. */
const { root, ...share } = workerData as Share & { readonly root: string };
const read = fileReader();
const parse = (await openRawParser()) ?? parseByJson;

for (const paths of takeBatches(share))
  parentPort?.postMessage(paths.map((path) => parseFile(root, path, read, parse)));
