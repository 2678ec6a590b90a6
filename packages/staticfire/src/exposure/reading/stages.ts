import type { Origin } from '../../code/model.ts';
import type { CallsReached, MakingCall } from '../../code/reach/calls-of.ts';
import type { Spot } from '../../code/production.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import type { Place, Step } from '../../model/place.ts';
import type { ExposureSite } from '../site.ts';

/** One part of the way of a request: a link of the chain, or the handler. */
export interface Stage {
  readonly link: ChainLink | undefined;
  readonly place: Place;
  /** As a reader calls it: 'authRateLimiter'. */
  readonly name: string;
  /** What the link is, or what made it; undefined for the handler. */
  readonly origin: Origin | undefined;
  /** What runs, with everything that this leads to. */
  readonly reached: CallsReached | undefined;
}

export interface Stages {
  /** The links in order, then the handler. */
  of(endpoint: Endpoint): readonly Stage[];
  ofFunction(spot: Spot): Stage;
}

export function createStages(site: ExposureSite): Stages {
  const links = new WeakMap<Expr, Stage>();
  const handlers = new Map<string, Stage>();
  const ofLink = (link: ChainLink): Stage => {
    const found = links.get(link.expr) ?? readLink(site, link);
    links.set(link.expr, found);
    return found;
  };
  const ofHandler = (spot: Spot): Stage => {
    const key = `${spot.file}\0${spot.fn}`;
    const found = handlers.get(key) ?? readHandler(site, spot);
    handlers.set(key, found);
    return found;
  };
  return {
    ofFunction: ofHandler,
    of: ({ chain, handler }) => [...chain.map(ofLink), ...(handler ? [ofHandler(handler)] : [])],
  };
}

function readLink(site: ExposureSite, link: ChainLink): Stage {
  const { file, fn, expr, runs } = link;
  const named = expr.k === 'call' ? expr.callee : expr;
  const made: MakingCall | undefined = expr.k === 'call' ? { file, fn, expr } : undefined;
  return {
    link,
    place: placeOf({ file, fn }, expr),
    name: nameOf(named),
    origin: site.code.origin(file, fn, expr),
    reached: runs && site.reach.from(runs, made),
  };
}

function readHandler(site: ExposureSite, spot: Spot): Stage {
  const func = site.code.get(spot.file)?.summary.functions[spot.fn];
  return {
    link: undefined,
    place: { file: spot.file, line: lineOf(func?.at ?? 1024) },
    name: func?.name || 'the handler',
    origin: undefined,
    reached: site.reach.from(spot),
  };
}

export const placeOf = ({ file }: Spot, expr: Expr): Place =>
  'at' in expr ? { file, line: lineOf(expr.at) } : expr.k === 'await' ? placeOf({ file, fn: 0 }, expr.of) : { file };

/** The last name of an expression. */
export const nameOf = (expr: Expr): string =>
  expr.k === 'ref'
    ? expr.path.slice(expr.path.lastIndexOf('.') + 1)
    : expr.k === 'member'
      ? expr.name
      : expr.k === 'call'
        ? nameOf(expr.callee)
        : '';

/** The step that stands for a part of the chain. */
export const stepOf = (stage: Stage): Step => ({
  note: stage.link ? `${stage.name || 'this'} stands in the chain` : `${stage.name} handles the request`,
  at: stage.place,
});
