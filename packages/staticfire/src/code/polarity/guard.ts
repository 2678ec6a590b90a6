import type { CodeModel } from '../model.ts';
import type { Func } from '../summary.ts';
import { lineOf } from '../summary.ts';
import { bindPattern } from './bind.ts';
import { execute, leave } from './execute.ts';
import type { Concern } from './concern.ts';
import type { Names } from './names.ts';
import { createRun, type Run } from './run.ts';
import { isSecretName, isStoredName } from './settings.ts';
import {
  constant,
  empty,
  input,
  nothing,
  optionalInput,
  Unclear,
  type Exit,
  type Frame,
  type Site,
  type Value,
} from './values.ts';

/** What a function is followed with. */
export interface Around {
  readonly model: CodeModel;
  readonly names: Names;
  /** Files from which a secret is not far. */
  readonly near: ReadonlySet<string>;
  /** What may be left unfollowed. */
  readonly concern: Concern;
}

/** A function of the repository. */
export interface Target {
  readonly file: string;
  readonly fn: number;
}

/** A guard and what it does when its own secret is missing. */
export interface Guard {
  /** The settings without which it was tried. */
  readonly settings: readonly string[];
  readonly polarity: 'closed' | 'open' | 'unclear';
  /** `secret`: it compares or verifies with one. `stored`: each record keeps its own. `mode`: it asks whether this is production. */
  readonly kind: 'secret' | 'stored' | 'mode';
  /** Where the secret is read. */
  readonly read: Site | undefined;
  /** The test that comes out otherwise. */
  readonly test: Site;
  /** What lets the caller through, for an open guard. */
  readonly passes: Site | undefined;
  /** It passes because it accepts a signature or a key that anyone can make. */
  readonly forged: boolean;
  /** The function that was followed from its beginning. */
  readonly root: Target;
}

interface Reading {
  readonly run: Run;
  readonly exits: readonly Exit[];
}

/** Follows a function twice, with its secrets and without one, and compares whom it lets through. */
export function guardsIn(around: Around, root: Target): readonly Guard[] {
  const func = around.model.get(root.file)?.summary.functions[root.fn];
  const reach = around.concern.reach(root.file, root.fn);
  if (!func || !(reach.secret || reach.mode)) return [];
  const armed = read(around, root, func, new Set());
  if (!armed) return [];
  return [...secretGuards(around, root, func, armed), ...modeGuards(around, root, func, armed)];
}

function secretGuards(around: Around, root: Target, func: Func, armed: Reading): readonly Guard[] {
  if (armed.run.refusals.length === 0 || !armed.exits.some((exit) => exit.refusals > 0)) return [];
  const reads = new Set(armed.run.reads.keys());
  const found: Guard[] = [];
  // The set grows while it is walked: without one secret, another may be asked for.
  for (const name of reads) {
    const guard =
      isSecretName(name) || isStoredName(name) ? judge(around, root, func, armed, [name], reads) : undefined;
    if (guard) found.push(guard);
  }
  const secrets = [...reads].filter((name) => isSecretName(name) && !isStoredName(name));
  if (secrets.length < 2 || found.some((guard) => guard.polarity === 'open')) return found;
  const together = judge(around, root, func, armed, secrets, reads);
  return together?.polarity === 'open' ? [together] : found;
}

function judge(
  around: Around,
  root: Target,
  func: Func,
  armed: Reading,
  settings: readonly string[],
  reads: Set<string>,
): Guard | undefined {
  const [first] = settings;
  const refused = armed.run.refusals.find((refusal) => settings.includes(refusal.of));
  const base = {
    settings,
    root,
    kind: first !== undefined && isStoredName(first) ? ('stored' as const) : ('secret' as const),
    read: first === undefined ? undefined : armed.run.reads.get(first),
    forged: false,
    passes: undefined,
  };
  try {
    const bare = read(around, root, func, new Set(settings));
    for (const name of bare?.run.reads.keys() ?? []) reads.add(name);
    const passes = bare && letsThrough(armed, bare);
    if (bare && passes)
      return {
        ...base,
        polarity: 'open',
        test: changed(armed.run, bare.run) ?? refused?.site ?? passes,
        passes,
        forged: bare.run.forged,
      };
    return bare && refused && { ...base, polarity: 'closed', test: refused.site };
  } catch (error) {
    if (!(error instanceof Unclear)) throw error;
    return refused && { ...base, polarity: 'unclear', test: refused.site };
  }
}

/** A handler that answers no one in production, but anyone where nothing says that this is production. */
function modeGuards(around: Around, root: Target, func: Func, armed: Reading): readonly Guard[] {
  const asked = armed.run.reads.get('NODE_ENV');
  if (!asked) return [];
  const shut =
    armed.exits.length > 0 && armed.exits.every((exit) => !exit.thrown && exit.denied && exit.value.length > 0);
  if (!shut && !armed.exits.some((exit) => exit.refusals > 0)) return [];
  const bare = attemptRead(around, root, func, new Set(['NODE_ENV']));
  const passes = bare && letsThrough(armed, bare, shut);
  const test = bare && changed(armed.run, bare.run);
  if (!passes || !test || test.file !== root.file || test.fn !== root.fn) return [];
  return [{ settings: ['NODE_ENV'], polarity: 'open', kind: 'mode', root, read: asked, test, passes, forged: false }];
}

function attemptRead(around: Around, root: Target, func: Func, missing: ReadonlySet<string>): Reading | undefined {
  try {
    return read(around, root, func, missing);
  } catch (error) {
    if (error instanceof Unclear) return undefined;
    throw error;
  }
}

function read(
  { model, names, near }: Around,
  root: Target,
  func: Func,
  missing: ReadonlySet<string>,
): Reading | undefined {
  const run = createRun(model, names, missing, near, { ...root, line: lineOf(func.at) });
  const frame: Frame = { ...root, vars: new Map(), exits: [] };
  for (const param of func.params)
    bindPattern(run, frame, param.pattern, callerValue(param.type, param.pattern.k !== 'name'));
  run.stack.push(`${root.file}:${root.fn}`);
  if (execute(run, frame, func.body)) leave(run, frame, func.body, [nothing], false);
  return run.budget < 0 ? undefined : { run, exits: frame.exits };
}

/** What a caller can pass, by the parameter's type: a request, or a text that may be missing. */
function callerValue(type: string | undefined, destructured: boolean): Value {
  if (destructured || !type) return [input];
  const kinds = new Set(type.split('|').map((kind) => kind.trim()));
  if (!kinds.has('string')) return [input];
  if (kinds.has('undefined')) return optionalInput;
  return kinds.has('null') ? [...constant(null), empty, input] : [empty, input];
}

type Kind = 'denial' | 'false' | 'nothing' | 'value';

function kindsOf(exit: Exit): ReadonlySet<Kind> {
  if (exit.denied) return new Set(['denial']);
  return new Set(
    exit.value.flatMap((atom): Kind[] => {
      if (atom.k === 'denial') return ['denial'];
      if (atom.k === 'any' && !atom.present) return ['value', 'false'];
      if (atom.k === 'object') return [refusing(atom.expr.props) ? 'denial' : 'value'];
      if (atom.k !== 'const') return ['value'];
      return [(atom.v ?? null) === null ? 'nothing' : atom.v === false ? 'false' : 'value'];
    }),
  );
}

/** `{ ok: false }`, `{ error }`: an answer that says no. */
const refusing = (
  props: readonly { readonly key: string; readonly value: { readonly k: string; readonly v?: unknown } }[],
): boolean =>
  props.some(
    ({ key, value }) =>
      (/^(?:ok|success|valid|isValid|authori[sz]ed|isAuthori[sz]ed|authenticated|allowed|verified)$/.test(key) &&
        value.k === 'bool' &&
        value.v === false) ||
      (/^(?:error|errors)$/.test(key) && value.k !== 'null' && value.k !== 'undefined'),
  );

/** Where the function without its secret lets the caller on, though it turns them away when the secret is set. */
function letsThrough(armed: Reading, bare: Reading, shut = false): Site | undefined {
  const refusals = armed.exits.filter((exit) => shut || exit.refusals > 0).flatMap((exit) => [...kindsOf(exit)]);
  if (refusals.every((kind) => kind === 'value')) return undefined;
  const allows = allowing(new Set(refusals));
  const seen = new Map<object, Set<Kind>>();
  for (const exit of armed.exits) seen.set(exit.by, new Set([...(seen.get(exit.by) ?? []), ...kindsOf(exit)]));
  const fresh = (exit: Exit, kind: Kind): boolean => !seen.get(exit.by)?.has(kind);
  const otherGuard = bare.exits.some((exit) => exit.denied && exit.auth && fresh(exit, 'denial'));
  if (otherGuard && !bare.run.forged) return undefined;
  const goesOn = bare.exits.find((exit) => [...kindsOf(exit)].some((kind) => allows.has(kind) && fresh(exit, kind)));
  if (goesOn) return goesOn.site;
  const gate = [...bare.run.passed].some(([stmt, passed]) => passed && armed.run.passed.get(stmt) === false);
  return gate ? bare.exits.find((exit) => [...kindsOf(exit)].some((kind) => allows.has(kind)))?.site : undefined;
}

/** What letting on looks like in a function that turns away in these ways. */
function allowing(refusals: ReadonlySet<Kind>): ReadonlySet<Kind> {
  if (refusals.has('denial')) return new Set(['nothing', 'value']);
  return new Set(['value']);
}

/** The first test that comes out otherwise without the secret. */
function changed(armed: Run, bare: Run): Site | undefined {
  for (const [test, outcome] of bare.tests) {
    const before = armed.tests.get(test);
    if (before && (before.yes !== outcome.yes || before.no !== outcome.no)) return outcome.site;
  }
  return undefined;
}
