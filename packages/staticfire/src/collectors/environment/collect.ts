import type { EnvCheck, EnvironmentCode, EnvRead, EnvWrite, Failure } from '../../facts/environment.ts';
import type { Export, Expr } from '../../code/summary.ts';
import type { CodeModel } from '../../code/model.ts';
import { propOf, walkFile } from '../../code/walk.ts';
import type { Place } from '../../model/place.ts';
import { callFacts, namedRead, type Readers } from './by-name.ts';
import { functionAt, functionCalled, passedFunctions } from './calls.ts';
import { askedByParameter } from './config-service.ts';
import { checksOf } from './checks.ts';
import { keysOf } from './keys.ts';
import { refuses } from './leaving.ts';
import { listOf } from './lists.ts';
import { namesOf, type Spot } from './names.ts';
import { envObjects, type EnvObjects } from './objects.ts';
import { directReads, writesOf, type FileFacts } from './reads.ts';
import { sightings, type CallSeen } from './sightings.ts';
import { envLibrary, packageReader, verbOf } from './techniques.ts';
import { usersByFile, usersIn, type Given } from './users.ts';
import { spotKey, wrappedRead, wrapperOf, type ParamRead, type Wrapper } from './wrappers.ts';

/**
 * Reads everything about the environment from the code: from files that name it, those that `skip` names apart,
 * and from `live` files that get it from them.
 */
export function collectEnvironment(
  model: CodeModel,
  skip: (file: string) => boolean,
  live: (file: string) => boolean,
): EnvironmentCode {
  const names = namesOf(model);
  const objects = envObjects(names);
  const users = usersIn(model);
  const first = model.files.filter((file) => !skip(file) && speaks(model, file));
  const marked = markParameters(objects, first).filter((file) => !skip(file));
  const seen = new Map<string, FileFacts>();
  let next: readonly string[] = [...new Set([...first, ...marked])];
  let wrappers = new Map<string, Wrapper>();
  for (let round = 0; next.length > 0 && round < 4; round += 1) {
    for (const file of next) seen.set(file, factsOf(objects, file));
    wrappers = findWrappers(objects, [...seen.values()]);
    const given = givenBy(objects, [...seen.values()], wrappers);
    next = users(given).filter((file) => !seen.has(file) && live(file));
  }
  const all = [...seen.values()].toSorted((a, b) => (a.file < b.file ? -1 : 1));
  return {
    ...gather(objects, all, wrappers),
    names,
    refuses: (spot) => refuses(objects, spot) !== undefined,
    usersOf: usersByFile(model, users),
  };
}

const factsOf = (objects: EnvObjects, file: string): FileFacts => ({
  file,
  seen: sightings(objects, file, (call) => call.args.length > 0 || /^as[A-Z]/.test(verbOf(call.callee))),
  passed: passedFunctions(objects.names, file),
});

/** What others can read the environment by: exported functions, lists and objects. */
function givenBy(objects: EnvObjects, all: readonly FileFacts[], wrappers: ReadonlyMap<string, Wrapper>): Given {
  const wrap = new Set([...wrappers.values()].map((w) => w.file));
  return new Map(
    all.map((facts) => {
      const whole = wrap.has(facts.file) || takesLists(objects, facts);
      return [facts.file, namesGiven(objects, facts.file, whole)] as const;
    }),
  );
}

/** Some function of the file runs over the names that its callers give. */
const takesLists = (objects: EnvObjects, facts: FileFacts): boolean =>
  facts.seen.keys.some(
    (key) => listOf(objects.names, facts.passed, { file: facts.file, fn: key.fn }, key.key)?.given === true,
  );

/** The exports that give the environment; with `whole`, every export, as any may hold the function. */
function namesGiven(objects: EnvObjects, file: string, whole: boolean): ReadonlySet<string> {
  const exports = objects.names.model.get(file)?.summary.exports ?? [];
  const given = exports.filter(
    (e) => !e.typeOnly && e.from === undefined && (whole || givesEnvironment(objects, file, e)),
  );
  return new Set(given.map((e) => e.name));
}

/** An exported value that is the environment or what a schema returned, or a function that gives it. */
function givesEnvironment(objects: EnvObjects, file: string, exported: Export): boolean {
  const value: Expr = exported.value ?? { k: 'ref', path: exported.local ?? exported.name, at: exported.at };
  const found = objects.names.resolve({ file, fn: 0 }, value);
  if (found?.k === 'function') return objects.gives({ file: found.file, fn: found.fn });
  return objects.pathOf({ file, fn: 0 }, value)?.path === '';
}

type Gathered = Pick<EnvironmentCode, 'reads' | 'writes' | 'checks' | 'keys'>;

function gather(objects: EnvObjects, all: readonly FileFacts[], wrappers: ReadonlyMap<string, Wrapper>): Gathered {
  const reads: EnvRead[] = [];
  const writes: EnvWrite[] = [];
  const checks: EnvCheck[] = [];
  const given = new Map<string, Failure>();
  for (const facts of all) {
    const written = writesOf(objects, facts);
    const checked = checksOf(objects, facts, written);
    for (const one of checked.given) given.set(spotKey(one), one.failure);
    reads.push(...directReads(objects, facts), ...checked.reads);
    writes.push(...written);
    checks.push(...checked.checks);
  }
  const readers: Readers = {
    wrappers,
    given,
    called: calledAs(objects, all, [...wrappers.values(), ...spotsOf(given)]),
  };
  const keys = new Map<string, Place>();
  for (const { file, seen } of all) {
    const found = callFacts(objects, readers, file, seen.calls, writes);
    reads.push(...found.reads);
    checks.push(...found.checks);
    for (const [name, at] of keysOf(
      objects,
      file,
      seen.calls,
      (spot, call) => namedRead(objects, readers, spot, call)?.name,
    ))
      if (!keys.has(name)) keys.set(name, at);
  }
  return {
    reads: unique(reads),
    writes,
    checks,
    keys,
  };
}

/** A schema that two checks share gives its fields once. */
function unique(reads: readonly EnvRead[]): readonly EnvRead[] {
  const seen = new Set<string>();
  return reads.filter((r) => {
    const key = `${r.name} ${r.via} ${r.at.file} ${r.at.line ?? 0} ${r.at.column ?? 0} ${r.fallback.kind} ${r.use}`;
    return !seen.has(key) && !!seen.add(key);
  });
}

function speaks(model: CodeModel, path: string): boolean {
  const head = model.get(path)?.head;
  if (!head) return false;
  return (
    head.namesEnvironment ||
    head.imports.some(
      (i) => !i.typeOnly && (envLibrary.test(i.from) || i.names.some((name) => packageReader.test(name.imported))),
    )
  );
}

/** Marks parameters that are given the environment as a whole, by a caller or by a framework that checks through them; says in which files. */
function markParameters(objects: EnvObjects, files: readonly string[]): readonly string[] {
  const marked: string[] = [];
  for (let round = 0, before = -1; round < 3 && marked.length > before; round += 1) {
    before = marked.length;
    for (const file of new Set([...files, ...marked])) {
      const summary = objects.names.model.get(file)?.summary;
      if (!summary) continue;
      walkFile(summary, (expr, fn) => {
        if (expr.k !== 'call' || expr.args.length === 0) return;
        for (const [spot, index] of givenTo(objects, { file, fn }, expr))
          if (objects.mark(spot.file, spot.fn, index)) marked.push(spot.file);
      });
    }
  }
  return marked;
}

/** The parameters that a call fills with the environment. */
function givenTo(
  objects: EnvObjects,
  spot: Spot,
  call: Extract<Expr, { k: 'call' }>,
): readonly (readonly [Spot, number])[] {
  const given = call.args.flatMap((arg, index): (readonly [Spot, number])[] => {
    if (!mayBeEnvironment(arg) || objects.pathOf(spot, arg)?.path !== '') return [];
    const called = functionCalled(objects.names, spot, call);
    return called ? [[called, index]] : [];
  });
  const validate = /^forRoot(?:Async)?$/.test(verbOf(call.callee)) ? propOf(call.args[0], 'validate') : undefined;
  const found = validate && objects.names.resolve(spot, validate);
  return found?.k === 'function' ? [...given, [{ file: found.file, fn: found.fn }, 0]] : given;
}

/** Cheap, before names are followed. */
const mayBeEnvironment = (arg: Expr): boolean =>
  (arg.k === 'ref' && /env/i.test(arg.path)) || (arg.k === 'obj' && arg.props.some((p) => p.key === '...'));

/** Functions that read a variable by a parameter, and those that pass a parameter of theirs to one. */
function findWrappers(objects: EnvObjects, all: readonly FileFacts[]): Map<string, Wrapper> {
  const found = new Map<string, Wrapper>();
  let called: ReadonlySet<string> | undefined;
  const mayCall = ({ call }: CallSeen): boolean => {
    called ??= calledAs(objects, all, [...found.values()]);
    return called.has(verbOf(call.callee)) && call.args.some((a) => a.k === 'ref');
  };
  const add = (read: ParamRead): boolean => {
    const wrapper = found.has(spotKey(read)) ? undefined : wrapperOf(objects, read);
    if (!wrapper) return false;
    found.set(spotKey(read), wrapper);
    called = undefined;
    return true;
  };
  for (const { file, seen, passed } of all) {
    for (const key of seen.keys) {
      const list = listOf(objects.names, passed, { file, fn: key.fn }, key.key);
      if (list?.param !== undefined)
        add({ file, fn: list.host, index: list.param, operands: key.operands, checked: key.checked });
    }
    for (const call of seen.calls) {
      const key = askedByParameter(objects.names, { file, fn: call.fn }, call.call);
      const list = key && listOf(objects.names, passed, { file, fn: call.fn }, key);
      if (list?.param !== undefined)
        add({
          file,
          fn: list.host,
          index: list.param,
          operands: call.operands,
          checked: false,
          throws: verbOf(call.call.callee) === 'getOrThrow',
        });
    }
  }
  for (let grown = found.size > 0, round = 0; grown && round < 3; round += 1) {
    grown = false;
    for (const { file, seen } of all) {
      for (const call of seen.calls) {
        const read = mayCall(call) ? wrappedRead(objects, found, { file, fn: call.fn }, call.call) : undefined;
        if (read?.passes !== undefined)
          grown =
            add({
              file,
              fn: call.fn,
              index: read.passes,
              operands: [...read.operands, ...call.operands],
              checked: read.wrapper.checked,
              throws: read.wrapper.throws && read.operands.length === 0,
            }) || grown;
      }
    }
  }
  return found;
}

const spotsOf = (keys: ReadonlyMap<string, unknown>): readonly Spot[] =>
  [...keys.keys()].map((key) => ({ file: key.split('\0')[0] ?? '', fn: Number(key.split('\0')[1]) }));

/** The names under which functions may be called: their own, and those they are imported by. */
function calledAs(objects: EnvObjects, all: readonly FileFacts[], spots: readonly Spot[]): ReadonlySet<string> {
  const own = new Set(spots.map((spot) => functionAt(objects.names, spot)?.name ?? ''));
  const names = new Set(own);
  for (const { file } of all) {
    for (const imported of objects.names.model.get(file)?.head.imports ?? []) {
      for (const name of imported.names)
        if (name.imported === 'default' || own.has(name.imported)) names.add(name.local);
    }
  }
  return names;
}
