#!/usr/bin/env node
import * as module from 'node:module';

// Where node has it, compiled code is kept between runs; it must be on before anything else is loaded.
if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function') module.enableCompileCache();

const [{ processIo }, { run }, { tools }] = await Promise.all([
  import('./process.ts'),
  import('./run.ts'),
  import('./tools.ts'),
]);

process.exit(await run(processIo(process), tools));
