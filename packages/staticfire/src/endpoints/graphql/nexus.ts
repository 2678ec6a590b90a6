import type { CallSite } from '../../code/sites.ts';
import { propOf } from '../../code/walk.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { namedField } from './fields.ts';

/** `queryField('name', { … })`, and fields that `definition(t)` of a root type adds. */
export function nexusFields(site: EndpointSite): readonly Endpoint[] {
  return site.importing('nexus').flatMap((file) => {
    const { calls } = site.sites(file);
    return calls.flatMap((call) => {
      const alone = /^(query|mutation|subscription)Field$/.exec(call.name)?.[1];
      const [first, second] = call.expr.args;
      if (alone !== undefined && first?.k === 'str')
        return [namedField(site, call, alone, first.v, call.expr.at, second)];
      const method = rootOf(call);
      const definition = method === undefined ? undefined : propOf(first, 'definition');
      return method !== undefined && definition?.k === 'fn' ? fieldsIn(site, calls, definition.fn, method) : [];
    });
  });
}

function rootOf({ name, expr }: CallSite): string | undefined {
  const direct = /^(query|mutation|subscription)Type$/.exec(name)?.[1];
  if (direct !== undefined) return direct;
  const type = name === 'extendType' ? propOf(expr.args[0], 'type') : undefined;
  return type?.k === 'str' && /^(?:Query|Mutation|Subscription)$/.test(type.v) ? type.v.toLowerCase() : undefined;
}

/** `t.field('x', …)`, `t.list.field(…)`, `t.nonNull.string(…)`. */
const fieldsIn = (site: EndpointSite, calls: readonly CallSite[], fn: number, method: string): readonly Endpoint[] =>
  calls
    .filter((call) => call.fn === fn && call.path.startsWith('t.'))
    .flatMap((call) => {
      const [name, options] = call.expr.args;
      if (name?.k === 'str') return [namedField(site, call, method, name.v, call.expr.at, options)];
      const named = propOf(name, 'name');
      return named?.k === 'str' ? [namedField(site, call, method, named.v, call.expr.at, name)] : [];
    });
