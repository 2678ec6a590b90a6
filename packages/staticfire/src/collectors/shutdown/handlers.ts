import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { CallSite, FileSites } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { pathOf } from '../../code/walk.ts';
import type { LiveCalls } from '../../facts/calls.ts';

export interface Handler {
  readonly call: CallSite;
  readonly signals: readonly string[];
  /** The functions that run when the signal comes, as far as they can be told. */
  readonly starts: readonly Spot[];
}

/** `process.on('SIGTERM', …)`, also over a list of signals. */
export function handlersIn(
  model: CodeModel,
  calls: readonly CallSite[],
  sites: (file: string) => FileSites,
): Handler[] {
  return calls.flatMap((call) => {
    if (awaitsSignal(call)) return awaited(model, call, sites(call.file));
    if (!/^process\.(?:on|once|addListener|prependListener)$/.test(call.path)) return [];
    if (call.when.some(({ test, holds }) => holds && forTests(test))) return [];
    const signals = signalsOf(model, call, sites(call.file));
    return signals.length === 0 ? [] : [{ call, signals, starts: functionsIn(model, call, call.expr.args.slice(1)) }];
  });
}

/** Names of functions that give a promise for an event: `once(process, 'SIGTERM')` of node:events, `pEvent(process, signal)`. */
export const waiting: readonly string[] = ['once', 'pEvent', 'pEventMultiple', 'eventToPromise', 'fromEvent'];

const awaitsSignal = ({ expr, name }: CallSite): boolean =>
  waiting.includes(name) && pathOf(expr.args[0]) === 'process';

/** What stands behind the wait, in the functions around it, runs when the signal comes. */
function awaited(model: CodeModel, call: CallSite, file: FileSites): Handler[] {
  const functions = model.get(call.file)?.summary.functions ?? [];
  const signals = signalsOf(model, call, file, call.expr.args[1]);
  if (signals.length === 0) return [];
  const starts: Spot[] = [];
  for (let fn = call.fn; fn > 0; fn = functions[fn]?.parent ?? -1) starts.push({ file: call.file, fn });
  return [{ call, signals, starts: starts.length > 0 ? starts : [{ file: call.file, fn: 0 }] }];
}

/** `if (settings.isIntegrationTest)`: installed for the runner of the tests, not for production. */
const forTests = (test: Expr): boolean =>
  test.k === 'ref' && /(?:^|[._])(?:is|IS)?_?(?:[A-Za-z]+_?)?(?:Test|TEST|E2E)(?:ing|Mode|Env)?$/.test(test.path);

function signalsOf(model: CodeModel, call: CallSite, file: FileSites, given?: Expr): string[] {
  const first = given ?? call.expr.args[0];
  const value = first && model.literal(call.file, call.fn, first);
  if (typeof value === 'string') return isSignal(value) ? [value] : [];
  if (first?.k !== 'ref') return [];
  // `for (const signal of signals) process.on(signal, …)`: the names stand somewhere in the file.
  return [...file.strings.keys()].filter(isSignal);
}

const isSignal = (text: string): boolean => /^SIG(?:TERM|INT|HUP|QUIT|USR2)$/.test(text);

/** Functions that stand in these expressions: values, names, properties of objects. */
export function functionsIn(model: CodeModel, spot: Spot, exprs: readonly Expr[]): Spot[] {
  return exprs.flatMap((expr): Spot[] => {
    switch (expr.k) {
      case 'fn':
        return [{ file: spot.file, fn: expr.fn }];
      case 'obj':
        return functionsIn(
          model,
          spot,
          expr.props.map((prop) => prop.value),
        );
      case 'arr':
        return functionsIn(model, spot, expr.items);
      case 'ref':
      case 'member':
      case 'call': {
        const origin = model.origin(spot.file, spot.fn, expr);
        if (origin.kind === 'function') return [{ file: origin.file, fn: origin.fn }];
        const bound =
          expr.k === 'call' && expr.callee.k === 'ref' && expr.callee.path.endsWith('.bind')
            ? functionsIn(model, spot, [{ ...expr.callee, path: expr.callee.path.slice(0, -5) }])
            : [];
        return origin.kind === 'value' && origin.expr.k === 'obj' ? functionsIn(model, origin, [origin.expr]) : bound;
      }
      default:
        return [];
    }
  });
}

/** Functions handed to the function that installs the handler: `enableShutdown(server, { afterClose: () => pool.end() })`. */
export function handedIn(model: CodeModel, calls: LiveCalls, handler: CallSite): Spot[] {
  const functions = model.get(handler.file)?.summary.functions ?? [];
  const found: Spot[] = [];
  for (let at = handler.fn; at > 0; at = functions[at]?.parent ?? -1) {
    const name = functions[at]?.name;
    if (!name) continue;
    for (const call of calls.named(name)) {
      const origin = calls.origin(call);
      if (origin.kind === 'function' && origin.file === handler.file && origin.fn === at)
        found.push(...functionsIn(model, call, call.expr.args));
    }
  }
  return found;
}

/** Functions handed to a registry that the handler runs: calls of functions that stand in the same files. */
export function registeredIn(model: CodeModel, calls: LiveCalls, files: ReadonlySet<string>): Spot[] {
  const names = new Set([...files].flatMap((file) => namesOf(model, file)).filter((name) => registers.test(name)));
  return calls.named(...names).flatMap((call) => {
    const origin = calls.origin(call);
    const registered = origin.kind === 'function' && files.has(origin.file) && call.file !== origin.file;
    return registered ? functionsIn(model, call, call.expr.args) : [];
  });
}

const registers =
  /^(?:add|register|on|push|use|hook|before|after|track|manage|when|at|defer|clean|teardown|shutdown|dispose)/i;

function namesOf(model: CodeModel, file: string): string[] {
  const source = model.get(file);
  const functions = (source?.summary.functions ?? []).map((func) => func.name);
  return [...functions, ...(source?.head.exports ?? []).map((one) => one.name)];
}
