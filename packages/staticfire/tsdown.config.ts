import { existsSync } from 'node:fs';
import { defineConfig } from 'tsdown';

const worker = 'src/code/parse-worker.ts';

export default defineConfig({
  entry: {
    main: 'src/cli/main.ts',
    index: 'src/index.ts',
    ...(existsSync(worker) ? { 'parse-worker': worker } : {}),
  },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  fixedExtension: false,
  dts: { entry: 'src/index.ts' },
  clean: true,
});
