import { setByPlatform } from '../../facts/environment-names.ts';
import type { EnvRead, EnvWrite, Fallback } from '../../facts/environment.ts';
import type { Expr, Position } from '../../code/summary.ts';
import { walkExpr } from '../../code/walk.ts';
import { functionAt, type Passed } from './calls.ts';
import { fallbackOf, placeOf } from './fallbacks.ts';
import { leftOut, listOf } from './lists.ts';
import type { Spot } from './names.ts';
import type { EnvObjects } from './objects.ts';
import { missingIn, presentIn } from './presence.ts';
import { inProduction, type Guard } from './production.ts';
import type { Field } from './schemas.ts';
import type { Sightings, WriteSeen } from './sightings.ts';
import { receiverOf, verbOf } from './techniques.ts';

export interface FileFacts {
  readonly file: string;
  readonly seen: Sightings;
  readonly passed: ReadonlyMap<number, Passed>;
}

interface Raw {
  readonly name: string;
  readonly fn: number;
  readonly at: Position;
  readonly guards: readonly Guard[];
  readonly operands: readonly Expr[];
  readonly use: EnvRead['use'];
  readonly via: EnvRead['via'];
  readonly throws?: boolean;
}

const symbolOf = (objects: EnvObjects, spot: Spot): string =>
  spot.fn === 0 ? '' : (functionAt(objects.names, spot)?.name ?? '');

export function readOf(objects: EnvObjects, file: string, raw: Raw): EnvRead {
  const spot = { file, fn: raw.fn };
  const fallback = fallbackOf(objects, spot, raw.operands, raw.at);
  const none = fallback.kind === 'none' && raw.throws === true;
  return {
    name: raw.name,
    at: placeOf(file, raw.at),
    fn: raw.fn,
    symbol: symbolOf(objects, spot),
    use: raw.use,
    fallback: none ? { kind: 'throws' } : fallback,
    guarded: isGuarded(objects, raw.name, raw.guards),
    production: inProduction(objects, raw.guards),
    via: raw.via,
    alternatives: alternatives(objects, raw.name, raw.guards, fallback),
  };
}

function isGuarded(objects: EnvObjects, name: string, guards: readonly Guard[]): boolean {
  return guards.some((g) => (g.holds ? presentIn(objects, g, g.test) : missingIn(objects, g, g.test)).includes(name));
}

/** What else would do: the other names of `A ?? B`. */
function alternatives(
  objects: EnvObjects,
  name: string,
  guards: readonly Guard[],
  fallback: Fallback,
): readonly string[] {
  const after = fallback.kind === 'variable' ? fallback.names : [];
  const before = guards.flatMap((g) => (g.holds ? missingIn(objects, g, g.test) : presentIn(objects, g, g.test)));
  return [...new Set([...after, ...before])].filter((n) => n !== name && !setByPlatform(n));
}

/** The reads by name of one file. */
export function directReads(objects: EnvObjects, { file, seen }: FileFacts): readonly EnvRead[] {
  const followed = new Set(seen.reads.filter((r) => r.alias).map((r) => r.name));
  return seen.reads.flatMap((read) => {
    if (setByPlatform(read.name)) return [];
    if (read.use === 'bound' && read.operands.length === 0 && followed.has(read.name)) return [];
    if (read.use === 'test' && read.alias) return [];
    return [
      readOf(objects, file, {
        ...read,
        use: read.use === 'test' ? 'test' : 'value',
        via: read.checked ? 'checked' : 'direct',
      }),
    ];
  });
}

/** A field of a schema that has a default, or must be there. */
export function fieldRead(objects: EnvObjects, field: Field): EnvRead {
  const operands = field.fallback ? [field.fallback] : [];
  return readOf(objects, field.file, {
    name: field.name,
    fn: field.fn,
    at: field.at,
    guards: [],
    operands,
    use: field.required || valued(field) ? 'value' : 'test',
    via: 'schema',
    throws: field.required,
  });
}

/** `default: undefined` only makes a field optional. */
const valued = ({ fallback }: Field): boolean =>
  fallback !== undefined && fallback.k !== 'undefined' && fallback.k !== 'null';

/** Assignments to the environment. */
export function writesOf(objects: EnvObjects, { file, seen, passed }: FileFacts): readonly EnvWrite[] {
  return seen.writes.flatMap((write): EnvWrite[] => {
    const spot = { file, fn: write.fn };
    const names = write.name === undefined ? listedNames(objects, passed, spot, write) : [write.name];
    if (names.length > 0 && names.every(setByPlatform)) return [];
    return [
      {
        names,
        at: placeOf(file, write.at),
        fn: write.fn,
        symbol: symbolOf(objects, spot),
        value: valueKind(objects, spot, write),
        production: inProduction(objects, write.guards) && !whenSet(objects, write),
      },
    ];
  });
}

/** Written only where it is set already: a normalised value, no stand-in. */
const whenSet = (objects: EnvObjects, write: WriteSeen): boolean =>
  write.name !== undefined && isSetBefore(objects, write.name, write.guards);
const isSetBefore = (objects: EnvObjects, name: string, guards: readonly Guard[]): boolean =>
  guards.some((g) => g.holds && presentIn(objects, g, g.test).includes(name));

function listedNames(
  objects: EnvObjects,
  passed: ReadonlyMap<number, Passed>,
  spot: Spot,
  write: WriteSeen,
): readonly string[] {
  if (!write.key || !asksForKey(write.key, write.guards)) return [];
  const out = leftOut(objects.names, write.key, write.guards);
  return (listOf(objects.names, passed, spot, write.key)?.names ?? []).filter((name) => !out.has(name));
}

/** `if (!env[key]) env[key] = …`: the value is put where one is missing. */
function asksForKey(key: Expr, guards: readonly Guard[]): boolean {
  const path = key.k === 'ref' ? key.path : '';
  return guards.some((g) => {
    const test =
      g.holds && g.test.k === 'unary' && g.test.op === '!'
        ? g.test.of
        : g.holds && g.test.k === 'bin'
          ? g.test.l
          : undefined;
    return test?.k === 'index' && test.by.k === 'ref' && test.by.path === path;
  });
}

/** What is written: a call of the repository that hashes is derived, whatever it is called. */
function valueKind(objects: EnvObjects, spot: Spot, write: WriteSeen): Fallback['kind'] {
  const settled = write.value.k === 'ref' ? objects.names.resolve(spot, write.value) : undefined;
  const value = settled?.k === 'expr' && settled.rest === '' ? settled.expr : write.value;
  const kind = fallbackOf(objects, spot, [value], write.at).kind;
  if (kind !== 'other' || value.k !== 'call') return kind;
  const callee = objects.names.resolve(spot, value.callee);
  return callee?.k === 'function' && hashes(objects, callee) ? 'derived' : kind;
}

function hashes(objects: EnvObjects, spot: Spot): boolean {
  const body = functionAt(objects.names, spot)?.body ?? [];
  let found = false;
  for (const stmt of body) {
    if (stmt.k !== 'let' || !stmt.init) continue;
    walkExpr(stmt.init, (e) => {
      if (
        e.k === 'call' &&
        /^(?:createHash|hash|sha256|digest)$/.test(verbOf(e.callee) || verbOf(receiverOf(e.callee) ?? e.callee))
      )
        found = true;
    });
  }
  return found;
}
