import type { Origin } from '../../code/model.ts';
import type { OwnCall, ReachedFunction } from '../../code/reach/calls-of.ts';
import type { Expr } from '../../code/summary.ts';
import { lineOf } from '../../code/summary.ts';
import type { Step } from '../../model/place.ts';
import type { Context } from '../reading/context.ts';
import type { Handing, Held } from '../reading/request.ts';
import { nameOf, stepOf, type Stage } from '../reading/stages.ts';
import { isTested } from '../reading/tested.ts';
import { mayCheck, ofOneField, schemaCall, takesAnything } from '../sources/schemas.ts';

/** A check of a part of the request against a schema. */
export interface Parse {
  readonly what: string;
  readonly on: Held['part'];
  /** Why it does not count; '' when it does. */
  readonly weak: string;
  readonly trail: readonly Step[];
}

/** The schema checks that a stage makes of what the caller sent. */
export function parsesOf(context: Context, stage: Stage, handing: Handing): readonly Parse[] {
  const found: Parse[] = [];
  for (const at of stage.reached?.functions ?? [])
    for (const call of at.calls) {
      if (!mayCheck(call.site)) continue;
      const parse = parseOf(context, stage, handing, at, call);
      if (parse) found.push(parse);
    }
  return found;
}

function parseOf(
  context: Context,
  stage: Stage,
  handing: Handing,
  at: ReachedFunction,
  call: OwnCall,
): Parse | undefined {
  const { site } = call;
  const origin = call.origin.kind === 'param' ? context.site.reach.origin(at, site.expr.callee) : call.origin;
  const checked = schemaCall(site, origin);
  if (!checked || isLeftOut(context, at, site.expr.callee)) return undefined;
  const held = heldBy(context, at, site.expr.args, handing);
  if (!held) return undefined;
  const name = schemaName(context, at, site.expr);
  return {
    what: `${checked.library}${name ? `: ${name}` : ''} on ${held.part === 'request' ? 'the request' : held.part}`,
    on: held.part,
    weak: weakness(context, call, origin, held, checked.answers),
    trail: [stepOf(stage), ...way(at), { note: `${site.path || site.name} checks ${held.part}`, at: placeOf(call) }],
  };
}

function heldBy(context: Context, at: ReachedFunction, args: readonly Expr[], handing: Handing): Held | undefined {
  for (const arg of args) {
    const held = context.requests.heldBy(at, arg, handing);
    if (held && held.part !== 'headers' && held.part !== 'cookies') return held;
  }
  return undefined;
}

function weakness(context: Context, { site }: OwnCall, origin: Origin, held: Held, answers: boolean): string {
  if (takesAnything(origin)) return 'its schema accepts anything';
  if (!held.whole && ofOneField(origin)) return 'only one field is checked';
  if (answers && !isTested(context.site.code, site)) return 'what the check answers is not looked at';
  return '';
}

/** A helper that checks with the schema it is handed, called without one. */
function isLeftOut(context: Context, at: ReachedFunction, callee: Expr): boolean {
  const head = callee.k === 'ref' ? (callee.path.split('.')[0] ?? '') : '';
  const binding = context.bindings.lookup(at.spot, head);
  if (binding?.k !== 'param' || binding.path !== '' || !at.by || at.by.handed) return false;
  const { args } = at.by.call.site.expr;
  return binding.fn === at.spot.fn && args.length <= binding.index && !args.some(({ k }) => k === 'spread');
}

/** The name of the schema, through the functions that were handed it. */
function schemaName(context: Context, at: ReachedFunction, { callee, args }: Extract<Expr, { k: 'call' }>): string {
  const receiver = callee.k === 'ref' ? callee.path.split('.').slice(0, -1) : [];
  const named = receiver.at(-1) ?? args.map(nameOf).find((name) => /^[A-Z]|schema|dto/i.test(name)) ?? '';
  const head = receiver[0] ?? named;
  const binding = context.bindings.lookup(at.spot, head);
  if (binding?.k !== 'param') return /^(?:z|v|Joi|joi|yup|Value|Schema|S|t|ajv|vine|typia)$/.test(named) ? '' : named;
  const given = at.by && !at.by.handed ? at.by.call.site.expr.args[binding.index] : madeWith(at, binding.index);
  const inner =
    given?.k === 'obj' ? given.props.find(({ key }) => key === (binding.path || receiver[1]))?.value : given;
  const name = inner ? nameOf(inner) : '';
  return /^(?:object|parse)$/.test(name) ? '' : name;
}

function madeWith(at: ReachedFunction, index: number): Expr | undefined {
  let start = at;
  while (start.by) start = start.by.in;
  return start.made?.expr.args[index];
}

const placeOf = ({ site }: OwnCall): { file: string; line: number } => ({
  file: site.file,
  line: lineOf(site.expr.at),
});

/** The calls that lead to a function, outermost first. */
export function way(at: ReachedFunction): readonly Step[] {
  const steps: Step[] = [];
  for (let here: ReachedFunction | undefined = at; here?.by; here = here.by.in)
    steps.unshift({ note: `it calls ${here.by.call.site.path || here.by.call.site.name}`, at: placeOf(here.by.call) });
  return steps;
}
