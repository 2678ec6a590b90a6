import { optionsOf } from '../../code/options.ts';
import type { CallSite } from '../../code/sites.ts';
import { pathOf } from '../../code/walk.ts';
import { around, namedAround, type Ground } from './ground.ts';
import { endsInTime } from './signals.ts';

const deepest = 3;

/** What gives up waiting for this call after a time, around it or around all its callers. */
export function limitAround(ground: Ground, site: CallSite, depth = 0): string | undefined {
  for (let outer = site.within; outer; outer = outer.within) {
    const by = limiter(ground, outer);
    if (by) return by;
  }
  const { handedTo } = ground.sites.of(site.file);
  const functions = around(ground.model, site.file, site.fn);
  for (const fn of functions) {
    const taker = handedTo.get(fn);
    const by =
      taker && (limiter(ground, taker) ?? (depth < deepest ? limitAround(ground, taker, depth + 1) : undefined));
    if (by) return by;
    if (ground.model.get(site.file)?.summary.functions[fn]?.name) return aroundCallers(ground, site.file, fn, depth);
  }
  return undefined;
}

function aroundCallers(ground: Ground, file: string, fn: number, depth: number): string | undefined {
  const name = ground.model.get(file)?.summary.functions[fn]?.name ?? '';
  const given = takers(ground, file, fn, name).map((call) => limiter(ground, call));
  const callers = ground.callers(file, fn);
  if (given.length > 0 && callers.length === 0) return given.every((by) => by !== undefined) ? given[0] : undefined;
  if (callers.length === 0 || depth >= deepest) return undefined;
  const answers = callers.map((caller) => limitAround(ground, caller, depth + 1));
  return answers.every((by) => by !== undefined) ? answers[0] : undefined;
}

/** Calls that are handed the function by its name: `withTimeout(load, 5000)`, `new CircuitBreaker(load)`. */
function takers(ground: Ground, file: string, fn: number, name: string): readonly CallSite[] {
  const local = ground.sites.of(file).calls;
  return [...new Set([...local, ...ground.calls.named('CircuitBreaker')])].filter((call) =>
    call.expr.args.some((arg) => {
      const path = pathOf(arg).replace(/\.bind$/, '');
      if (path === '' || !path.endsWith(name)) return false;
      const origin = ground.model.origin(call.file, call.fn, arg);
      return origin.kind === 'function' && origin.file === file && origin.fn === fn && !origin.called;
    }),
  );
}

const timed = /^(?:timeout|timeoutWith|setTimeout|pTimeout|withTimeout|timeoutPromise|timeLimit)$/;

/** Does this call end what it is handed after a time? */
function limiter(ground: Ground, call: CallSite): string | undefined {
  if (call.path === 'Promise.race') return 'a race ends it after a time';
  if (call.name === 'pipe') {
    const piped = call.expr.args.some((arg) => arg.k === 'call' && /^timeout(?:With)?$/.test(pathOf(arg.callee)));
    return piped ? 'the stream ends after a time' : undefined;
  }
  const origin = ground.calls.origin(call);
  if (origin.kind === 'function' && !origin.member)
    return endsInTime(ground, origin.file, origin.fn) ? `${call.name} ends it after a time` : undefined;
  if (origin.kind === 'package') return ofPackage(ground, call, origin.package);
  // `superagent.get(url).timeout(5000)`
  return call.expr.callee.k === 'member' && /^timeout$/.test(call.name) && call.expr.args.length > 0
    ? 'timeout() ends it'
    : undefined;
}

function ofPackage(ground: Ground, call: CallSite, name: string): string | undefined {
  if (name === 'opossum') {
    const off = call.expr.args.some((arg) =>
      optionsOf(ground.model, call, arg).entries.some(
        (entry) => entry.key === 'timeout' && entry.value.k === 'bool' && !entry.value.v,
      ),
    );
    return off ? undefined : 'a circuit breaker ends it after a time';
  }
  if (name === 'cockatiel')
    return ground.calls.named('timeout').some((made) => packageOf(ground, made) === 'cockatiel')
      ? 'a policy ends it after a time'
      : undefined;
  return timed.test(call.name) || /timeout/.test(name) ? `${call.name}() ends it after a time` : undefined;
}

function packageOf(ground: Ground, call: CallSite): string | undefined {
  const origin = ground.calls.origin(call);
  return origin.kind === 'package' ? origin.package : undefined;
}

const hook = /^use[A-Z]/;
const browserGlobals = /^(?:document|window|navigator|localStorage|sessionStorage)\./;
const ofBrowser =
  /^(?:React\.)?(?:Mouse|Drag|Clipboard|Change|Keyboard|Touch|Pointer|Form)Event\b|^HTML\w*Element|^EditorView$/;

/** Code of a component that only runs in the browser: it calls hooks, or only such code calls it. */
export function runsInBrowser(ground: Ground, site: CallSite, depth = 0): boolean {
  const functions = around(ground.model, site.file, site.fn);
  const { calls, handedTo } = ground.sites.of(site.file);
  const summary = ground.model.get(site.file)?.summary;
  const inHook = functions.some(
    (fn) =>
      summary?.functions[fn]?.params.some((param) => ofBrowser.test(param.type ?? '')) ||
      hook.test(summary?.functions[fn]?.name ?? '') ||
      hook.test(handedTo.get(fn)?.name ?? '') ||
      calls.some((call) => call.fn === fn && (hook.test(call.name) || browserGlobals.test(call.path))),
  );
  if (inHook) return true;
  const named = namedAround(ground.model, site.file, site.fn);
  if (named === 0 || depth >= deepest) return false;
  const callers = ground.callers(site.file, named);
  return callers.length > 0 && callers.every((caller) => runsInBrowser(ground, caller, depth + 1));
}
