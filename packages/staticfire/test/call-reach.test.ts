import { describe, expect, it } from 'vitest';
import { createCallReach, type CallReach, type CallsReached } from '../src/code/reach/calls-of.ts';
import type { CodeModel } from '../src/code/model.ts';
import { sitesOf } from '../src/code/sites.ts';
import { linked } from './linked.ts';

interface Reading {
  readonly model: CodeModel;
  readonly reach: CallReach;
}

function reading(files: Readonly<Record<string, string>>): Reading {
  const model = linked(files);
  const sites = new Map(
    model.files.map((file) => [file, sitesOf(file, model.get(file)?.summary ?? never(), new Set())]),
  );
  return { model, reach: createCallReach(model, (file) => sites.get(file) ?? never()) };
}

function never(): never {
  throw new Error('no such file');
}

const named = ({ model }: Reading, name: string, file = 'main.ts'): { file: string; fn: number } => ({
  file,
  fn: model.get(file)?.summary.functions.findIndex((func) => func.name === name) ?? -1,
});

/** Paths of the calls of each function, with how it was reached. */
const shown = ({ functions }: CallsReached): string[] =>
  functions.flatMap(({ calls, by }) =>
    calls.map(({ site }) => `${by ? `${by.handed ? '~' : ''}${by.call.site.name} > ` : ''}${site.path}`),
  );

const from = (files: Readonly<Record<string, string>>, name = 'handler'): string[] => {
  const r = reading(files);
  return shown(r.reach.from(named(r, name)));
};

describe('the calls that a function leads to', () => {
  it('are its own and those of functions that it calls, across files', () => {
    expect(
      from({
        'main.ts':
          "import { save } from './store'; export function handler(req) { check(req); save(req.body); }\nfunction check(r) { assert(r); }",
        'store.ts': "import { db } from 'db'; export const save = (row) => db.insert(row);",
      }),
    ).toEqual(['check', 'save', 'check > assert', 'save > db.insert']);
  });

  it('include those of closures that are handed over', () => {
    expect(from({ 'main.ts': 'export const handler = (req) => run(async () => { await write(req); });' })).toEqual([
      'run',
      '~run > write',
    ]);
  });

  it('include those of named functions that are handed over', () => {
    expect(from({ 'main.ts': 'const inner = () => deep(); export const handler = () => run(inner);' })).toEqual([
      'run',
      '~run > deep',
    ]);
  });

  it('leave out those of functions that are only declared', () => {
    expect(from({ 'main.ts': 'export function handler() { const idle = () => never(); return 1; }' })).toEqual([]);
  });

  it('follow methods of injected instances and constructors', () => {
    expect(
      from({
        'main.ts':
          "import { Users } from './users'; class C { constructor(private readonly users: Users) {} handler() { return this.users.find(new Users()); } }",
        'users.ts': 'export class Users { constructor() { boot(); } find() { return query(); } }',
      }),
    ).toEqual(['this.users.find', 'Users', 'find > query', 'Users > boot']);
  });

  it('end in cycles', () => {
    expect(from({ 'main.ts': 'export function handler() { again(); } function again() { handler(); }' })).toEqual([
      'again',
      'again > handler',
    ]);
  });

  it('follow a function that a caller hands over as an argument', () => {
    expect(
      from({
        'main.ts':
          'const store = (r) => write(r); export function handler(req) { guarded({ run: store }, req); } function guarded(options, req) { options.run(req); }',
      }),
    ).toContain('run > write');
  });

  it('follow what the only caller gave a factory', () => {
    expect(
      from({
        'main.ts':
          'const store = { save: () => write() }; function routes(service) { const handler = () => service.save(); return { handler }; }\nexport const all = routes(store);',
      }),
    ).toEqual(['service.save', 'save > write']);
  });

  it('note what could not be followed', () => {
    const r = reading({ 'main.ts': "import x from 'x'; export function handler(req, next) { x(); next(); }" });
    const { lost } = r.reach.from(named(r, 'handler'));
    expect(lost.map(({ call }) => call.site.path)).toEqual(['next']);
  });
});

describe('what an expression stands for on the way', () => {
  it('is what the callers handed over', () => {
    const r = reading({
      'main.ts':
        "import { z } from 'zod'; const Body = z.object({}); export function handler(req) { parse(Body, req); } function parse(schema, req) { schema.parse(req); }",
    });
    const { functions } = r.reach.from(named(r, 'handler'));
    const call = functions[1]?.calls[0];
    expect(functions[1] && call && r.reach.origin(functions[1], call.site.expr.callee)).toMatchObject({
      kind: 'package',
      package: 'zod',
      called: true,
      member: 'object.parse',
    });
  });

  it('is what the call was given that made the function', () => {
    const r = reading({
      'main.ts':
        "import { z } from 'zod'; const validate = (schema) => (req, res, next) => { schema.parse(req.body); next(); };\nexport const link = validate(z.object({}));",
    });
    const made = r.model.get('main.ts')?.summary.functions[0]?.body.at(-1);
    const { expr } = made?.k === 'let' && made.init ? { expr: made.init } : never();
    const spot = { file: 'main.ts', fn: 2 };
    const [start] = r.reach.from(spot, expr.k === 'call' ? { file: 'main.ts', fn: 0, expr } : never()).functions;
    const call = start.calls[0];
    expect(call && r.reach.origin(start, call.site.expr.callee)).toMatchObject({
      package: 'zod',
      member: 'object.parse',
    });
  });
});
