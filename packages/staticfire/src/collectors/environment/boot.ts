import type { LiveCode } from '../../facts/live.ts';
import type { Reached } from '../../facts/environment.ts';
import type { Service } from '../../facts/services.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { walkFile } from '../../code/walk.ts';
import type { Step } from '../../model/place.ts';
import { functionAt, functionCalled, methodOf, passedFunctions, type Passed } from './calls.ts';
import type { Names, Spot } from './names.ts';
import { verbOf } from './techniques.ts';
import { spotKey } from './wrappers.ts';

/** When code of one service runs, with the path that shows it. */
export interface Boot {
  when(spot: Spot): Run;
}

export interface Run {
  readonly reached: Reached;
  readonly trail: readonly Step[];
  /** The functions that lead to it, nearest first. */
  readonly callers: readonly Spot[];
}

/** Files that are loaded before the first request, each with the file that loads it. */
type Loaded = ReadonlyMap<string, string | undefined>;

interface Known {
  readonly names: Names;
  readonly service: Service;
  readonly live: LiveCode;
  readonly loaded: Loaded;
  readonly passed: (file: string) => ReadonlyMap<number, Passed>;
  readonly runs: Map<string, Run>;
}

const never: Run = { reached: 'never', trail: [], callers: [] };
const rank: Readonly<Record<Reached, number>> = { boot: 2, request: 1, never: 0 };

/** Calls whose functions wait for something to happen. */
const handlers =
  /^(?:get|post|put|patch|delete|del|all|use|on|once|addEventListener|createServer|setInterval|setTimeout|schedule|process|route|options|head|addHook|handle|handler|query|mutation|input|middleware|subscribe|consume|add|run|createHandler|useCallback|useEffect|createServerFn|server|preHandler|onRequest|addJob|define|Worker|cache|memoize|lazy|procedure|resolver)$/;
const nestDecorators = /^(?:Injectable|Controller|Module|Resolver|WebSocketGateway|Catch|Processor|Global)$/;
const nestHooks = /^(?:onModuleInit|onApplicationBootstrap|configure|constructor)$/;

export function bootOf(names: Names, service: Service, live: LiveCode): Boot {
  const passed = new Map<string, ReadonlyMap<number, Passed>>();
  const known: Known = {
    names,
    service,
    live,
    loaded: loadedAtBoot(names, service),
    passed: (file) => {
      const found = passed.get(file) ?? passedFunctions(names, file);
      passed.set(file, found);
      return found;
    },
    runs: new Map(),
  };
  return { when: (spot) => whenOf(known, spot) };
}

/** Static imports from the entries that run before any request. Dynamic ones count where they stand in an entry. */
function loadedAtBoot(names: Names, service: Service): Loaded {
  const loaded = new Map<string, string | undefined>();
  const early = service.entries.filter(
    (e) => e.kind === 'process' || e.kind === 'instrumentation' || e.kind === 'config' || e.kind === 'job',
  );
  const queue = early.map((e) => e.file);
  for (const file of queue) if (!loaded.has(file)) loaded.set(file, undefined);
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const source = names.model.get(at);
    const known = new Set(names.model.importsOf(at));
    for (const imported of source?.head.imports ?? []) {
      if (imported.typeOnly || (imported.kind === 'dynamic' && loaded.get(at) !== undefined)) continue;
      const target = source?.resolve(imported.from);
      if (target?.kind !== 'file' || !known.has(target.path) || loaded.has(target.path)) continue;
      loaded.set(target.path, at);
      queue.push(target.path);
    }
  }
  return loaded;
}

function whenOf(k: Known, spot: Spot): Run {
  const key = spotKey(spot);
  const found = k.runs.get(key);
  if (found) return found;
  k.runs.set(key, never);
  const run = spot.fn === 0 ? ofModule(k, spot.file) : ofFunction(k, spot);
  k.runs.set(key, run);
  return run;
}

function ofModule(k: Known, file: string): Run {
  if (k.loaded.has(file)) return { reached: 'boot', trail: loadTrail(k, file), callers: [] };
  if (!k.live.has(file)) return { ...never, trail: [{ note: `${file} is not loaded by the service`, at: { file } }] };
  const path = k.live.pathTo(file);
  return {
    reached: 'request',
    trail: path
      .slice(0, 4)
      .map((f, i) => ({ note: i === 0 ? `${f} is loaded for its route` : `imports ${f}`, at: { file: f } })),
    callers: [],
  };
}

function loadTrail(k: Known, file: string): readonly Step[] {
  const path = [file];
  for (let at = k.loaded.get(file); at !== undefined; at = k.loaded.get(at)) path.unshift(at);
  const entry = k.service.entries.find((e) => e.file === path[0]);
  return path.slice(0, 5).map((f, i) => ({
    note: i === 0 ? `${f} starts the service${entry ? `: ${entry.why}` : ''}` : `it loads ${f}`,
    at: { file: f },
  }));
}

/** The best of what leads to a function. */
function ofFunction(k: Known, spot: Spot): Run {
  const runs = [...fromFramework(k, spot), ...fromPassing(k, spot), ...fromClass(k, spot), ...fromCalls(k, spot)];
  return runs.reduce((best, run) => (rank[run.reached] > rank[best.reached] ? run : best), never);
}

function after(k: Known, spot: Spot, caller: Spot, line: number, what: string): Run {
  const run = whenOf(k, caller);
  const name = functionAt(k.names, spot)?.name;
  const step: Step = { note: `${what} ${name ? `${name}()` : 'it'}`, at: { file: caller.file, line } };
  return { reached: run.reached, trail: [...run.trail, step].slice(-6), callers: [caller, ...run.callers] };
}

const atRequest = (run: Run): Run => (run.reached === 'boot' ? { ...run, reached: 'request' } : run);

/** `register` of an instrumentation file runs at boot; other exports of files that a framework loads run when it calls them. */
function fromFramework(k: Known, spot: Spot): readonly Run[] {
  const entry = k.service.entries.find((e) => e.file === spot.file);
  const func = functionAt(k.names, spot);
  const exported =
    entry &&
    func &&
    k.names.model
      .get(spot.file)
      ?.head.exports.some((e) => e.name === func.name || e.local === func.name || e.name === 'default');
  if (!entry || !exported || func.parent !== 0) return [];
  const run = ofModule(k, spot.file);
  if (entry.kind === 'instrumentation') return func.name === 'register' ? [run] : [];
  if (entry.kind === 'config') return [run];
  return entry.kind === 'process' ? [] : [atRequest(run.reached === 'never' ? run : { ...run, reached: 'request' })];
}

/** A function written in the arguments of a call, or called where it stands. */
function fromPassing(k: Known, spot: Spot): readonly Run[] {
  const passed = k.passed(spot.file).get(spot.fn);
  if (!passed) return [];
  const run = after(k, spot, passed, lineOf(passed.call.at), 'runs');
  return [passed.call.callee.k !== 'fn' && handlers.test(verbOf(passed.call.callee)) ? atRequest(run) : run];
}

/** Constructors and start hooks of classes that a container makes at boot. */
function fromClass(k: Known, spot: Spot): readonly Run[] {
  const source = k.names.model.get(spot.file);
  const func = functionAt(k.names, spot);
  const index = func?.owner;
  const cls = index === undefined ? undefined : source?.summary.classes[index];
  if (!source || !cls || index === undefined || !func) return [];
  const member = cls.members.find((m) => m.fn === spot.fn);
  const made = cls.decorators.some((d) => nestDecorators.test(verbOf(d.k === 'call' ? d.callee : d)));
  if (member && made && (nestHooks.test(member.name) || member.kind === 'constructor'))
    return [whenOf(k, { file: spot.file, fn: 0 })];
  return member?.kind === 'constructor' ? instances(k, spot, index) : [];
}

/** `new X()` anywhere, or a class that extends it. */
function instances(k: Known, spot: Spot, index: number): readonly Run[] {
  return callSites(k, spot, (file, fn, expr) => {
    if (expr.k !== 'call' || !expr.new) return false;
    const found = k.names.resolve({ file, fn }, expr.callee);
    return (
      found?.k === 'class' &&
      found.file === spot.file &&
      (found.cls === index || same(methodOf(k.names, found.file, found.cls, 'constructor'), spot))
    );
  });
}

const same = (a: Spot | undefined, b: Spot): boolean => a?.file === b.file && a.fn === b.fn;

function fromCalls(k: Known, spot: Spot): readonly Run[] {
  const name = functionAt(k.names, spot)?.name ?? '';
  if (!name) return [];
  const direct = callSites(
    k,
    spot,
    (file, fn, expr) => expr.k === 'call' && same(functionCalled(k.names, { file, fn }, expr), spot),
  );
  const handed = callSites(
    k,
    spot,
    (file, fn, expr) => expr.k === 'call' && handles(k, { file, fn }, expr, spot),
    true,
  );
  return [...direct, ...handed];
}

/** The function is handed over by name: `load: [config]`, `validate`, `app.use(check)`. */
function handles(k: Known, at: Spot, call: Extract<Expr, { k: 'call' }>, spot: Spot): boolean {
  const given = call.args.flatMap((arg) =>
    arg.k === 'obj' ? arg.props.map((p) => p.value) : arg.k === 'arr' ? arg.items : [arg],
  );
  return given.some((arg) => {
    if (arg.k !== 'ref') return false;
    const found = k.names.resolve(at, arg);
    return found?.k === 'function' && found.rest === '' && same(found, spot);
  });
}

function callSites(
  k: Known,
  spot: Spot,
  matches: (file: string, fn: number, expr: Expr) => boolean,
  handed = false,
): readonly Run[] {
  const runs: Run[] = [];
  for (const file of usersOf(k, spot.file)) {
    const source = k.names.model.get(file);
    if (!source || (!k.live.has(file) && !k.loaded.has(file))) continue;
    walkFile(source.summary, (expr, fn) => {
      if (expr.k !== 'call' || !matches(file, fn, expr)) return;
      const run = after(k, spot, { file, fn }, lineOf(expr.at), 'calls');
      runs.push(handed && handlers.test(verbOf(expr.callee)) ? atRequest(run) : run);
    });
  }
  return runs;
}

/** The file itself and those that import it, also through files that pass its exports on. */
function usersOf(k: Known, file: string): readonly string[] {
  const users = new Set([file]);
  const queue = [file];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const importer of k.names.model.importersOf(at)) {
      if (users.has(importer)) continue;
      users.add(importer);
      if (k.names.model.get(importer)?.head.exports.some((e) => e.from !== undefined)) queue.push(importer);
    }
  }
  return [...users].toSorted();
}
