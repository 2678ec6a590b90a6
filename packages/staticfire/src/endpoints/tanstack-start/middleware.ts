import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { returnOf, stepsOf, type Step } from '../reading/builders.ts';
import { initOf } from '../reading/exports.ts';
import { functionOf, linkOf } from '../reading/functions.ts';

const deepest = 12;
const validators = new Set(['validator', 'inputValidator']);

/** The links of a list of middleware; those that a middleware stands on come before it. */
export function middlewareLinks(code: CodeModel, spot: Spot, expr: Expr | undefined, depth = 0): readonly ChainLink[] {
  if (!expr || depth > deepest) return [];
  if (expr.k === 'arr') return expr.items.flatMap((item) => middlewareLinks(code, spot, item, depth + 1));
  if (expr.k === 'spread') return middlewareLinks(code, spot, expr.of, depth + 1);
  const init = expr.k === 'ref' ? initOf(code, spot, expr.path) : undefined;
  if (init?.expr.k === 'arr') return middlewareLinks(code, init, init.expr, depth + 1);
  const steps = stepsOf(code, spot, expr);
  if (!steps.some(({ name }) => name === 'createMiddleware')) return [linkOf(code, spot, expr)];
  return steps.flatMap((step) => ofStep(code, spot, expr, step, depth));
}

function ofStep(code: CodeModel, spot: Spot, written: Expr, step: Step, depth: number): readonly ChainLink[] {
  const [first] = step.call.args;
  if (!first) return [];
  if (step.name === 'middleware') return middlewareLinks(code, step, first, depth + 1);
  if (validators.has(step.name)) return [linkOf(code, step, first, 'validator', 'body')];
  if (step.name !== 'server') return [];
  const runs = functionOf(code, step, first);
  return [{ file: spot.file, fn: spot.fn, expr: written, role: 'middleware', ...(runs ? { runs } : {}) }];
}

/** Middleware that the application registers for every request, and for every server function. */
export interface Everywhere {
  readonly requests: readonly ChainLink[];
  readonly functions: readonly ChainLink[];
}

/** `createStart(() => ({ requestMiddleware, functionMiddleware }))` in start.ts, `registerGlobalMiddleware({ middleware })`. */
export function middlewareEverywhere(site: EndpointSite, packages: readonly string[]): Everywhere {
  const calls = site.importing(...packages).flatMap((file) => site.sites(file).calls);
  const requests: ChainLink[] = [];
  const functions: ChainLink[] = [];
  for (const call of calls) {
    const [first] = call.expr.args;
    if (call.name === 'registerGlobalMiddleware')
      functions.push(...middlewareLinks(site.code, call, propOf(first, 'middleware')));
    if (call.name !== 'createStart' || !isStart(site, call.file)) continue;
    const spot: Spot = first?.k === 'fn' ? { file: call.file, fn: first.fn } : call;
    const options = first?.k === 'fn' ? returnOf(site.code, spot) : first;
    requests.push(...middlewareLinks(site.code, spot, propOf(options, 'requestMiddleware')));
    functions.push(...middlewareLinks(site.code, spot, propOf(options, 'functionMiddleware')));
  }
  return { requests, functions };
}

/** The framework loads the file by its name. */
const isStart = ({ service }: EndpointSite, file: string): boolean =>
  /(?:^|\/)start\.[cm]?[jt]sx?$/.test(file) && service.entries.some((entry) => entry.file === file);
