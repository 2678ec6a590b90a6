import type { EnvCheck, EnvironmentCode, EnvRead, EnvWrite, Failure } from '../../facts/environment.ts';
import type { Expr } from '../../code/summary.ts';
import type { CodeModel } from '../../code/model.ts';
import { propOf, walkFile } from '../../code/walk.ts';
import type { Place } from '../../model/place.ts';
import { callFacts, namedRead, type Readers } from './by-name.ts';
import { functionAt, functionCalled, passedFunctions } from './calls.ts';
import { checksOf } from './checks.ts';
import { keysOf } from './keys.ts';
import { listOf } from './lists.ts';
import { namesOf, type Spot } from './names.ts';
import { envObjects, type EnvObjects } from './objects.ts';
import { directReads, writesOf, type FileFacts } from './reads.ts';
import { sightings } from './sightings.ts';
import { verbOf } from './techniques.ts';
import { spotKey, wrappedRead, wrapperOf, type ParamRead, type Wrapper } from './wrappers.ts';

const libraries =
  /^(?:@nestjs\/config|env-var|envalid|envsafe|znv|env-schema|@fastify\/env|dotenv-safe|convict|@t3-oss\/env-.*|class-validator)$/;
/** Reads everything about the environment from the code, files that `skip` names apart. */
export function collectEnvironment(model: CodeModel, skip: (file: string) => boolean): EnvironmentCode {
  const names = namesOf(model);
  const objects = envObjects(names);
  const files = candidates(model, skip);
  markParameters(objects, files);
  const all: readonly FileFacts[] = files.map((file) => ({
    file,
    seen: sightings(objects, file, (call) => call.args.length > 0),
    passed: passedFunctions(names, file),
  }));
  return gather(objects, all);
}

function gather(objects: EnvObjects, all: readonly FileFacts[]): EnvironmentCode {
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
  const wrappers = findWrappers(objects, all);
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
  return { reads: unique(reads), writes, checks, keys };
}

/** A schema that two checks share gives its fields once. */
function unique(reads: readonly EnvRead[]): readonly EnvRead[] {
  const seen = new Set<string>();
  return reads.filter((r) => {
    const key = `${r.name} ${r.via} ${r.at.file} ${r.at.line ?? 0} ${r.at.column ?? 0} ${r.fallback.kind} ${r.use}`;
    return !seen.has(key) && !!seen.add(key);
  });
}

/** Files that speak of the environment, those that import from them, and those with a library for it. */
function candidates(model: CodeModel, skip: (file: string) => boolean): readonly string[] {
  const direct = new Set(model.files.filter((file) => !skip(file) && speaks(model, file)));
  const wanted = new Set(direct);
  const queue = [...direct];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const importer of model.importersOf(at)) {
      if (wanted.has(importer) || skip(importer)) continue;
      wanted.add(importer);
      if (passesOn(model, importer, at)) queue.push(importer);
    }
  }
  return model.files.filter((file) => wanted.has(file));
}

function speaks(model: CodeModel, path: string): boolean {
  const head = model.get(path)?.head;
  if (!head) return false;
  return head.namesEnvironment || head.imports.some((i) => !i.typeOnly && libraries.test(i.from));
}

/** Re-exports: who imports this file gets what that file exports. */
const passesOn = (model: CodeModel, file: string, from: string): boolean =>
  model.get(file)?.head.exports.some((e) => {
    if (e.from === undefined) return false;
    const target = model.get(file)?.resolve(e.from);
    return target?.kind === 'file' && target.path === from;
  }) ?? false;

/** Parameters that are given the environment as a whole: by a caller, or by a framework that checks through them. */
function markParameters(objects: EnvObjects, files: readonly string[]): void {
  for (let round = 0; round < 2; round += 1) {
    for (const file of files) {
      const summary = objects.names.model.get(file)?.summary;
      if (!summary) continue;
      walkFile(summary, (expr, fn) => {
        if (expr.k !== 'call' || expr.args.length === 0) return;
        const spot = { file, fn };
        expr.args.forEach((arg, index) => {
          if (!mayBeEnvironment(arg) || objects.pathOf(spot, arg)?.path !== '') return;
          const called = functionCalled(objects.names, spot, expr);
          if (called) objects.mark(called.file, called.fn, index);
        });
        const validate = /^forRoot(?:Async)?$/.test(verbOf(expr.callee)) ? propOf(expr.args[0], 'validate') : undefined;
        const found = validate && objects.names.resolve(spot, validate);
        if (found?.k === 'function') objects.mark(found.file, found.fn, 0);
      });
    }
  }
}

/** Cheap, before names are followed. */
const mayBeEnvironment = (arg: Expr): boolean =>
  (arg.k === 'ref' && /env/i.test(arg.path)) || (arg.k === 'obj' && arg.props.some((p) => p.key === '...'));

/** Functions that read a variable by a parameter, and those that pass a parameter of theirs to one. */
function findWrappers(objects: EnvObjects, all: readonly FileFacts[]): ReadonlyMap<string, Wrapper> {
  const found = new Map<string, Wrapper>();
  const add = (read: ParamRead): boolean => {
    const wrapper = found.has(spotKey(read)) ? undefined : wrapperOf(objects, read);
    if (wrapper) found.set(spotKey(read), wrapper);
    return wrapper !== undefined;
  };
  for (const { file, seen, passed } of all) {
    for (const key of seen.keys) {
      const list = listOf(objects.names, passed, { file, fn: key.fn }, key.key);
      if (list?.param !== undefined) add({ file, fn: list.host, index: list.param, operands: key.operands });
    }
  }
  for (let grown = found.size > 0, round = 0; grown && round < 3; round += 1) {
    grown = false;
    for (const { file, seen } of all) {
      for (const call of seen.calls) {
        const read = call.call.args.some((a) => a.k === 'ref')
          ? wrappedRead(objects, found, { file, fn: call.fn }, call.call)
          : undefined;
        if (read?.passes !== undefined)
          grown =
            add({ file, fn: call.fn, index: read.passes, operands: [...read.operands, ...call.operands] }) || grown;
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
