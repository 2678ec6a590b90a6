#!/usr/bin/env node
import * as module from 'node:module';

// Where node has it, compiled code is kept between runs; it must be on before anything else is loaded.
if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function') module.enableCompileCache();

const [{ processIo }, { run }, { tools }] = await Promise.all([
  import('./process.ts'),
  import('./run.ts'),
  import('./tools.ts'),
]);

const io = processIo(process);

async function crash(error: unknown): Promise<never> {
  const { tellFailure } = await import('./failure.ts');
  return process.exit(await tellFailure(io, error));
}

// Left alone, node would end with 1, which means NO-GO.
process.on('uncaughtException', (error) => void crash(error));

process.exit(await run(io, tools));
