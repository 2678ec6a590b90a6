import { describe, expect, it } from 'vitest';
import { nest } from '../src/testing/bases.ts';
import { discovered } from './discovered.ts';

const module = (name: string, lists = '', head = ''): string =>
  `import { Module } from '@nestjs/common';\n${head}@Module({ ${lists} })\nexport class ${name} {}\n`;
const service = (name: string): string =>
  `import { Injectable } from '@nestjs/common';\n@Injectable()\nexport class ${name} {\n  work() {}\n}\n`;
const from = (name: string, file: string): string => `import { ${name} } from './${file}';\n`;

const names = async (files: Readonly<Record<string, string>>) => {
  const { modules } = await discovered(nest(files));
  const graph = modules();
  return {
    reached: graph?.reached.map((one) => one.name),
    unreached: graph?.unreached.map((one) => one.name),
    dead: graph?.dead.map((one) => `${one.kind} ${one.name} of ${one.module}`),
    lost: graph?.lost.length,
  };
};

describe('the module graph', () => {
  const jobs = {
    'src/jobs.module.ts': module('JobsModule', 'providers: [PurgeService]', from('PurgeService', 'purge.service')),
    'src/purge.service.ts': service('PurgeService'),
  };

  it('a module that nothing imports is not booted, nor are its providers', async () => {
    expect(await names(jobs)).toEqual({
      reached: ['AppModule'],
      unreached: ['JobsModule'],
      dead: ['provider PurgeService of JobsModule'],
      lost: 0,
    });
  });

  it('an import that only names the file changes nothing', async () => {
    const files = {
      ...jobs,
      'src/modules.ts': "export * from './jobs.module';\nexport const version = 1;\n",
      'src/app.module.ts': module(
        'AppModule',
        'imports: []',
        "import { version } from './modules';\nconsole.log(version);\n",
      ),
    };
    expect(await names(files)).toMatchObject({ reached: ['AppModule'], unreached: ['JobsModule'] });
  });

  it('a provider that a booted module names as well is in use', async () => {
    const files = {
      ...jobs,
      'src/app.module.ts': module('AppModule', 'providers: [PurgeService]', from('PurgeService', 'purge.service')),
    };
    expect(await names(files)).toMatchObject({ unreached: ['JobsModule'], dead: [] });
  });

  it('a controller that no module names', async () => {
    const controller =
      "import { Controller, Get } from '@nestjs/common';\n@Controller()\nexport class LostController {\n  @Get() get() {}\n}\n";
    expect(await names({ 'src/lost.controller.ts': controller })).toMatchObject({
      dead: ['controller LostController of undefined'],
    });
  });

  it.each([
    ['plainly', 'imports: [JobsModule]', ''],
    ['by forwardRef', 'imports: [forwardRef(() => JobsModule)]', "import { forwardRef } from '@nestjs/common';\n"],
    ['by spread', 'imports: [...extra]', 'const extra = [JobsModule];\n'],
    ['by condition', 'imports: [...(process.env.JOBS ? [JobsModule] : [])]', ''],
    ['by &&', 'imports: [process.env.JOBS && JobsModule].filter(Boolean)', ''],
    ['by push', 'imports: all', 'const all: unknown[] = [];\nif (process.env.JOBS) all.push(JobsModule);\n'],
    ['by concat', 'imports: all', 'const all = [].concat([JobsModule]);\n'],
    ['by a function', 'imports: extra()', 'function extra() {\n  return [JobsModule];\n}\n'],
    ['as a dynamic module', 'imports: [{ module: JobsModule, providers: [] }]', ''],
    [
      'by registerWhen',
      "imports: [ConditionalModule.registerWhen(JobsModule, 'JOBS')]",
      "import { ConditionalModule } from '@nestjs/config';\n",
    ],
  ])('imported %s', async (_, lists, head) => {
    const files = {
      ...jobs,
      'src/app.module.ts': module('AppModule', lists, `${from('JobsModule', 'jobs.module')}${head}`),
    };
    expect(await names(files)).toMatchObject({ reached: ['AppModule', 'JobsModule'], unreached: [], dead: [] });
  });

  it('what a static method returns', async () => {
    const core = `${from('JobsModule', 'jobs.module')}import { Module } from '@nestjs/common';\n@Module({})\nexport class CoreModule {\n  static forRoot() {\n    return { module: CoreModule, imports: [JobsModule] };\n  }\n}\n`;
    const files = {
      ...jobs,
      'src/core.module.ts': core,
      'src/app.module.ts': module('AppModule', 'imports: [CoreModule.forRoot()]', from('CoreModule', 'core.module')),
    };
    expect(await names(files)).toMatchObject({ reached: ['AppModule', 'CoreModule', 'JobsModule'], unreached: [] });
  });
});

it('a class of an unbooted module is not live either', async () => {
  const { live, code } = await discovered(
    nest({
      'src/app.module.ts': module('AppModule', 'imports: []', "import './barrel';\n"),
      'src/barrel.ts': "export { JobsModule } from './jobs.module';\n",
      'src/jobs.module.ts': module('JobsModule', 'providers: [PurgeService]', from('PurgeService', 'purge.service')),
      'src/purge.service.ts': service('PurgeService'),
    }),
  );
  const work = code.get('src/purge.service.ts')?.summary.functions.findIndex((fn) => fn.name === 'work') ?? -1;
  expect(live().has('src/purge.service.ts')).toBe(true);
  expect(live().hasFunction('src/purge.service.ts', work)).toBe(false);
  expect(live().hasBinding('src/purge.service.ts', 'PurgeService')).toBe(false);
});
