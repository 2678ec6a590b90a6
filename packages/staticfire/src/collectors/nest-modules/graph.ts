import type { CodeModel } from '../../code/model.ts';
import { isTestFile } from '../../code/reach/tests.ts';
import { lineOf, type Class, type Expr } from '../../code/summary.ts';
import { propOf, walkFile } from '../../code/walk.ts';
import type { LiveCode } from '../../facts/live.ts';
import type { NestClass, NestModule, NestModules } from '../../facts/nest-modules.ts';
import type { Service } from '../../facts/services.ts';
import { expand, type ClassRef } from './expand.ts';

interface Input {
  readonly code: CodeModel;
  readonly live: LiveCode;
  readonly service: Service;
}

interface Reached {
  readonly modules: Map<string, NestModule>;
  readonly lost: { readonly file: string; readonly line: number }[];
}

/** The modules reached from what the service boots, and those of its package that are not. */
export function moduleGraph(input: Input): NestModules | undefined {
  const roots = bootedModules(input);
  if (roots.length === 0) return undefined;
  const reached: Reached = { modules: new Map(), lost: [] };
  for (const root of roots) visit(input.code, root, reached);
  const own = ownClasses(input);
  const unreached = own.modules.filter(
    (module) => !reached.modules.has(keyOf(module)) && !input.live.hasBinding(module.file, module.name),
  );
  const live = [...reached.modules.values()];
  return {
    roots: roots.flatMap((ref) => reached.modules.get(keyOf(ref)) ?? []),
    reached: sorted(live),
    unreached: sorted(unreached),
    dead: deadClasses(live, unreached, own.controllers, input.live),
    lost: reached.lost,
  };
}

const keyOf = ({ file, cls }: ClassRef): string => `${file}\0${cls}`;
const sorted = <T extends NestClass>(list: readonly T[]): readonly T[] =>
  list.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));

const boot = /^(?:NestFactory|CommandFactory)\.(?:create|createApplicationContext|createMicroservice|run)$/;

/** The first argument of NestFactory.create and its like, in live files. */
function bootedModules({ code, live }: Input): readonly ClassRef[] {
  const found = new Map<string, ClassRef>();
  for (const file of live.files) {
    const source = code.get(file);
    if (!source?.head.imports.some((i) => /^(?:@nestjs\/core|nest-commander)$/.test(i.from))) continue;
    walkFile(source.summary, (expr, fn) => {
      if (expr.k !== 'call' || expr.callee.k !== 'ref' || !boot.test(expr.callee.path)) return;
      for (const ref of expand(code, file, fn, expr.args[0]).classes) found.set(keyOf(ref), ref);
    });
  }
  return [...found.values()];
}

function visit(code: CodeModel, ref: ClassRef, reached: Reached): void {
  const key = keyOf(ref);
  const cls = code.get(ref.file)?.summary.classes[ref.cls];
  if (!cls || reached.modules.has(key)) return;
  const lists = listsOf(code, ref, cls);
  reached.modules.set(key, lists.module);
  reached.lost.push(...lists.lost);
  for (const next of lists.imports) visit(code, next, reached);
}

interface Lists {
  readonly module: NestModule;
  readonly imports: readonly ClassRef[];
  readonly lost: readonly { readonly file: string; readonly line: number }[];
}

/** What a module's decorator lists, and what its static methods return as dynamic modules. */
function listsOf(code: CodeModel, ref: ClassRef, cls: Class): Lists {
  const argument = moduleArgument(cls);
  const imports = expand(code, ref.file, cls.parent, propOf(argument, 'imports'));
  const holders = [
    { file: ref.file, fn: cls.parent, expr: argument },
    ...imports.dynamic,
    ...ownDynamic(code, ref, cls),
  ];
  const listed = (key: string): readonly ClassRef[] =>
    holders.flatMap(({ file, fn, expr }) => expand(code, file, fn, propOf(expr, key)).classes);
  return {
    module: {
      ...described(ref.file, cls),
      cls: ref.cls,
      controllers: describedAll(code, listed('controllers')),
      providers: describedAll(code, listed('providers')),
    },
    imports: [...listed('imports'), ...imports.classes],
    lost: imports.lost,
  };
}

/** `static forRoot() { return { module: X, imports: […] } }`. */
function ownDynamic(code: CodeModel, ref: ClassRef, cls: Class): readonly { file: string; fn: number; expr: Expr }[] {
  return cls.members.flatMap((member) =>
    member.static && member.fn !== undefined
      ? expand(code, ref.file, member.fn, { k: 'fn', fn: member.fn }).dynamic
      : [],
  );
}

function moduleArgument(cls: Class): Expr | undefined {
  const decorator = cls.decorators.find((d) => d.k === 'call' && d.callee.k === 'ref' && d.callee.path === 'Module');
  return decorator?.k === 'call' ? decorator.args[0] : undefined;
}

const isController = (cls: Class): boolean =>
  cls.decorators.some(
    (d) => d.k === 'call' && d.callee.k === 'ref' && /^(?:Controller|Resolver|WebSocketGateway)$/.test(d.callee.path),
  );
const isModule = (cls: Class): boolean =>
  cls.decorators.some((d) => d.k === 'call' && d.callee.k === 'ref' && d.callee.path === 'Module');

const described = (file: string, cls: Class): NestClass => ({ name: cls.name, file, line: lineOf(cls.at) });

function describedAll(code: CodeModel, refs: readonly ClassRef[]): readonly NestClass[] {
  const found = new Map<string, NestClass>();
  for (const ref of refs) {
    const cls = code.get(ref.file)?.summary.classes[ref.cls];
    if (cls) found.set(keyOf(ref), described(ref.file, cls));
  }
  return [...found.values()];
}

/** Modules and controllers of the service's own folder, tests apart. */
function ownClasses({ code, service }: Input): { modules: readonly NestModule[]; controllers: readonly NestClass[] } {
  const prefix = service.root === '.' ? '' : `${service.root}/`;
  const modules: NestModule[] = [];
  const controllers: NestClass[] = [];
  for (const file of code.files) {
    const source = file.startsWith(prefix) && !isTestFile(file) ? code.get(file) : undefined;
    if (!source?.head.imports.some((i) => i.from.startsWith('@nestjs/'))) continue;
    source.summary.classes.forEach((cls, index) => {
      if (isModule(cls)) modules.push(listsOf(code, { file, cls: index }, cls).module);
      else if (isController(cls)) controllers.push(described(file, cls));
    });
  }
  return { modules, controllers };
}

/** Named only by modules that are not reached, or by none at all. */
function deadClasses(
  reached: readonly NestModule[],
  unreached: readonly NestModule[],
  controllers: readonly NestClass[],
  live: LiveCode,
): NestModules['dead'] {
  const at = ({ file, name }: NestClass): string => `${file}\0${name}`;
  const used = new Set(reached.flatMap((module) => [...module.controllers, ...module.providers].map(at)));
  const found = new Map<string, NestModules['dead'][number]>();
  for (const module of unreached) {
    for (const one of module.controllers)
      if (!used.has(at(one))) found.set(at(one), { ...one, kind: 'controller', module: module.name });
    for (const one of module.providers)
      if (!used.has(at(one))) found.set(at(one), { ...one, kind: 'provider', module: module.name });
  }
  for (const one of controllers)
    if (!used.has(at(one)) && !found.has(at(one)) && !live.hasBinding(one.file, one.name))
      found.set(at(one), { ...one, kind: 'controller', module: undefined });
  return sorted([...found.values()]);
}
