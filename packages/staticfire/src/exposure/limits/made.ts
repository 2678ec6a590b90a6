import type { Origin } from '../../code/model.ts';
import { optionsOf, type Options } from '../../code/options.ts';
import { inProduction, type Spot } from '../../code/production.ts';
import type { Expr } from '../../code/summary.ts';
import type { Limit, Outage } from '../../facts/exposure.ts';
import type { Step } from '../../model/place.ts';
import type { Written } from '../reading/bindings.ts';
import type { Context } from '../reading/context.ts';
import { placeOf, stepOf, type Stage } from '../reading/stages.ts';
import { limiterPackages } from '../sources/limiters.ts';

/** A link that a limiter package made; a text says why it limits nothing. */
export const madeLimit = (context: Context, stage: Stage): Limit | string | undefined =>
  stage.link && limitMadeOf(context, stage.link, stage.link.expr, [stepOf(stage)]);

/** The same for a middleware that code calls: `limiter(req, res, next)`. */
export function limitMadeOf(
  context: Context,
  spot: Spot,
  expr: Expr,
  steps: readonly Step[],
): Limit | string | undefined {
  const made = context.bindings.written(spot, expr);
  if (made?.expr.k !== 'call') return undefined;
  const origin = context.site.code.origin(made.file, made.fn, made.expr.callee);
  const known =
    origin.kind === 'package' ? limiterPackages.find(({ packages }) => packages.test(origin.package)) : undefined;
  if (!known || origin.kind !== 'package') return undefined;
  const options = optionsIn(context, made);
  const off = switchedOff(context, options);
  if (off) return off;
  const shared = options.entries.find(({ path }) => known.stores.test(path));
  const passes = options.entries.some(({ path, value }) => known.passes.test(path) && value.k === 'bool' && value.v);
  const store = shared ? 'shared' : options.lost ? 'unknown' : 'memory';
  return {
    what: `${amountOf(context, options)}${store === 'memory' ? 'in memory, ' : ''}by ${origin.package}`,
    by: origin.package,
    at: placeOf(made, made.expr),
    store,
    outage: shared ? ofStore(passes, shared, made) : none,
    inHandler: false,
    trail: [...steps, { note: `${origin.package} makes it`, at: placeOf(made, made.expr) }],
  };
}

const none: Outage = { kind: 'none', why: '', at: undefined };

const ofStore = (passes: boolean, shared: Options['entries'][number], made: Written): Outage =>
  passes
    ? { kind: 'chosen', why: 'it lets requests through while the store is down', at: placeOf(made, made.expr) }
    : {
        kind: 'errors',
        why: 'an error of its store goes to every request',
        at:
          placeOf(shared.spot, shared.value).line === undefined
            ? placeOf(made, made.expr)
            : placeOf(shared.spot, shared.value),
      };

function optionsIn(context: Context, made: Written): Options {
  const args = made.expr.k === 'call' ? made.expr.args : [];
  const found = args.map((arg) => optionsOf(context.site.code, made, arg));
  return { entries: found.flatMap(({ entries }) => entries), lost: found.some(({ lost }) => lost) };
}

/** `skip: () => true`, `max: 0`, `global: false`. */
function switchedOff(context: Context, { entries }: Options): string {
  for (const { path, value, spot } of entries) {
    if (path === 'skip' && skipsAlways(context, spot, value)) return 'its skip option leaves every request out';
    if (path === 'global' && value.k === 'bool' && !value.v)
      return 'it is global: false, and the route asks for no limit';
    if (path === 'enabled' && inProduction(context.site.code, spot, value) === false) return 'it is switched off';
  }
  return '';
}

function skipsAlways(context: Context, spot: { readonly file: string; readonly fn: number }, value: Expr): boolean {
  const origin: Origin = context.site.code.origin(spot.file, spot.fn, value);
  if (origin.kind !== 'function' || origin.called) return false;
  const [first] = context.site.code.get(origin.file)?.summary.functions[origin.fn]?.body ?? [];
  return first?.k === 'return' && first.of !== undefined && inProduction(context.site.code, origin, first.of) === true;
}

/** '5 in 60 s, '. */
export function amountOf(context: Context, { entries }: Options): string {
  const number = (name: RegExp): number | undefined => {
    const found = entries.find(({ path }) => name.test(path));
    const value = found && context.site.code.literal(found.spot.file, found.spot.fn, found.value);
    return typeof value === 'number' ? value : undefined;
  };
  const count = number(/^(?:max|limit|points|delayAfter)$/);
  const ms = number(/^(?:windowMs|timeWindow|duration|ttl)$/);
  if (count === undefined) return '';
  return ms === undefined
    ? `${count} in a window, `
    : `${count} in ${ms >= 1000 ? `${Math.round(ms / 1000)} s` : `${ms} s`}, `;
}
