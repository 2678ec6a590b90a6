import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { functionOf } from '../reading/functions.ts';
import { linksInSequence } from '../reading/sequence.ts';
import { ancestorsOf, classAt, membersOf, type ClassSpot } from '../nestjs/classes.ts';
import { appliedBy, type Applied } from '../nestjs/decorators.ts';
import { classLink } from '../nestjs/links.ts';
import { fieldName } from '../nestjs/providers.ts';

const library = 'type-graphql';
const operationOf: Readonly<Record<string, string>> = {
  Query: 'query',
  Mutation: 'mutation',
  Subscription: 'subscription',
};

/** `@Query()` on resolvers of type-graphql, behind what the schema and their decorators put before them. */
export function decorated(site: EndpointSite): readonly Endpoint[] {
  const files = site.importing(library);
  if (files.length === 0) return [];
  const schema = schemaOf(site, files);
  return files.flatMap((file) =>
    (site.code.get(file)?.summary.classes ?? []).flatMap((cls, index) =>
      cls.decorators.length === 0 || !site.live.hasBinding(file, cls.name)
        ? []
        : ofResolver(site, { file, cls: index }, schema),
    ),
  );
}

interface Schema {
  readonly before: readonly ChainLink[];
  readonly checker: ChainLink['runs'];
}

/** `buildSchema({ authChecker, globalMiddlewares })`. */
function schemaOf(site: EndpointSite, files: readonly string[]): Schema {
  const calls = files.flatMap((file) => site.sites(file).calls).filter(({ name }) => name.startsWith('buildSchema'));
  const given = (key: string): readonly { readonly call: (typeof calls)[number]; readonly expr: Expr }[] =>
    calls.flatMap((call) => {
      const expr = propOf(call.expr.args[0], key);
      return expr ? [{ call, expr }] : [];
    });
  const [checker] = given('authChecker');
  return {
    before: given('globalMiddlewares').flatMap(({ call, expr }) => linksInSequence(site.code, call, expr)),
    checker: checker && functionOf(site.code, checker.call, checker.expr),
  };
}

function ofResolver(site: EndpointSite, spot: ClassSpot, schema: Schema): readonly Endpoint[] {
  const above = ancestorsOf(site.code, spot).flatMap((one) => {
    const cls = classAt(site.code, one);
    return cls ? linksOf(site, schema, appliedBy(site.code, one.file, cls.parent, cls.decorators)) : [];
  });
  return membersOf(site.code, spot).flatMap(({ member, of }) => {
    const { fn } = member;
    if (fn === undefined || member.decorators.length === 0) return [];
    const applied = appliedBy(site.code, of.file, classAt(site.code, of)?.parent ?? 0, member.decorators);
    return applied.flatMap((one): Endpoint[] => {
      const method = one.package === library ? operationOf[one.name] : undefined;
      if (method === undefined) return [];
      return [
        {
          surface: 'graphql',
          framework: 'graphql',
          method,
          path: fieldName(site, one) ?? member.name,
          at: { file: of.file, line: lineOf(member.at) },
          handler: { file: of.file, fn },
          chain: [...schema.before, ...above, ...linksOf(site, schema, applied)],
        },
      ];
    });
  });
}

/** `@Authorized('ADMIN')` runs the schema's checker; `@UseMiddleware(…)` runs what it names. */
function linksOf({ code }: EndpointSite, { checker }: Schema, applied: readonly Applied[]): readonly ChainLink[] {
  return applied.flatMap((one): readonly ChainLink[] => {
    if (one.package !== library) return [];
    const { file, fn, written } = one;
    if (one.name === 'Authorized')
      return [{ file, fn, expr: written, role: 'guard', ...(checker ? { runs: checker } : {}) }];
    return one.name === 'UseMiddleware' ? one.args.map((arg) => classLink(code, one, arg, 'middleware')) : [];
  });
}
