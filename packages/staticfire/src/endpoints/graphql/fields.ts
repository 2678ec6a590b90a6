import type { Spot } from '../../code/production.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink, Endpoint, LinkRole } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { returnOf } from '../reading/builders.ts';
import { linkOf } from '../reading/functions.ts';
import { handed, type Handed } from '../reading/verb-exports.ts';

const base = { surface: 'graphql', framework: 'graphql' } as const;

/** The fields of an object, or of the object that a function returns. */
export function fieldsOf(site: EndpointSite, spot: Spot, method: string, given: Expr | undefined): readonly Endpoint[] {
  if (!given) return [];
  const inner = given.k === 'fn' ? { file: spot.file, fn: given.fn } : spot;
  const fields = given.k === 'fn' ? (returnOf(site.code, inner) ?? given) : given;
  if (fields.k !== 'obj') return [];
  return fields.props
    .filter(({ key }) => key !== '...' && key !== '[]')
    .map((prop) => ({
      ...base,
      method,
      path: prop.key,
      at: { file: spot.file, line: lineOf(prop.at) },
      ...fieldOf(site, inner, prop.value),
    }));
}

/** One field by its name. */
export const namedField = (
  site: EndpointSite,
  spot: Spot,
  method: string,
  path: string,
  at: number,
  given: Expr | undefined,
): Endpoint => ({
  ...base,
  method,
  path,
  at: { file: spot.file, line: lineOf(at) },
  ...(given ? fieldOf(site, spot, given) : { handler: undefined, chain: [] }),
});

/** Options of a field that say who may ask for it, or that check its arguments. */
const optionRoles: readonly (readonly [key: string, role: LinkRole])[] = [
  ['authScopes', 'settings'],
  ['authorize', 'guard'],
  ['extensions', 'settings'],
  ['validate', 'validator'],
];

/** `{ resolve, authScopes }`, `t.field({ … })`, or a function that returns one of them. */
function fieldOf(site: EndpointSite, spot: Spot, given: Expr): Handed {
  const inner = given.k === 'fn' ? { file: spot.file, fn: given.fn } : spot;
  const value = given.k === 'fn' ? returnOf(site.code, inner) : given;
  const options = value?.k === 'call' ? value.args.at(-1) : value;
  if (options?.k !== 'obj') return { handler: undefined, chain: [] };
  const resolve = propOf(options, 'resolve') ?? propOf(options, 'subscribe');
  const own: Handed = resolve ? handed(site.code, inner, resolve) : { handler: undefined, chain: [] };
  const links = optionRoles.flatMap(([key, role]): readonly ChainLink[] => {
    const option = propOf(options, key);
    return option ? [linkOf(site.code, inner, option, role, role === 'validator' ? 'body' : undefined)] : [];
  });
  return { ...own, chain: [...links, ...own.chain] };
}
