import type { LiveCode } from '../../facts/live.ts';
import type { Reached } from '../../facts/environment.ts';
import type { Service } from '../../facts/services.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import type { CallSite, FileSites } from '../../code/sites.ts';
import { walkFile } from '../../code/walk.ts';
import type { Step } from '../../model/place.ts';
import { functionAt, functionCalled, methodOf } from './calls.ts';
import { groupBy } from './group.ts';
import type { Names, Spot } from './names.ts';
import { verbOf } from './techniques.ts';
import { spotKey } from './wrappers.ts';

/** When code of one service runs, with the path that shows it. */
export interface Boot {
  when(spot: Spot): Run;
}

interface Run {
  readonly reached: Reached;
  readonly trail: readonly Step[];
  /** The function that calls it, where it is called by name. */
  readonly caller: Spot | undefined;
}

export interface BootInput {
  readonly names: Names;
  readonly service: Service;
  readonly live: LiveCode;
  readonly sites: { of(file: string): FileSites };
  /** The files that import what a file exports, also through files that pass it on. */
  usersOf(file: string): readonly string[];
}

interface Known extends BootInput {
  /** Files that are loaded before the first request, each with the file that loads it. */
  readonly loaded: ReadonlyMap<string, string | undefined>;
  readonly runs: Map<string, Run>;
  readonly users: Map<string, readonly string[]>;
  readonly indices: Map<string, Index>;
}

type Call = Extract<Expr, { k: 'call' }>;

const never: Run = { reached: 'never', trail: [], caller: undefined };
const rank: Readonly<Record<Reached, number>> = { boot: 2, request: 1, never: 0 };

/** Calls that run the function they are given at once, or while the process starts. Every other function waits for something. */
const immediate =
  /^(?:then|catch|finally|filter|forEach|find|findIndex|some|every|map|flatMap|reduce|sort|Promise|nextTick|setImmediate|queueMicrotask|registerAs|register|listen|ready|after|fp|fastifyPlugin|bootstrap|start|run|main|init|initialize|try\w*|attempt|fromEntries|defineNitroPlugin|defineNitroConfig|createApp|asyncWrapper|iife)$/;
/** Options of a framework's start that hold functions it runs at boot. */
const startOptions = /^(?:useFactory|validate|load|factory|imports|providers|plugins)$/;
const nestDecorators = /^(?:Injectable|Controller|Module|Resolver|WebSocketGateway|Catch|Processor|Global)$/;
const nestHooks = /^(?:onModuleInit|onApplicationBootstrap|configure)$/;

export function bootOf(input: BootInput): Boot {
  const known: Known = {
    ...input,
    loaded: loadedAtBoot(input.names, input.service),
    runs: new Map(),
    users: new Map(),
    indices: new Map(),
  };
  return { when: (spot) => whenOf(known, spot) };
}

/** Static imports from the entries that run before any request. Dynamic ones count where they stand in an entry. */
function loadedAtBoot(names: Names, service: Service): ReadonlyMap<string, string | undefined> {
  const loaded = new Map<string, string | undefined>();
  const queue = service.entries.flatMap((e) => (e.kind === 'route' || e.kind === 'middleware' ? [] : [e.file]));
  for (const file of queue) loaded.set(file, undefined);
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const target of loadedBy(names, at, loaded.get(at) === undefined)) {
      if (loaded.has(target)) continue;
      loaded.set(target, at);
      queue.push(target);
    }
  }
  return loaded;
}

function loadedBy(names: Names, file: string, entry: boolean): readonly string[] {
  const source = names.model.get(file);
  const known = new Set(names.model.importsOf(file));
  return (source?.head.imports ?? []).flatMap((imported) => {
    if (imported.typeOnly || (imported.kind === 'dynamic' && !entry)) return [];
    const target = source?.resolve(imported.from);
    return target?.kind === 'file' && known.has(target.path) ? [target.path] : [];
  });
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
  if (k.loaded.has(file)) return { reached: 'boot', trail: loadTrail(k, file), caller: undefined };
  if (!k.live.has(file)) return never;
  const path = k.live.pathTo(file).slice(0, 4);
  return {
    reached: 'request',
    trail: path.map((f, i) => ({
      note: i === 0 ? `${f} is loaded for its route` : `it imports ${f}`,
      at: { file: f },
    })),
    caller: undefined,
  };
}

function loadTrail(k: Known, file: string): readonly Step[] {
  const path = [file];
  for (let at = k.loaded.get(file); at !== undefined; at = k.loaded.get(at)) path.unshift(at);
  const entry = k.service.entries.find((e) => e.file === path[0]);
  const start = `${path[0] ?? file} starts the service${entry ? `: ${entry.why}` : ''}`;
  return path.slice(0, 5).map((f, i) => ({ note: i === 0 ? start : `it loads ${f}`, at: { file: f } }));
}

/** The best of what leads to a function. */
function ofFunction(k: Known, spot: Spot): Run {
  const ways = [fromFramework, fromOption, fromPassing, fromClass, fromCalls];
  let best = never;
  for (const way of ways) {
    for (const run of way(k, spot)) if (rank[run.reached] > rank[best.reached]) best = run;
    if (best.reached === 'boot') return best;
  }
  return best === never ? somehow(k, spot) : best;
}

/** Live, though not by a call that could be followed: some request may come to it. */
function somehow(k: Known, spot: Spot): Run {
  if (!k.live.has(spot.file) || !k.live.hasFunction(spot.file, spot.fn)) return never;
  const func = functionAt(k.names, spot);
  const parent = func && func.parent > 0 ? whenOf(k, { file: spot.file, fn: func.parent }) : ofModule(k, spot.file);
  return { ...atRequest(parent), caller: undefined };
}

/** `useFactory` and its like, however deep they stand in the options of a module that is loaded. */
function fromOption(k: Known, spot: Spot): readonly Run[] {
  const func = functionAt(k.names, spot);
  if (!func || func.owner !== undefined || !/^(?:useFactory|validate|load)$/.test(func.name)) return [];
  const parent = { file: spot.file, fn: Math.max(func.parent, 0) };
  const declared = k.names.follow(parent, func.name);
  return declared?.k === 'function' ? [] : [{ ...whenOf(k, parent), caller: undefined }];
}

function after(k: Known, spot: Spot, caller: Spot, line: number): Run {
  const run = whenOf(k, caller);
  const name = functionAt(k.names, spot)?.name;
  const step: Step = { note: name ? `${name}() is called` : 'the function runs', at: { file: caller.file, line } };
  return { reached: run.reached, trail: [...run.trail, step].slice(-6), caller: name ? caller : undefined };
}

const atRequest = (run: Run): Run => (run.reached === 'boot' ? { ...run, reached: 'request' } : run);

/** `register` of an instrumentation file runs at boot; other exports of files that a framework loads run when it calls them. */
function fromFramework(k: Known, spot: Spot): readonly Run[] {
  const entry = k.service.entries.find((e) => e.file === spot.file);
  const func = functionAt(k.names, spot);
  if (!entry || func?.parent !== 0 || entry.kind === 'process' || entry.kind === 'job') return [];
  const exported = k.names.model
    .get(spot.file)
    ?.head.exports.some((e) => e.name === func.name || e.local === func.name || e.name === 'default');
  if (!exported) return [];
  const run = ofModule(k, spot.file);
  if (entry.kind === 'instrumentation') return func.name === 'register' ? [run] : [];
  return entry.kind === 'config' ? [run] : [{ ...run, reached: 'request' }];
}

/** A function written in the arguments of a call, or called where it stands. */
function fromPassing(k: Known, spot: Spot): readonly Run[] {
  return k.sites.of(spot.file).calls.flatMap((site) => {
    const { expr } = site;
    const at = { file: spot.file, fn: site.fn };
    const isIt = (arg: Expr): boolean => arg.k === 'fn' && arg.fn === spot.fn;
    if (isIt(expr.callee)) return [{ ...after(k, spot, at, lineOf(expr.at)), caller: undefined }];
    return givenAs(expr, isIt).map((given) => passed(k, spot, at, expr, given));
  });
}

/** How a function stands among the arguments: by its index, or by the option that holds it. */
function givenAs(call: Call, isIt: (arg: Expr) => boolean): readonly (number | string)[] {
  return call.args.flatMap((arg, index): (number | string)[] => {
    if (isIt(arg)) return [index];
    if (arg.k === 'obj')
      return arg.props
        .filter((p) => isIt(p.value) || (p.value.k === 'arr' && p.value.items.some(isIt)))
        .map((p) => p.key);
    return arg.k === 'arr' && arg.items.some(isIt) ? [index] : [];
  });
}

/** Does the call run what it is given at once? Else it waits for a request. */
function passed(k: Known, spot: Spot, at: Spot, call: Call, given: number | string): Run {
  const run = { ...after(k, spot, at, lineOf(call.at)), caller: undefined };
  const verb = verbOf(call.callee);
  if (typeof given === 'string')
    return startOptions.test(given) &&
      /^(?:forRoot|forRootAsync|register|registerAsync|forFeature|forFeatureAsync|create)$/.test(verb)
      ? run
      : atRequest(run);
  return immediate.test(verb) || callsParam(k, at, call, given) ? run : atRequest(run);
}

/** A function of the repository that calls its parameter itself. */
function callsParam(k: Known, at: Spot, call: Call, index: number): boolean {
  const called = functionCalled(k.names, at, call);
  const func = called && functionAt(k.names, called);
  const param = func?.params[index]?.pattern;
  if (!called || param?.k !== 'name') return false;
  return k.sites.of(called.file).calls.some((site) => site.fn === called.fn && site.path === param.name);
}

/** Constructors and start hooks of classes that a container makes at boot. */
function fromClass(k: Known, spot: Spot): readonly Run[] {
  const index = functionAt(k.names, spot)?.owner;
  const cls = index === undefined ? undefined : k.names.model.get(spot.file)?.summary.classes[index];
  const member = cls?.members.find((m) => m.fn === spot.fn);
  if (!cls || !member || index === undefined) return [];
  const made = cls.decorators.some((d) => nestDecorators.test(verbOf(d.k === 'call' ? d.callee : d)));
  const starts = member.kind === 'constructor' || nestHooks.test(member.name);
  if (made && starts) return [whenOf(k, { file: spot.file, fn: 0 })];
  if (member.kind === 'get') return askings(k, spot, member.name);
  return member.kind === 'constructor' ? instances(k, spot, index) : [];
}

/** Places that read a getter: members of its name, in its own file and in those that import it. */
function askings(k: Known, spot: Spot, name: string): readonly Run[] {
  return usersOf(k, spot.file).flatMap((file) => {
    const summary = k.names.model.get(file)?.summary;
    const found = new Map<number, number>();
    if (summary)
      walkFile(summary, (expr, fn) => {
        const asks =
          (expr.k === 'ref' && expr.path.split('.').slice(1).includes(name)) ||
          (expr.k === 'member' && expr.name === name);
        if (asks && !found.has(fn) && !(file === spot.file && fn === spot.fn)) found.set(fn, lineOf(expr.at));
      });
    return [...found].map(([fn, line]) => after(k, spot, { file, fn }, line));
  });
}

/** `new X()` of the class, or of one that takes its constructor from it. */
function instances(k: Known, spot: Spot, index: number): readonly Run[] {
  return callSites(k, spot, 'called', (at, call) => {
    if (!call.new) return false;
    const found = k.names.resolve(at, call.callee);
    if (found?.k !== 'class') return false;
    return (
      (found.file === spot.file && found.cls === index) ||
      same(methodOf(k.names, found.file, found.cls, 'constructor'), spot)
    );
  });
}

const same = (a: Spot | undefined, b: Spot): boolean => a?.file === b.file && a.fn === b.fn;

function fromCalls(k: Known, spot: Spot): readonly Run[] {
  const name = functionAt(k.names, spot)?.name ?? '';
  if (!name) return [];
  const direct = callSites(k, spot, 'called', (at, call) => same(functionCalled(k.names, at, call), spot));
  const handed = callSites(k, spot, 'handed', (at, call) => isHanded(k, at, call, spot));
  return [...direct, ...handed];
}

/** The function is handed over by name: `load: [config]`, `validate`, `app.use(check)`. */
const isHanded = (k: Known, at: Spot, call: Call, spot: Spot): boolean =>
  handedIn(call).some((arg) => standsFor(k, at, arg, spot));

function standsFor(k: Known, at: Spot, arg: Expr, spot: Spot): boolean {
  if (arg.k !== 'ref') return false;
  const found = k.names.resolve(at, arg);
  return found?.k === 'function' && found.rest === '' && same(found, spot);
}

const handedIn = (call: Call): readonly Ref[] =>
  call.args
    .flatMap((arg) => (arg.k === 'obj' ? arg.props.map((p) => p.value) : arg.k === 'arr' ? arg.items : [arg]))
    .flatMap((arg) => (arg.k === 'ref' ? [arg] : []));

type Ref = Extract<Expr, { k: 'ref' }>;
type Matches = (at: Spot, call: Call) => boolean;

/** The calls in live code that match, with when they run. */
function callSites(k: Known, spot: Spot, by: keyof Index, matches: Matches): readonly Run[] {
  return usersOf(k, spot.file).flatMap((file) => {
    const index = indexOf(k, file)[by];
    const sites = new Set([...calledIn(k, file, spot)].flatMap((name) => index.get(name) ?? []));
    return [...sites].flatMap((site) => {
      const at = { file, fn: site.fn };
      if (!matches(at, site.expr)) return [];
      if (by === 'called') return [after(k, spot, at, lineOf(site.expr.at))];
      return givenAs(site.expr, (arg) => standsFor(k, at, arg, spot)).map((given) =>
        passed(k, spot, at, site.expr, given),
      );
    });
  });
}

/** The calls of a file by what they call, and by what they hand over. */
interface Index {
  readonly called: ReadonlyMap<string, readonly CallSite[]>;
  readonly handed: ReadonlyMap<string, readonly CallSite[]>;
}

function indexOf(k: Known, file: string): Index {
  const found = k.indices.get(file);
  if (found) return found;
  const { calls } = k.sites.of(file);
  const pairs = calls.flatMap((site) =>
    handedIn(site.expr).map((arg) => [arg.path.slice(arg.path.lastIndexOf('.') + 1), site] as const),
  );
  const handed = new Map(
    [...groupBy(pairs, ([name]) => name)].map(([name, group]) => [name, group.map(([, site]) => site)]),
  );
  const index: Index = { called: groupBy(calls, (site) => site.name), handed };
  k.indices.set(file, index);
  return index;
}

/** A constructor is called by the name of its class. */
function nameOf(k: Known, spot: Spot): string {
  const func = functionAt(k.names, spot);
  const cls = func?.owner === undefined ? undefined : k.names.model.get(spot.file)?.summary.classes[func.owner];
  const constructs = cls?.members.some((m) => m.kind === 'constructor' && m.fn === spot.fn) ?? false;
  return (constructs ? cls?.name : func?.name) ?? '';
}

/** What the function may be called in a file: its own name, or the one it is imported by. */
function calledIn(k: Known, file: string, spot: Spot): ReadonlySet<string> {
  const name = nameOf(k, spot);
  const imports = k.names.model.get(file)?.head.imports ?? [];
  const renamed = imports.flatMap((i) =>
    i.names.flatMap((n) => (n.imported === 'default' || n.imported === name ? [n.local] : [])),
  );
  return new Set([name, ...renamed]);
}

/** The live files that could call what a file exports: itself, and those that import it, also through files that pass its exports on. */
function usersOf(k: Known, file: string): readonly string[] {
  const found = k.users.get(file);
  if (found) return found;
  const live = [...new Set([file, ...k.usersOf(file)])].filter((f) => k.live.has(f) || k.loaded.has(f)).toSorted();
  k.users.set(file, live);
  return live;
}
