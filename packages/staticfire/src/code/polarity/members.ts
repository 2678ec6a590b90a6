import type { Expr } from '../summary.ts';
import { inline } from './inline.ts';
import { evaluate } from './evaluate.ts';
import type { Run } from './run.ts';
import { isStoredName, readSetting, readStored } from './settings.ts';
import { schemaSetting } from './schema.ts';
import {
  anything,
  asCredential,
  constant,
  input,
  markMissing,
  nothing,
  optionalInput,
  present,
  union,
  type Atom,
  type Frame,
  type Value,
} from './values.ts';

/** What a dotted path stands for in a frame. */
export function resolvePath(run: Run, frame: Frame, path: string): Value {
  const narrowed = narrowedPath(frame, path);
  if (narrowed) return narrowed;
  const dot = path.indexOf('.');
  const head = dot === -1 ? path : path.slice(0, dot);
  const rest = dot === -1 ? '' : path.slice(dot + 1);
  if (head === 'process' || head === 'Bun') return environment(run, rest, 'env');
  if (head === 'import') return environment(run, rest, 'meta.env');
  if (head === 'this') return thisMember(run, frame, rest);
  return variable(run, frame, head, rest) ?? (browserOnly.test(head) ? [nothing] : anything);
}

/** Globals that servers do not have. */
const browserOnly = /^(?:window|document|localStorage|sessionStorage|navigator)$/;

function narrowedPath(frame: Frame | undefined, path: string): Value | undefined {
  return frame && (frame.vars.get(path) ?? narrowedPath(frame.outer, path));
}

function environment(run: Run, rest: string, name: string): Value {
  if (rest === name) return [{ k: 'settings' }];
  return rest.startsWith(`${name}.`) ? memberPath(run, [{ k: 'settings' }], rest.slice(name.length + 1)) : anything;
}

function variable(run: Run, frame: Frame, head: string, rest: string): Value | undefined {
  for (let at: Frame | undefined = frame; at; at = at.outer) {
    const value = at.vars.get(head);
    if (value) return memberPath(run, value, rest);
  }
  const named = run.names.lookup(frame.file, frame.fn, head);
  if (!named) return undefined;
  if ('namespace' in named) return namespaced(run, named.namespace, rest) ?? anything;
  return memberPath(run, namedValue(run, named) ?? anything, rest);
}

function namespaced(run: Run, file: string, path: string): Value | undefined {
  const dot = path.indexOf('.');
  const named = run.names.exported(file, dot === -1 ? path : path.slice(0, dot));
  const value = named && namedValue(run, named);
  return value && memberPath(run, value, dot === -1 ? '' : path.slice(dot + 1));
}

const frameOf = (file: string, fn: number): Frame => ({ file, fn, vars: new Map(), exits: [] });

function namedValue(run: Run, named: NonNullable<ReturnType<Run['names']['lookup']>>): Value | undefined {
  if ('package' in named || 'namespace' in named) return undefined;
  if ('value' in named) return outside(run, named.file, 0, named.value);
  const { binding, file } = named;
  if (binding.k === 'function')
    return [
      {
        k: 'function',
        fn: binding.fn,
        frame: frameOf(file, run.model.get(file)?.summary.functions[binding.fn]?.parent ?? 0),
      },
    ];
  if (binding.k !== 'value' || !binding.init) return undefined;
  const value = outside(run, file, binding.fn, binding.init);
  return binding.path ? memberPath(run, value, binding.path) : value;
}

/** The value of an expression that stands outside the functions being followed. */
function outside(run: Run, file: string, fn: number, expr: Expr): Value {
  const known = run.outside.get(expr);
  if (known) return known;
  run.outside.set(expr, anything);
  const { site } = run;
  run.site = { file, fn, line: 'at' in expr ? Math.floor(expr.at / 1024) : site.line };
  const value = evaluate(run, frameOf(file, fn), expr);
  run.site = site;
  run.outside.set(expr, value);
  return value;
}

/** `this.x`: a property's initial value, what the constructor or another method sets, or a getter. */
function thisMember(run: Run, frame: Frame, rest: string): Value {
  if (rest === '') return present;
  const [name = '', ...more] = rest.split('.');
  const found = ownMember(run, frame, name);
  return found ? memberPath(run, found, more.join('.')) : anything;
}

function ownMember(run: Run, frame: Frame, name: string): Value | undefined {
  const summary = run.model.get(frame.file)?.summary;
  let fn = frame.fn;
  while (fn > 0 && summary?.functions[fn]?.owner === undefined) fn = summary?.functions[fn]?.parent ?? -1;
  const cls = summary?.functions[fn]?.owner;
  return cls === undefined ? undefined : classMember(run, frame.file, cls, name);
}

function classMember(run: Run, file: string, index: number, name: string): Value | undefined {
  const cls = run.model.get(file)?.summary.classes[index];
  const member = cls?.members.find((m) => m.name === name);
  if (!cls) return undefined;
  if (member?.kind === 'get' && member.fn !== undefined) return inline(run, { file, fn: member.fn }, []);
  if (member?.fn !== undefined) return [{ k: 'function', fn: member.fn, frame: frameOf(file, cls.parent) }];
  let value: Value = member?.value ? outside(run, file, cls.parent, member.value) : [];
  for (const set of run.names.setters(file, cls).get(name) ?? [])
    value = union(value, outside(run, file, set.fn, set.value));
  return value.length > 0 ? value : undefined;
}

export function memberPath(run: Run, value: Value, path: string): Value {
  return path === '' ? value : path.split('.').reduce((of, name) => memberOf(run, of, name), value);
}

/** A member of each thing that a value can be. */
export function memberOf(run: Run, value: Value, name: string): Value {
  let all: Value = [];
  for (const atom of value) all = union(all, memberOfAtom(run, atom, name));
  return all;
}

function memberOfAtom(run: Run, atom: Atom, name: string): Value {
  const given = run.world?.member(run, atom, name);
  if (given) return given;
  switch (atom.k) {
    case 'const':
      if (name === 'length' && typeof atom.v === 'string') return constant(atom.v.length);
      return (atom.v ?? null) === null ? (atom.missing ? markMissing([nothing]) : [nothing]) : anything;
    case 'settings':
      return atom.schema
        ? schemaSetting(run, atom.schema, name)
        : name === 'data' || name === 'value'
          ? anything
          : readSetting(run, name);
    case 'input':
      return atom.credential || credentialNames.test(name) ? asCredential(inputMember(name)) : inputMember(name);
    case 'list':
      if (name === 'length' || name === 'size') return atom.items.length === 0 ? constant(0) : present;
      return name === '[]' || /^\d+$/.test(name) ? [...atom.items, nothing] : anything;
    case 'object':
      return atom.parts.get(name) ?? (atom.open ? anything : [nothing]);
    case 'instance':
      return classMember(run, atom.file, atom.cls, name) ?? anything;
    case 'denial':
    case 'lost':
      return [atom];
    case 'any':
      return isStoredName(name) ? readStored(run, name) : anything;
    default:
      return anything;
  }
}

/** Where credentials are sent. */
const credentialNames = /^(?:cookies?|signedCookies|authorization|x-api-key|api-key|x-auth-token|x-access-token)$/i;

/** Parts of a request that are always there; what hangs on them is the caller's. */
const always =
  /^(?:headers|query|params|nextUrl|url|method|cookies|request|req|raw|searchParams|node|socket|connection|handshake|ip|path|originalUrl|length)$/;

function inputMember(name: string): Value {
  if (name === 'length') return anything;
  if (always.test(name)) return [input];
  return name === 'user' || name === 'session' || name === 'auth' ? anything : optionalInput;
}
