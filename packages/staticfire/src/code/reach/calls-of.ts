import type { CodeModel, Origin } from '../model.ts';
import type { Spot } from '../production.ts';
import type { CallSite, FileSites } from '../sites.ts';
import type { Expr } from '../summary.ts';
import { createArguments } from './arguments.ts';

/** A call that a function makes. */
export interface OwnCall {
  readonly site: CallSite;
  /** By its name alone: something of a package, of Node.js or of the language. */
  readonly foreign: boolean;
  /** What the callee stands for, without regard to who calls the function that makes it. */
  readonly origin: Origin;
  /** Functions of the repository that it runs, as far as they are the same for every caller. */
  readonly runs: readonly Run[];
}

export interface Run {
  readonly spot: Spot;
  /** Handed over, and so run by what is called. */
  readonly handed: boolean;
}

/** A function that runs, and the call that runs it. */
export interface ReachedFunction {
  readonly spot: Spot;
  readonly calls: readonly OwnCall[];
  /** Undefined for the function from which the reading starts. */
  readonly by: { readonly call: OwnCall; readonly in: ReachedFunction; readonly handed: boolean } | undefined;
  /** The call that made it: `validate(schema)` for the function that this returns. */
  readonly made: MakingCall | undefined;
}

export interface MakingCall extends Spot {
  readonly expr: Extract<Expr, { k: 'call' }>;
}

export interface CallsReached {
  /** The start first, then by distance. */
  readonly functions: readonly [ReachedFunction, ...ReachedFunction[]];
  /** Calls that may run functions of the repository, and could not be followed. */
  readonly lost: readonly LostCall[];
  /** There was more than is followed. */
  readonly cut: boolean;
}

export interface LostCall {
  readonly call: OwnCall;
  readonly in: ReachedFunction;
}

/** What functions lead to, followed when someone first asks. */
export interface CallReach {
  /** The calls that a function makes itself, those in functions that it hands over apart. */
  own(spot: Spot): readonly OwnCall[];
  /** Every function that running this one leads to. `made` is the call that returned it, where it has no name of its own. */
  from(spot: Spot, made?: MakingCall): CallsReached;
  /** What an expression in a function stands for when it was reached this way: parameters are what the callers handed over. */
  origin(at: ReachedFunction, expr: Expr): Origin;
}

/** How many calls deep, and how many functions from one start. */
const deepest = 8;
const most = 250;

export function createCallReach(model: CodeModel, sites: (file: string) => FileSites): CallReach {
  const own = createOwnCalls(model, sites);
  const bound = createArguments(model, sites);
  const origin: CallReach['origin'] = (at, expr) => bound.origin(at, expr);
  const known = new Map<string, CallsReached>();
  const knownMade = new WeakMap<Expr, Map<string, CallsReached>>();
  const from: CallReach['from'] = (spot, made) => {
    const table = made ? (knownMade.get(made.expr) ?? new Map<string, CallsReached>()) : known;
    if (made) knownMade.set(made.expr, table);
    const key = keyOf(spot);
    const found = table.get(key) ?? follow({ own, origin }, { spot, calls: own(spot), by: undefined, made });
    table.set(key, found);
    return found;
  };
  return { own, from, origin };
}

const keyOf = ({ file, fn }: Spot): string => `${file}\0${fn}`;

function follow({ own, origin }: Pick<CallReach, 'own' | 'origin'>, start: ReachedFunction): CallsReached {
  const functions: [ReachedFunction, ...ReachedFunction[]] = [start];
  const lost: LostCall[] = [];
  const seen = new Set([keyOf(start.spot)]);
  const depths = [0];
  let cut = false;
  for (let index = 0; index < functions.length; index += 1) {
    const here = functions[index] ?? start;
    const depth = depths[index] ?? 0;
    for (const call of here.calls) {
      const late = !call.foreign && call.origin.kind === 'param' ? runsOf(origin(here, call.site.expr.callee)) : [];
      if (late.length === 0 && isLost(call)) lost.push({ call, in: here });
      for (const { spot, handed } of late.length > 0 ? [...call.runs, ...late] : call.runs) {
        const key = keyOf(spot);
        if (seen.has(key)) continue;
        if (functions.length >= most || depth >= deepest) {
          cut = true;
          continue;
        }
        seen.add(key);
        depths.push(handed ? depth : depth + 1);
        functions.push({ spot, calls: own(spot), by: { call, in: here, handed }, made: undefined });
      }
    }
  }
  return { functions, lost, cut };
}

/** May it run code of the repository that nothing here names? */
function isLost(call: OwnCall): boolean {
  if (call.foreign || call.runs.some(({ handed }) => !handed)) return false;
  const { origin } = call;
  switch (origin.kind) {
    case 'package':
    case 'builtin':
    case 'global':
      return false;
    case 'value':
      return origin.expr.k !== 'str' && origin.expr.k !== 'arr' && origin.expr.k !== 'template';
    case 'class':
      return origin.member !== '';
    default:
      return true;
  }
}

function runsOf(origin: Origin): readonly Run[] {
  return origin.kind === 'function' && !origin.called && !origin.member
    ? [{ spot: { file: origin.file, fn: origin.fn }, handed: false }]
    : [];
}

/** The own calls of each function, looked up once. */
function createOwnCalls(model: CodeModel, sites: (file: string) => FileSites): CallReach['own'] {
  const files = new Map<string, readonly (readonly OwnCall[] | undefined)[]>();
  return ({ file, fn }) => {
    const found = files.get(file) ?? callsIn(model, file, sites(file));
    files.set(file, found);
    return found[fn] ?? none;
  };
}

const none: readonly OwnCall[] = [];

function callsIn(model: CodeModel, file: string, found: FileSites): readonly (readonly OwnCall[] | undefined)[] {
  const foreign = foreignNames(model, file);
  const handed = new Map<CallSite, number[]>();
  for (const [fn, call] of found.handedTo) handed.set(call, [...(handed.get(call) ?? []), fn]);
  const byFunction: OwnCall[][] = [];
  for (const site of found.calls)
    (byFunction[site.fn] ??= []).push(new Call(model, site, handed.get(site) ?? [], foreign));
  return byFunction;
}

const ofTheLanguage =
  /^(?:console|JSON|Math|Object|Array|Number|String|Boolean|Promise|Date|Buffer|Error|URL|URLSearchParams|RegExp|Map|Set|WeakMap|Symbol|BigInt|Intl|Reflect|process|parseInt|parseFloat|isNaN|fetch|Response|Headers|FormData|TextEncoder|TextDecoder|encodeURIComponent|decodeURIComponent|structuredClone|crypto|performance)$/;

/** Names that a file imports from outside the repository. */
function foreignNames(model: CodeModel, file: string): ReadonlySet<string> {
  const source = model.get(file);
  return new Set(
    (source?.head.imports ?? []).flatMap(({ from, names }) => {
      const kind = names.length > 0 ? source?.resolve(from).kind : undefined;
      return kind === 'package' || kind === 'builtin' ? names.map(({ local }) => local) : [];
    }),
  );
}

/** The first name of an expression: `z` of `z.string().min(1)`. */
function headOf(expr: Expr): string {
  if (expr.k === 'ref') return expr.path.split('.', 1)[0] ?? '';
  if (expr.k === 'member') return headOf(expr.of);
  return expr.k === 'call' ? headOf(expr.callee) : '';
}

/** Most calls are never asked what they stand for. */
class Call implements OwnCall {
  readonly site: CallSite;
  readonly #model: CodeModel;
  readonly #closures: readonly number[];
  readonly #names: ReadonlySet<string>;
  readonly foreign: boolean;
  #origin: Origin | undefined;
  #runs: readonly Run[] | undefined;

  constructor(model: CodeModel, site: CallSite, closures: readonly number[], foreign: ReadonlySet<string>) {
    this.#model = model;
    this.site = site;
    this.#closures = closures;
    this.#names = foreign;
    this.foreign = this.#isForeign(site.expr.callee);
  }

  get origin(): Origin {
    const { file, fn, expr } = this.site;
    return (this.#origin ??= this.#model.origin(file, fn, expr.callee));
  }

  get runs(): readonly Run[] {
    return (this.#runs ??= [...this.#called(), ...this.#handed()]);
  }

  #isForeign(expr: Expr): boolean {
    const head = headOf(expr);
    return this.#names.has(head) || ofTheLanguage.test(head);
  }

  #called(): readonly Run[] {
    if (this.foreign) return [];
    const { origin, site } = this;
    if (!site.expr.new) return runsOf(origin);
    if (origin.kind !== 'class' || origin.member) return [];
    const members = this.#model.get(origin.file)?.summary.classes[origin.cls]?.members;
    const fn = members?.find(({ kind }) => kind === 'constructor')?.fn;
    return fn === undefined ? [] : [{ spot: { file: origin.file, fn }, handed: false }];
  }

  #handed(): readonly Run[] {
    const { file, fn, expr } = this.site;
    const named = expr.args.flatMap((arg) => (arg.k === 'ref' ? runsOf(this.#model.origin(file, fn, arg)) : []));
    return [...this.#closures.map((inner) => ({ file, fn: inner })), ...named.map(({ spot }) => spot)].map((spot) => ({
      spot,
      handed: true,
    }));
  }
}
