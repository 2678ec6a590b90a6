import type { CodeModel } from '../../code/model.ts';
import { runsInProduction, type Spot } from '../../code/production.ts';
import type { CallSite, Condition, FileSites } from '../../code/sites.ts';
import { lineOf, type Expr, type Position } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import type { ErrorLeak } from '../../facts/error-answers.ts';
import type { LiveCode } from '../../facts/live.ts';
import { caughtIn, type Caught } from './caught.ts';
import { answers, sends, sendNames, statusOf } from './sending.ts';
import { selective, tells, worst } from './texts.ts';

export interface Facts {
  readonly code: CodeModel;
  readonly calls: LiveCalls;
  readonly live: LiveCode;
  readonly sites: (file: string) => FileSites;
}

/** Something that is handed to the caller while an error is at hand. */
interface Answer extends Spot {
  readonly at: Position;
  readonly when: readonly Condition[];
  readonly parts: readonly Expr[];
}

/** Everywhere that the text of an unforeseen error goes out in production. */
export function leaksOf(facts: Facts, central: ReadonlySet<string>): readonly ErrorLeak[] {
  const known = new Map<string, readonly Caught[]>();
  const caught = ({ file, fn }: Spot): readonly Caught[] => {
    const key = keyOf({ file, fn });
    const found = known.get(key) ?? caughtIn(facts.code, facts.sites, { file, fn });
    known.set(key, found);
    return found;
  };
  const found = [...sent(facts, central), ...handedOn(facts, caught), ...bodies(facts)].flatMap((one) => {
    const what = leaked(facts.code, one, caught(one));
    return what ? [{ what, one }] : [];
  });
  const told = found.filter(({ one }) => !isBuildOnly(facts.live, one.file));
  return told.map(({ what, one }) => ({
    what,
    at: { file: one.file, line: lineOf(one.at) },
    symbol: facts.code.get(one.file)?.summary.functions[one.fn]?.name || 'handler',
    central: central.has(keyOf(one)),
  }));
}

/** Loaded by the configuration of a build tool alone: it runs on the developer's machine. */
const isBuildOnly = (live: LiveCode, file: string): boolean =>
  /(?:^|\/)(?:vite|vitest|webpack|rspack|rollup)\.config\.\w+$/.test(live.pathTo(file)[0] ?? '');

export const keyOf = ({ file, fn }: Spot): string => `${file}\0${fn}`;

function leaked(model: CodeModel, one: Answer, caught: readonly Caught[]): ErrorLeak['what'] | undefined {
  const here = caught.find((region) => region.has(one.at));
  if (!here || selective(one.when, here) || runsInProduction(model, one, one.when) === false) return undefined;
  return worst(one.parts.map((part) => tells(model, one, part, here)));
}

/** Answers with an error status, or one that is not said. */
function sent({ code, calls, sites }: Facts, central: ReadonlySet<string>): readonly Answer[] {
  // The framework calls the handler of errors: nothing else need refer to it.
  const files = new Set([...central].map((key) => key.slice(0, key.indexOf('\0'))));
  const inCentral = [...files].flatMap((file) => sites(file).calls.filter((call) => central.has(keyOf(call))));
  const all = new Set([...calls.named(...sendNames), ...inCentral]);
  return [...all].flatMap((call) => {
    if (!sends(call) || call.expr.args.length === 0) return [];
    const status = statusOf(code, call);
    return status !== undefined && status < 500 ? [] : [toAnswer(call)];
  });
}

const toAnswer = ({ file, fn, expr, when }: CallSite): Answer => ({ file, fn, at: expr.at, when, parts: expr.args });

const telling = /error|fail|respon|internal|problem|json|reply|send/i;

/** Calls of functions of the repository that answer for the handler: `serverError({ message: error.message })`. */
function handedOn(facts: Facts, caught: (spot: Spot) => readonly Caught[]): readonly Answer[] {
  const { live, sites } = facts;
  return live.files.flatMap((file) =>
    sites(file).calls.flatMap((call) => {
      if (call.expr.args.length === 0 || !telling.test(call.name) || sends(call)) return [];
      if (!caught(call).some((region) => region.has(call.expr.at)) || !answersFor(facts, call)) return [];
      return call.fn === 0 || live.hasFunction(file, call.fn) ? [toAnswer(call)] : [];
    }),
  );
}

const refusing = /bad|not_?found|too_?many|unauth|forbid|conflict|invalid|client|validation|throttl|limit/i;

/** Is it a function of the repository that answers the request, with no status that blames the caller? */
function answersFor({ code, calls, sites }: Facts, call: CallSite): boolean {
  if (refusing.test(call.name)) return false;
  const blames = call.expr.args.some((arg) => {
    const said = arg.k === 'obj' ? (propOf(arg, 'status') ?? propOf(arg, 'statusCode')) : arg;
    const value = said?.k === 'num' || said?.k === 'ref' ? code.literal(call.file, call.fn, said) : undefined;
    return typeof value === 'number' && value >= 400 && value < 500;
  });
  const origin = blames ? undefined : calls.origin(call);
  return origin?.kind === 'function' && !origin.called && !origin.member && answers(sites, origin);
}

/** `ctx.body = { message: error.message }` of Koa. */
function bodies({ calls }: Facts): readonly Answer[] {
  return calls
    .settings('body')
    .filter(({ path }) => /(?:^|\.)(?:ctx|context|this|response)\.body$/.test(path))
    .map(({ file, fn, at, when, value }) => ({ file, fn, at, when, parts: [value] }));
}
