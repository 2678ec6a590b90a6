import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { CallSite } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink, LinkRole } from '../../facts/endpoints.ts';
import { initOf } from './exports.ts';
import { linkOf } from './functions.ts';

type CallExpr = Extract<Expr, { k: 'call' }>;

/** One call of a builder: `.use(x)` of `client.use(x).action(y)`. */
export interface Step extends Spot {
  readonly name: string;
  readonly call: CallExpr;
}

const deepest = 40;

/** The calls that made a builder, first one first, through variables, imports and functions that return it. */
export function stepsOf(code: CodeModel, spot: Spot, expr: Expr, depth = 0): readonly Step[] {
  if (depth > deepest) return [];
  const { file, fn } = spot;
  if (expr.k === 'await' || expr.k === 'member') return stepsOf(code, spot, expr.of, depth + 1);
  if (expr.k === 'ref') {
    const made = valueOf(code, spot, expr.path);
    return made ? stepsOf(code, made, made.expr, depth + 1) : [];
  }
  if (expr.k !== 'call') return [];
  const { callee } = expr;
  if (callee.k === 'member')
    return [...stepsOf(code, spot, callee.of, depth + 1), { file, fn, name: callee.name, call: expr }];
  if (callee.k !== 'ref') return [];
  const dot = callee.path.lastIndexOf('.');
  const own: Step = { file, fn, name: callee.path.slice(dot + 1), call: expr };
  const before: Expr = { ...callee, path: callee.path.slice(0, Math.max(0, dot)) };
  return [...(dot > 0 ? stepsOf(code, spot, before, depth + 1) : returned(code, spot, callee, depth + 1)), own];
}

/** The builder that a function of the repository returns, or that is itself called. */
function returned(
  code: CodeModel,
  { file, fn }: Spot,
  callee: Extract<Expr, { k: 'ref' }>,
  depth: number,
): readonly Step[] {
  const origin = code.origin(file, fn, callee);
  const made = origin.kind === 'package' ? initOf(code, { file, fn }, callee.path) : undefined;
  if (made) return stepsOf(code, made, made.expr, depth + 1);
  if (origin.kind !== 'function' || origin.member || origin.called) return [];
  const last = returnOf(code, origin);
  return last ? stepsOf(code, origin, last, depth + 1) : [];
}

/** What a function returns last. */
export function returnOf(code: CodeModel, { file, fn }: Spot): Expr | undefined {
  const last = code.get(file)?.summary.functions[fn]?.body.findLast((stmt) => stmt.k === 'return');
  return last?.k === 'return' ? last.of : undefined;
}

/** The calls that are made on a call's result, innermost first: `create().middleware(…).handler(…)`. */
export function callsOn(call: CallSite): readonly CallSite[] {
  const found: CallSite[] = [];
  let inner = call;
  for (let next = call.within; next; next = next.within) {
    const { callee } = next.expr;
    if (callee.k !== 'member' || callee.of !== inner.expr) break;
    found.push(next);
    inner = next;
  }
  return found;
}

/** What a name, or a property of an object under a name, was given. */
function valueOf(code: CodeModel, spot: Spot, path: string): (Spot & { readonly expr: Expr }) | undefined {
  const [head = '', ...rest] = path.split('.');
  const init = initOf(code, spot, head);
  let expr = init?.expr;
  for (const key of rest) expr = propOf(expr, key);
  return init && expr ? { file: init.file, fn: init.fn, expr } : undefined;
}

/** What steps of builders add to a chain: of action clients, procedures and server functions. */
const rolesOf: ReadonlyMap<string, { readonly role: LinkRole; readonly on?: string }> = new Map([
  ['use', { role: 'middleware' }],
  ['middleware', { role: 'middleware' }],
  ['schema', { role: 'validator', on: 'body' }],
  ['inputSchema', { role: 'validator', on: 'body' }],
  ['input', { role: 'validator', on: 'body' }],
  ['validator', { role: 'validator', on: 'body' }],
  ['inputValidator', { role: 'validator', on: 'body' }],
  ['bindArgsSchemas', { role: 'validator', on: 'body' }],
  ['metadata', { role: 'settings' }],
  ['meta', { role: 'settings' }],
  // A procedure's own handler runs before the action that is made of it.
  ['handler', { role: 'middleware' }],
] as const);

/** The links that the steps add, in their order; the call that begins them is a wrapper. */
export function linksOfSteps(code: CodeModel, steps: readonly Step[]): readonly ChainLink[] {
  return steps.flatMap((step, index): readonly ChainLink[] => {
    const known = rolesOf.get(step.name);
    if (known && index > 0) return itemsOf(step.call.args).map((arg) => linkOf(code, step, arg, known.role, known.on));
    return index === 0 ? [...parents(code, step), linkOf(code, step, step.call, 'wrapper')] : [];
  });
}

/** Builders that the first call is handed: `createServerActionProcedure(parent)`. */
const parents = (code: CodeModel, step: Step): readonly ChainLink[] =>
  step.call.args.flatMap((arg) => (arg.k === 'ref' ? linksOfSteps(code, stepsOf(code, step, arg)) : []));

const itemsOf = (args: readonly Expr[]): readonly Expr[] =>
  args.flatMap((arg) => (arg.k === 'arr' ? arg.items : [arg]));

/** The links of the builder whose last call takes the handler; undefined where it is none. */
export function builtBefore(
  code: CodeModel,
  { file, fn, expr }: Spot & { readonly expr: CallExpr },
): readonly ChainLink[] | undefined {
  // A builder's last call is a method of it.
  if (expr.callee.k === 'ref' ? !expr.callee.path.includes('.') : expr.callee.k !== 'member') return undefined;
  const steps = stepsOf(code, { file, fn }, expr).slice(0, -1);
  return steps.some(({ name }, index) => index > 0 && rolesOf.has(name)) || steps.some(({ name }) => makers.test(name))
    ? linksOfSteps(code, steps)
    : undefined;
}

const makers = /^create\w*(?:Action|Procedure)\w*$/;
