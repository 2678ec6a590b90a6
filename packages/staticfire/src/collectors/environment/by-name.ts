import type { EnvCheck, EnvRead, EnvWrite, Failure } from '../../facts/environment.ts';
import type { Expr } from '../../code/summary.ts';
import { functionCalled } from './calls.ts';
import { isConfigService } from './config-service.ts';
import { finished } from './checks.ts';
import { groupBy } from './group.ts';
import { namesIn } from './lists.ts';
import type { Spot } from './names.ts';
import type { EnvObjects } from './objects.ts';
import { readOf } from './reads.ts';
import type { CallSeen } from './sightings.ts';
import { packageBehind, packageReader, receiverOf, verbOf } from './techniques.ts';
import { spotKey, wrappedRead, type Wrappers } from './wrappers.ts';

type Call = Extract<Expr, { k: 'call' }>;

/** A variable named in a call: `config.get('X', 'y')`, `requireEnv('X')`, `env.get('X').required()`. */
interface Named {
  readonly name: string;
  readonly operands: readonly Expr[];
  readonly throws: boolean;
  readonly via: EnvRead['via'];
  /** It may do well without the variable. */
  readonly asks?: true;
}

export interface CallFacts {
  readonly reads: readonly EnvRead[];
  readonly checks: readonly EnvCheck[];
}

export interface Readers {
  readonly wrappers: Wrappers;
  /** Functions that check the names they are given. */
  readonly given: ReadonlyMap<string, Failure>;
  /** The names under which these may be called: a cheap question before the costly one. */
  readonly called: ReadonlySet<string>;
}

const variable = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$|^[a-z]+(?:_[a-z0-9]+)+$/;

export function namedRead(objects: EnvObjects, readers: Readers, spot: Spot, call: Call): Named | undefined {
  return (
    fromDeno(call) ??
    configService(objects, spot, call) ??
    envVar(objects, spot, call) ??
    wrapped(objects, readers, spot, call) ??
    fromPackage(objects, spot, call)
  );
}

/** `getEnv('X')` of a package: what it does without the variable is known only where its name says it. */
function fromPackage(objects: EnvObjects, spot: Spot, call: Call): Named | undefined {
  const [first, ...rest] = call.args;
  const verb = verbOf(call.callee);
  if (!packageReader.test(verb) || first?.k !== 'str' || !/^[A-Z][A-Z0-9_]+$/.test(first.v)) return undefined;
  if (objects.names.resolve(spot, call.callee)?.k !== 'package') return undefined;
  const throws = /^(?:assert|require|must|expect|ensure)|OrThrow$|Required/.test(verb);
  return { name: first.v, operands: rest.slice(0, 1), throws, via: 'wrapper', ...(throws ? {} : { asks: true }) };
}

/** `Deno.env.get('X')`. */
function fromDeno({ callee, args: [first] }: Call): Named | undefined {
  const asks = callee.k === 'ref' && callee.path === 'Deno.env.get' && first?.k === 'str';
  return asks ? { name: first.v, operands: [], throws: false, via: 'direct' } : undefined;
}

function wrapped(objects: EnvObjects, { wrappers, called }: Readers, spot: Spot, call: Call): Named | undefined {
  if (!called.has(verbOf(call.callee))) return undefined;
  const read = wrappedRead(objects, wrappers, spot, call);
  if (!read?.name) return undefined;
  return {
    name: read.name,
    operands: read.operands,
    throws: read.wrapper.throws,
    via: read.wrapper.checked ? 'checked' : 'wrapper',
  };
}

function configService(objects: EnvObjects, spot: Spot, call: Call): Named | undefined {
  const verb = verbOf(call.callee);
  const [first, second] = call.args;
  if (
    !/^(?:get|getOrThrow)$/.test(verb) ||
    first?.k !== 'str' ||
    !variable.test(first.v) ||
    !isConfigService(objects.names, spot, call)
  )
    return undefined;
  const operands = second && second.k !== 'obj' ? [second] : [];
  return { name: first.v, operands, throws: verb === 'getOrThrow', via: 'config-service' };
}

/** The env-var package: what stands around `get('X')` decides. */
function envVar(objects: EnvObjects, spot: Spot, call: Call): Named | undefined {
  if (!/^as[A-Z]/.test(verbOf(call.callee)) || packageBehind(objects.names, spot, call) !== 'env-var') return undefined;
  let name = '';
  let required = false;
  let fallback: Expr | undefined;
  for (let at: Expr | undefined = call; at?.k === 'call'; at = receiverOf(at.callee)) {
    const verb = verbOf(at.callee);
    if (verb === 'get' && at.args[0]?.k === 'str') name = at.args[0].v;
    if (verb === 'required') required = at.args[0]?.k !== 'bool' || at.args[0].v;
    if (verb === 'default') fallback = at.args[0];
  }
  return name ? { name, operands: fallback ? [fallback] : [], throws: required, via: 'wrapper' } : undefined;
}

/** What the calls of a file read and check by name. */
export function callFacts(
  objects: EnvObjects,
  readers: Readers,
  file: string,
  calls: readonly CallSeen[],
  writes: readonly EnvWrite[],
): CallFacts {
  const reads: EnvRead[] = [];
  const checks: EnvCheck[] = [];
  for (const seen of calls) {
    const spot = { file, fn: seen.fn };
    const named = namedRead(objects, readers, spot, seen.call);
    if (named) {
      const operands = [...named.operands, ...seen.operands];
      const use = named.asks ? 'test' : seen.use;
      reads.push(readOf(objects, file, { ...seen, ...named, use, operands, throws: named.throws }));
      if (named.throws && operands.length === 0)
        checks.push(single(objects, file, seen, [named.name], seen.caught ? 'warns' : 'throws', writes));
    }
    const called = readers.called.has(verbOf(seen.call.callee))
      ? functionCalled(objects.names, spot, seen.call)
      : undefined;
    const failure = called && readers.given.get(spotKey(called));
    const names = failure ? namesIn(objects.names, spot, seen.call.args) : [];
    if (failure && names.length > 0)
      checks.push(single(objects, file, seen, names, seen.caught ? 'warns' : failure, writes));
  }
  return { reads, checks: together(checks) };
}

function single(
  objects: EnvObjects,
  file: string,
  seen: CallSeen,
  names: readonly string[],
  failure: Failure,
  writes: readonly EnvWrite[],
): EnvCheck {
  const fields = names.map((name) => ({ name, required: true }));
  return finished(
    objects,
    { file },
    {
      technique: 'a hand-written check',
      style: names.length > 1 ? 'list' : 'single',
      fn: seen.fn,
      at: seen.at,
      fields,
      complete: true,
      failure,
      guards: seen.guards,
    },
    writes,
  );
}

/** Calls for one variable each in the same function make one check. */
function together(checks: readonly EnvCheck[]): readonly EnvCheck[] {
  const groups = groupBy(checks, (c) => `${c.fn} ${c.failure} ${c.production}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const required = [...new Set(group.flatMap((c) => c.required))];
    return first ? [{ ...first, required, style: required.length >= 3 ? ('list' as const) : first.style }] : [];
  });
}
