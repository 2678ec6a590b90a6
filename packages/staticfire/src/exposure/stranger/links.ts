import { sourceOf } from './sources/index.ts';
import { evaluate } from '../../code/polarity/evaluate.ts';
import { exitsOf, type Callee } from '../../code/polarity/inline.ts';
import { createRun, type Run } from '../../code/polarity/run.ts';
import type { Names } from '../../code/polarity/names.ts';
import { nothing, request, type Exit, type Frame, type Value } from '../../code/polarity/values.ts';
import type { CodeModel } from '../../code/model.ts';
import { lineOf } from '../../code/summary.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import { inheritedAnswer, lets, methodOf, type ClassSpot } from './classes.ts';
import type { Memory } from './memory.ts';
import { meet, type Encounter, type Sight } from './sight.ts';
import { strangersWorld } from './world.ts';

export interface Around {
  readonly model: CodeModel;
  readonly names: Names;
  readonly memory: Memory;
}

/** How one link treats a stranger. */
export interface Treatment {
  readonly lets: 'on' | 'off' | 'unclear';
  readonly run: Run;
  readonly sight: Sight;
  readonly exits: readonly Exit[];
}

const linkBudget = 6000;
const noFiles: ReadonlySet<string> = new Set();

export function startRun(around: Around, sight: Sight, file: string, fn: number, line: number, budget: number): Run {
  return createRun(
    around.model,
    around.names,
    new Set(),
    noFiles,
    { file, fn, line },
    strangersWorld(around.memory, sight, budget),
  );
}

const methods = ['canActivate', 'use', 'intercept', 'resolve', 'catch'];
/** Roles that say nothing of who calls. */
const idle: ReadonlySet<string> = new Set(['settings', 'validator', 'pipe', 'filter']);
/** Frameworks whose links call what stands behind; the others return. */
const continuing: ReadonlySet<string> = new Set([
  'express',
  'koa',
  'hono',
  'trpc',
  'tanstack-start',
  'routing-controllers',
  'node-http',
  'elysia',
]);

/** Follows what a link does with a stranger's call. */
export function treat(around: Around, endpoint: Endpoint, link: ChainLink, sight: Sight): Treatment | undefined {
  if (link.role !== undefined && idle.has(link.role)) return undefined;
  const run = startRun(around, sight, link.file, link.fn, placeOf(link), linkBudget);
  const cls = classOf(around, link);
  if (cls) return ofClass(around, run, sight, cls);
  if (link.role === 'guard' && link.runs)
    return decided(run, sight, exitsOf(run, link.runs, [[request], [request]]), 'guard');
  return ofFunction(around, endpoint, link, run, sight);
}

export function placeOf({ expr }: ChainLink): number {
  return 'at' in expr ? lineOf(expr.at) : 1;
}

function classOf({ model }: Around, { file, fn, expr }: ChainLink): ClassSpot | undefined {
  const named = expr.k === 'call' ? expr.callee : expr;
  if (named.k !== 'ref' && named.k !== 'member') return undefined;
  const origin = model.origin(file, fn, named);
  return origin.kind === 'class' && !origin.member ? origin : undefined;
}

function ofClass(around: Around, run: Run, sight: Sight, cls: ClassSpot): Treatment | undefined {
  const own = methodOf(around.model, cls, methods);
  if (own) {
    const name = around.model.get(own.file)?.summary.functions[own.fn]?.name;
    const exits = exitsOf(run, own, [[request], [request], [{ k: 'next' }]]);
    return decided(run, sight, exits, name === 'canActivate' ? 'guard' : 'next');
  }
  const inherited = inheritedAnswer(sight, run, cls);
  return inherited && { lets: lets(inherited) ? 'on' : 'off', run, sight, exits: [] };
}

function ofFunction(
  around: Around,
  endpoint: Endpoint,
  link: ChainLink,
  run: Run,
  sight: Sight,
): Treatment | undefined {
  const frame: Frame = { file: link.file, fn: link.fn, vars: new Map(), exits: [] };
  const value = evaluate(run, frame, link.expr);
  const functions = functionsIn(value, 0);
  if (functions.length === 0) return ofPackage(around, link, run, sight, value);
  const style = link.role === 'guard' ? 'guard' : continuing.has(endpoint.framework) ? 'next' : 'return';
  const outcomes = functions.map((callee) =>
    decided(run, sight, exitsOf(run, callee, [[request], [request], [{ k: 'next' }]]), style),
  );
  return outcomes.find((one) => one.lets === 'off') ?? outcomes.find((one) => one.lets === 'unclear') ?? outcomes[0];
}

/** The functions that a value holds; lists of middleware are opened. */
export function functionsIn(value: Value, depth: number): readonly Callee[] {
  return value.flatMap((atom): readonly Callee[] => {
    if (atom.k === 'function') return [{ file: atom.frame.file, fn: atom.fn, outer: atom.frame }];
    return atom.k === 'list' && depth < 3 ? functionsIn(atom.items, depth + 1) : [];
  });
}

const limits = /limit|throttl|slow|csrf|cors|valid|parse/i;
const guardish =
  /auth|guard|session|protect|permission|verif|jwt|token|secure|api_?key|passport|role|acl|login|signed/i;

/** Middleware of a package: its source, or a name that may mean one. */
function ofPackage(around: Around, link: ChainLink, run: Run, sight: Sight, value: Value): Treatment | undefined {
  const seen = { run, sight, exits: [] };
  if (value.length > 0 && value.every((atom) => atom.k === 'denial')) return { lets: 'off', ...seen };
  const named = link.expr.k === 'call' ? link.expr.callee : link.expr;
  const origin = around.model.origin(link.file, link.fn, named);
  const source = sourceOf(origin);
  if (source && (source.answer === 'denies' || source.answer === 'throws')) {
    meet(sight, run, source.kind, source.what);
    return { lets: 'off', ...seen };
  }
  const name = named.k === 'ref' ? named.path : named.k === 'member' ? named.name : '';
  if (harmlessPackage(origin) || limits.test(name)) return undefined;
  const lost =
    value.some((atom) => atom.k === 'any' && atom.lost) || (origin.kind !== 'builtin' && guardish.test(name));
  if (!lost) return undefined;
  sight.losses.push({ site: run.site, name, path: [] });
  return { lets: 'unclear', ...seen };
}

const harmlessPackage = (origin: ReturnType<CodeModel['origin']>): boolean =>
  (origin.kind === 'package' &&
    /^(?:express-session|cookie-session|koa-session|@fastify\/(?:session|cookie|secure-session|jwt)|csurf|csrf-csrf|cookie-parser|helmet|cors|express-rate-limit|rate-limiter-flexible|@upstash\/ratelimit)$/.test(
      origin.package,
    )) ||
  (origin.kind === 'package' && origin.package === 'passport' && /^(?:initialize|session)$/.test(origin.name));

function decided(run: Run, sight: Sight, exits: readonly Exit[], style: 'guard' | 'next' | 'return'): Treatment {
  const seen = { run, sight, exits };
  if (run.budget < 0) return { lets: 'unclear', ...seen };
  const goesOn =
    style === 'guard'
      ? exits.some((exit) => !exit.thrown && !exit.denied && lets(exit.value))
      : sight.passed !== undefined || (style === 'return' && exits.some(passes));
  if (goesOn) return { lets: sight.losses.length > 0 ? 'unclear' : 'on', ...seen };
  return { lets: turnsAway(run, sight, exits) || style === 'guard' ? 'off' : 'on', ...seen };
}

const passes = (exit: Exit): boolean =>
  !exit.thrown && !exit.denied && !(exit.value.length > 0 && exit.value.every((atom) => atom.k === 'denial'));

const turnsAway = (run: Run, sight: Sight, exits: readonly Exit[]): boolean =>
  sight.encounters.length > 0 || run.refusals.length > 0 || exits.some((exit) => exit.auth);

/** What kept the stranger out, as far as it was met. */
export function keeper(run: Run, sight: Sight): Encounter | undefined {
  const met = sight.encounters.findLast(({ what }) => !what.endsWith('of the request')) ?? sight.encounters.at(-1);
  const refusal = run.refusals.at(-1);
  if (!refusal || (met && met.kind !== 'session')) return met;
  const signed = /webhook|signature|signing|hmac/i.test(`${refusal.of} ${refusal.site.file}`);
  return {
    kind: signed ? 'signature' : 'key',
    what: signed ? `signature, made with ${refusal.of}` : `key, compared with ${refusal.of}`,
    site: refusal.site,
    path: [],
  };
}

export const nothingSent: Value = [nothing];
