import type { Spot } from '../../code/production.ts';
import type { Expr } from '../../code/summary.ts';
import type { ChainLink, Endpoint, LinkRole } from '../../facts/endpoints.ts';
import { linkOf } from '../reading/functions.ts';
import { unwrap } from '../reading/unwrap.ts';
import type { Open } from '../running/machine.ts';
import type { Run } from '../running/library.ts';
import type { Arg, Made, Value } from '../running/values.ts';
import { opened, optionOf } from './arguments.ts';

/** A link as it is registered. */
export interface Placed {
  readonly link: ChainLink;
  /** When it runs: lower ranks first, whatever the order of registration. */
  readonly rank: number;
  /** Tests that could not be decided, around the registration. */
  readonly open: readonly Open[];
}

export interface Kind {
  readonly role?: LinkRole;
  readonly on?: string;
  readonly rank?: number;
}

export const placed = (run: Run, link: ChainLink, rank = 0): Placed => ({ link, rank, open: run.open });

/** One link of a chain. */
export function toLink({ site }: Run, arg: Arg, kind: Kind = {}): ChainLink {
  const { role, on }: Kind = { ...arg.kind, ...kind };
  const { file, fn, expr } = writtenOf(site.code, arg);
  const runs = spotOf(arg.value) ?? innerOf(arg.value) ?? linkOf(site.code, { file, fn }, expr).runs;
  return {
    file,
    fn,
    expr,
    ...(runs ? { runs } : {}),
    ...(role ? { role } : {}),
    ...(on === undefined ? {} : { on }),
  };
}

/** Links of arguments, lists opened. */
export const toPlaced = (run: Run, args: readonly Arg[], kind: Kind = {}): readonly Placed[] =>
  opened(args)
    .filter(({ value }) => value.k !== 'lit')
    .flatMap((arg) => validatorsOf(arg) ?? [arg])
    .map((arg) => placed(run, toLink(run, arg, kind), kind.rank));

const validating = /(?:^|[-/])(?:zod|joi|celebrate|valid\w*)(?:$|[-/])/;
const parts: Readonly<Record<string, string>> = {
  body: 'body',
  query: 'query',
  params: 'params',
  headers: 'headers',
  cookies: 'cookies',
};

/** `validateRequest({ body, query })` of a package that validates: a schema for each part. */
function validatorsOf({ value }: Arg): readonly Arg[] | undefined {
  const from = value.k === 'unknown' ? value.from : undefined;
  if (from?.callee.k !== 'pkg' || !validating.test(from.callee.package)) return undefined;
  const found = Object.entries(parts).flatMap(([key, on]): readonly Arg[] => {
    const schema = optionOf(from.args[0], key);
    return schema ? [{ ...schema, kind: { role: 'validator', on } }] : [];
  });
  return found.length > 0 ? found : undefined;
}

/** The call that made a value tells more than a parameter or an item of a list that it came through. */
function writtenOf(code: Run['site']['code'], { value, expr, site, loose }: Arg): Spot & { readonly expr: Expr } {
  const from = value.k === 'unknown' || value.k === 'fn' ? value.from : undefined;
  const here = { file: site.file, fn: site.fn, expr };
  if (!from || expr.k === 'call' || expr.k === 'fn') return here;
  const throughParam = (): boolean => code.origin(site.file, site.fn, expr).kind === 'param';
  return loose || throughParam() ? { file: from.site.file, fn: from.site.fn, expr: from.expr } : here;
}

export const spotOf = (value: Value | undefined): Spot | undefined =>
  value?.k === 'fn' ? { file: value.file, fn: value.fn } : undefined;

/** The function that a package was handed to wrap: `asyncHandler(check)`. */
const innerOf = (value: Value): Spot | undefined =>
  value.k === 'unknown' && value.from?.callee.k === 'pkg' && value.from.args.length === 1
    ? spotOf(value.from.args[0]?.value)
    : undefined;

export interface Handled extends Pick<Endpoint, 'handler'> {
  readonly serves?: NonNullable<Endpoint['serves']>;
  readonly links: readonly Placed[];
  /** The handler as a link, for those that may pass a request on. */
  readonly self?: Placed;
}

export const wrapperRank = 9;

/** The last function handles, those before it are middleware. */
export function handledBy(run: Run, args: readonly Arg[], kind: Kind = {}): Handled {
  const all = opened(args);
  const last = all.at(-1);
  const links = all.slice(0, -1).flatMap((arg) => toPlaced(run, [arg], kind));
  if (!last) return { handler: undefined, links };
  const { handler, wrappers } = behind(run, last);
  const { file, fn, expr } = writtenOf(run.site.code, last);
  const wrapped = expr.k !== 'fn' && (wrappers.length > 0 || (handler === undefined && expr.k === 'call'));
  return {
    handler,
    links: [...links, ...wrappers.map((link) => placed(run, link, wrapperRank))],
    self: placed(run, { file, fn, expr, ...(handler ? { runs: handler } : {}) }, kind.rank),
    ...(wrapped ? { serves: { file, fn, expr } } : {}),
  };
}

interface Behind {
  readonly handler: Spot | undefined;
  readonly wrappers: readonly ChainLink[];
}

/** The function behind a handler: what the run knows, then what stands in the code. */
function behind(run: Run, { value, expr, site }: Arg): Behind {
  const known = peeled(run, value, 0);
  if (known.handler) return known;
  return unwrap(run.site.code, site, expr);
}

const deepest = 8;

/** Through the calls that wrapped it. */
function peeled(run: Run, value: Value, depth: number): Behind {
  const from = value.k === 'fn' || value.k === 'unknown' ? value.from : undefined;
  if (from && depth < deepest)
    for (const { value: inner } of from.args.toReversed()) {
      const found = peeled(run, inner, depth + 1);
      if (found.handler) return { handler: found.handler, wrappers: [wrapperOf(run, from), ...found.wrappers] };
    }
  if (value.k === 'any')
    return { handler: value.of.flatMap((one) => peeled(run, one, depth + 1).handler ?? [])[0], wrappers: [] };
  return { handler: spotOf(value), wrappers: [] };
}

function wrapperOf(run: Run, { callee, expr, site }: Made): ChainLink {
  const arg: Arg = { value: callee, expr: expr.callee, site };
  return toLink(run, arg, { role: 'wrapper' });
}

/** What a chain holds of a link: whether it is there depends on the tests that the route does not stand under. */
export function heldUnder({ link, open }: Placed, route: readonly Open[]): ChainLink {
  const test = open.find((one) => !route.some((other) => other.test === one.test && other.holds === one.holds));
  return test ? { ...link, when: test } : link;
}
