import { evaluate } from '../../code/polarity/evaluate.ts';
import { exitsOf } from '../../code/polarity/inline.ts';
import type { Run } from '../../code/polarity/run.ts';
import { input, request, type Exit, type Frame, type Value } from '../../code/polarity/values.ts';
import { lineOf } from '../../code/summary.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import { reveals } from './effects.ts';
import { functionsIn, placeOf, startRun, type Around } from './links.ts';
import type { Sight } from './sight.ts';

/** How the handler itself treats a stranger. */
export interface Handled {
  readonly run: Run;
  readonly exits: readonly Exit[];
  /** Not even a function was found. */
  readonly followed: boolean;
}

const handlerBudget = 4000;

export function handle(around: Around, endpoint: Endpoint, sight: Sight): Handled | undefined {
  const { handler, serves } = endpoint;
  const start = serves ?? handler;
  if (!start) return undefined;
  const line = lineOf(around.model.get(start.file)?.summary.functions[start.fn]?.at ?? 1024);
  const run = startRun(around, sight, start.file, start.fn, line, handlerBudget);
  const value = valueOf(around, endpoint, run);
  const args = argumentsOf(around, endpoint);
  const denied = value.length > 0 && value.every((atom) => atom.k === 'denial');
  if (denied) return { run, exits: [], followed: true };
  const functions = functionsIn(value, 0);
  return { run, exits: functions.flatMap((callee) => exitsOf(run, callee, args)), followed: functions.length > 0 };
}

/** What the framework calls: the handler with its wrappers around it. */
function valueOf(around: Around, { serves, handler, chain }: Endpoint, run: Run): Value {
  if (serves) return evaluate(run, frameAt(serves.file, serves.fn), serves.expr);
  if (!handler) return [];
  const parent = around.model.get(handler.file)?.summary.functions[handler.fn]?.parent ?? 0;
  void chain;
  return [{ k: 'function', fn: handler.fn, frame: frameAt(handler.file, Math.max(0, parent)) }];
}

const frameAt = (file: string, fn: number): Frame => ({ file, fn, vars: new Map(), exits: [] });

const whole: Value = [request];
const sent: Value = [input];

/** What the framework hands the handler. */
function argumentsOf(around: Around, endpoint: Endpoint): readonly Value[] {
  const { framework, surface, method, handler } = endpoint;
  if (framework === 'nestjs' && handler) return nestArguments(around, handler.file, handler.fn);
  if (surface === 'graphql') return [[{ k: 'any' }], sent, whole, [{ k: 'any' }]];
  if (surface === 'rpc' && (method === 'action' || method === 'message')) return [sent, sent, sent, sent];
  return [whole, whole, [{ k: 'next' }]];
}

const wholeParams =
  /^(?:Req|Request|Res|Response|Ctx|Context|Session|CurrentUser|User|AuthUser|GetUser|ActiveUser|GetCurrentUser\w*|Next)$/;

function nestArguments({ model }: Around, file: string, fn: number): readonly Value[] {
  const params = model.get(file)?.summary.functions[fn]?.params ?? [];
  return params.map((param) => {
    const names = (param.decorators ?? []).map((expr) => {
      const named = expr.k === 'call' ? expr.callee : expr;
      return named.k === 'ref' ? (named.path.split('.').at(-1) ?? '') : '';
    });
    const who = names.some((name) => /user|session|auth|identity|principal|member/i.test(name));
    if (who) return [{ k: 'unfound' }];
    return names.some((name) => wholeParams.test(name)) ? whole : sent;
  });
}

/** Where a stranger gets what not everyone may have: something was done, or something is told. */
export function reached(exits: readonly Exit[]): Exit | undefined {
  return exits.find(
    (exit) => !exit.thrown && !exit.denied && !refuses(exit.value) && (exit.acted || reveals(exit.value)),
  );
}

/** `{ error: … }`, `{ success: false }`: an answer that says no. */
function refuses(value: Value): boolean {
  return (
    value.length > 0 &&
    value.every((atom) => {
      if (atom.k === 'denial') return true;
      if (atom.k !== 'object') return false;
      const no = (name: string): boolean =>
        atom.parts.get(name)?.every((one) => one.k === 'const' && one.v === false) ?? false;
      return (
        no('success') ||
        no('ok') ||
        no('allowed') ||
        no('authorized') ||
        (atom.parts.has('error') &&
          !atom.parts.has('data') &&
          !(atom.parts.get('error') ?? []).every((one) => one.k === 'const' && (one.v ?? null) === null))
      );
    })
  );
}

export const wrapperLinks = (chain: readonly ChainLink[]): readonly number[] => chain.map(placeOf);
