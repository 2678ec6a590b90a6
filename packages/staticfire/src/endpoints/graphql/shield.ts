import type { CallSite } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { initOf } from '../reading/exports.ts';
import { functionOf, linkOf } from '../reading/functions.ts';
import { unwrap } from '../reading/unwrap.ts';

const rootOf: Readonly<Record<string, string>> = {
  query: 'Query',
  mutation: 'Mutation',
  subscription: 'Subscription',
};

/** Rules of graphql-shield (`shield({ Query: { '*': deny, me: signedIn } })`) stand before the fields that they name. */
export function behindShields(site: EndpointSite, list: readonly Endpoint[]): readonly Endpoint[] {
  const shields = site
    .importing('graphql-shield')
    .flatMap((file) => site.sites(file).calls.filter(({ name }) => name === 'shield'));
  if (shields.length === 0) return list;
  return list.map((one) => {
    const links = shields.flatMap((call) => ruleFor(site, call, one) ?? []);
    return links.length === 0 ? one : { ...one, chain: [...links, ...one.chain] };
  });
}

/** The field's own rule, else that of `*`, else that of the whole type. */
function ruleFor(site: EndpointSite, call: CallSite, { method, path }: Endpoint): ChainLink | undefined {
  const [tree, options] = call.expr.args;
  const type = tree && propOf(tree, rootOf[method] ?? '');
  const rule = type?.k === 'obj' ? (propOf(type, path) ?? propOf(type, '*')) : type;
  const found = rule ?? propOf(options, 'fallbackRule');
  return found && ruleLink(site, call, found);
}

/** `rule()(fn)` runs its function. */
function ruleLink(site: EndpointSite, call: CallSite, expr: Expr): ChainLink {
  const link = linkOf(site.code, call, expr, 'policy');
  const given = expr.k === 'ref' ? initOf(site.code, call, expr.path) : undefined;
  const runs =
    given?.expr.k === 'call' ? unwrap(site.code, given, given.expr).handler : functionOf(site.code, call, expr);
  return runs ? { ...link, runs } : link;
}
