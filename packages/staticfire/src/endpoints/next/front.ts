import { propOf } from '../../code/walk.ts';
import type { Expr } from '../../code/summary.ts';
import type { ChainLink } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { exportedExpr } from '../reading/exports.ts';
import { linkOf } from '../reading/functions.ts';
import type { Matches } from '../reading/patterns.ts';
import { unwrap } from '../reading/unwrap.ts';
import { basePathOf } from './folders.ts';
import { sourcePattern } from './matchers.ts';
import { pagesOf, type Page } from './pages.ts';

/** The middleware or proxy file, which runs in front of everything that its matcher names. */
export interface Front {
  /** For a URL as endpoints have it: `/api/[id]`. */
  of(path: string): readonly ChainLink[];
  /** For an action of a file: browsers send it to the page that uses it. */
  ofAction(file: string): readonly ChainLink[];
}

const none: Front = { of: () => [], ofAction: () => [] };

export function frontOf(site: EndpointSite): Front {
  const files = site.service.entries.flatMap(({ file, kind }) => (kind === 'middleware' ? [file] : []));
  const role = (['proxy', 'middleware'] as const).find((name) => files.some((file) => named(file, name)));
  const file = role && files.find((one) => named(one, role));
  if (!role || file === undefined) return none;
  const link = linkIn(site, file, [role, 'default', 'middleware']);
  if (!link) return none;
  const base = basePathOf(site);
  const matches = matcherOf(site, file);
  const runs = (path: string): boolean => matches(sampled(path.startsWith(base) ? path.slice(base.length) : path));
  let pages: Pages | undefined;
  return {
    of: (path) => (runs(path) ? [link] : []),
    ofAction: (action) => {
      pages ??= splitBy(pagesOf(site), runs);
      return everyPage(site, action, pages) ? [link] : [];
    },
  };
}

interface Pages {
  readonly behind: readonly Page[];
  readonly open: readonly Page[];
}

const splitBy = (pages: readonly Page[], runs: (path: string) => boolean): Pages => {
  const behind = pages.filter(({ path }) => runs(path));
  return { behind, open: pages.filter((page) => !behind.includes(page)) };
};

const named = (file: string, name: string): boolean =>
  new RegExp(`(?:^|/)${name}\\.(?:\\w+\\.)?[cm]?[jt]sx?$`).test(file);

/** The link stands for the whole export, wrappers included. */
function linkIn(site: EndpointSite, file: string, names: readonly string[]): ChainLink | undefined {
  const value = names.map((name) => exportedExpr(site.code, file, name)).find((found) => found !== undefined);
  if (!value) return undefined;
  const { handler, serves } = unwrap(site.code, value, value.expr);
  const whole = serves ?? value;
  const link = linkOf(site.code, whole, whole.expr, 'middleware');
  return handler ? { ...link, runs: handler } : link;
}

/** A path with something in the place of its parameters. */
const sampled = (path: string): string =>
  path.replaceAll(/\[\[?\.\.\.\w+\]?\]/g, 'x/x').replaceAll(/\[[^\]/]+\]/g, 'x') || '/';

/** Without a matcher, or with one that Next.js itself cannot read, it runs for every path. */
function matcherOf(site: EndpointSite, file: string): Matches {
  const config = exportedExpr(site.code, file, 'config');
  const given = config && propOf(config.expr, 'matcher');
  if (!config || !given) return () => true;
  const items = given.k === 'arr' ? given.items : [given];
  const rules = items.map((item) => ruleOf(site, config, item));
  return (path) => rules.some((matches) => matches(path));
}

/** Conditions on headers, cookies or queries are the caller's to meet: such a rule keeps nobody out. */
function ruleOf(
  { code }: EndpointSite,
  { file, fn }: { readonly file: string; readonly fn: number },
  item: Expr,
): Matches {
  if (propOf(item, 'has') ?? propOf(item, 'missing')) return () => false;
  const text = code.literal(file, fn, propOf(item, 'source') ?? item);
  return (typeof text === 'string' ? sourcePattern(text) : undefined) ?? (() => false);
}

/** Does it run for every page to which the action can be sent? */
function everyPage({ code }: EndpointSite, action: string, { behind, open }: Pages): boolean {
  if (open.length === 0) return true;
  if (behind.length === 0) return false;
  const seen = new Set<string>([action]);
  for (const file of seen) for (const importer of code.importersOf(file)) seen.add(importer);
  const uses = ({ files }: Page): boolean => files.some((file) => seen.has(file));
  return behind.some(uses) && !open.some(uses);
}
