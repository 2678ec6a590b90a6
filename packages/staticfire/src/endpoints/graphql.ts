import { lineOf, type Expr } from '../code/summary.ts';
import { propOf, walkFile } from '../code/walk.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { rootFields, type RootField } from './graphql/sdl.ts';
import { membersOf } from './nestjs/classes.ts';
import { appliedBy } from './nestjs/decorators.ts';
import { fieldName } from './nestjs/providers.ts';
import { functionOf, lastOf } from './reading/functions.ts';

const id = 'graphql';
const servers = [
  '@apollo/server',
  'apollo-server',
  'apollo-server-express',
  'apollo-server-koa',
  'apollo-server-micro',
  'apollo-server-fastify',
  '@as-integrations/',
  'graphql-yoga',
  '@graphql-yoga/',
  '@graphql-tools/schema',
  'mercurius',
  'graphql-http',
  'express-graphql',
  'koa-graphql',
  '@hono/graphql-server',
  '@nestjs/graphql',
  '@nestjs/apollo',
  'type-graphql',
  '@pothos/core',
];
const operationOf: Readonly<Record<string, string>> = {
  Query: 'query',
  Mutation: 'mutation',
  Subscription: 'subscription',
};

/** Fields of the root types: of schemas written in the schema language, of classes of type-graphql, of object types in code. */
export const graphql = defineReader({
  id,
  reads: [],
  find(site) {
    if (site.importing(...servers).length === 0) return nothing;
    const inCode = [...decorated(site), ...objectTypes(site), ...builders(site)];
    return { list: inCode.length > 0 ? inCode : schemas(site), lost: [] };
  },
});

const base = { surface: 'graphql', framework: id, chain: [] } as const;

/** `@Query()` on resolvers of type-graphql. */
function decorated(site: EndpointSite): readonly Endpoint[] {
  return site.importing('type-graphql').flatMap((file) =>
    (site.code.get(file)?.summary.classes ?? []).flatMap((cls, index) => {
      if (cls.decorators.length === 0 || !site.live.hasBinding(file, cls.name)) return [];
      return membersOf(site.code, { file, cls: index }).flatMap(({ member, of }) =>
        appliedBy(site.code, of.file, cls.parent, member.decorators).flatMap((one): Endpoint[] => {
          const method = one.package === 'type-graphql' ? operationOf[one.name] : undefined;
          if (method === undefined || member.fn === undefined) return [];
          const at = { file: of.file, line: lineOf(member.at) };
          return [
            {
              ...base,
              method,
              path: fieldName(site, one) ?? member.name,
              at,
              handler: { file: of.file, fn: member.fn },
            },
          ];
        }),
      );
    }),
  );
}

/** `new GraphQLObjectType({ name: 'Query', fields: { … } })`. */
function objectTypes(site: EndpointSite): readonly Endpoint[] {
  return site.importing(id).flatMap((file) =>
    site.sites(file).calls.flatMap((call): readonly Endpoint[] => {
      if (call.name !== 'GraphQLObjectType') return [];
      const [options] = call.expr.args;
      const name = propOf(options, 'name');
      const method = name?.k === 'str' ? operationOf[name.v.replace(/^Root|Type$/g, '')] : undefined;
      return method ? fieldsOf(site, file, call.fn, method, propOf(options, 'fields')) : [];
    }),
  );
}

/** Pothos: `builder.queryField('name', …)`, `builder.mutationFields((t) => ({ … }))`. */
function builders(site: EndpointSite): readonly Endpoint[] {
  if (site.importing('@pothos/core').length === 0) return [];
  return site.live.files.flatMap((file) =>
    site.sites(file).calls.flatMap((call): readonly Endpoint[] => {
      const [, operation, kind] = /^(query|mutation|subscription)(Fields?|Type)$/.exec(call.name) ?? [];
      const [first] = call.expr.args;
      if (!operation || !first || !call.path.includes('.')) return [];
      if (kind === 'Field')
        return first.k === 'str'
          ? [
              {
                ...base,
                method: operation,
                path: first.v,
                at: { file, line: lineOf(call.expr.at) },
                handler: undefined,
              },
            ]
          : [];
      return fieldsOf(site, file, call.fn, operation, kind === 'Type' ? propOf(first, 'fields') : first);
    }),
  );
}

/** The fields of an object, or of the object that a function returns. */
function fieldsOf(
  site: EndpointSite,
  file: string,
  fn: number,
  method: string,
  given: Expr | undefined,
): readonly Endpoint[] {
  if (!given) return [];
  const body = given.k === 'fn' ? site.code.get(file)?.summary.functions[given.fn]?.body : undefined;
  const last = body?.at(-1);
  const fields = last?.k === 'return' && last.of ? last.of : given;
  if (fields.k !== 'obj') return [];
  return fields.props
    .filter(({ key }) => key !== '...' && key !== '[]')
    .map((prop) => {
      const resolve =
        propOf(prop.value, 'resolve') ??
        propOf(prop.value.k === 'call' ? prop.value.args.at(-1) : undefined, 'resolve');
      const handler = resolve && functionOf(site.code, { file, fn: given.k === 'fn' ? given.fn : fn }, resolve);
      return { ...base, method, path: prop.key, at: { file, line: lineOf(prop.at) }, handler };
    });
}

/** Schemas in templates and strings of live code, and in files that the service holds. */
function schemas(site: EndpointSite): readonly Endpoint[] {
  const resolvers = resolversIn(site);
  const found = new Map<string, Endpoint>();
  const add = (file: string, line: number, field: RootField): void => {
    const key = `${field.operation} ${field.name}`;
    if (found.has(key)) return;
    const at = { file, line: line + field.line };
    found.set(key, { ...base, method: field.operation, path: field.name, at, handler: resolvers.get(key) });
  };
  for (const { file, line, text } of [...written(site), ...files(site)])
    for (const field of rootFields(text)) add(file, line, field);
  return [...found.values()];
}

interface Text {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

function written(site: EndpointSite): readonly Text[] {
  return site.live.files.flatMap((file) => {
    const found: Text[] = [];
    const source = site.code.get(file);
    if (!source) return found;
    walkFile(source.summary, (expr) => {
      const parts =
        expr.k === 'str' ? [expr.v] : expr.k === 'template' && (!expr.tag || isTag(expr.tag)) ? expr.parts : [];
      const at = expr.k === 'str' || expr.k === 'template' ? lineOf(expr.at) : 1;
      if (!parts.some((part) => /\btype\s+(?:Query|Mutation|Subscription)\b/.test(part) || part.length >= longest))
        return;
      found.push(
        parts.some((part) => part.length >= longest) ? whole(site, file) : { file, line: at, text: parts.join(' ') },
      );
    });
    return found;
  });
}

/** Summaries cut longer texts. */
const longest = 2000;
const whole = (site: EndpointSite, file: string): Text => ({ file, line: 1, text: site.workspace.read(file) ?? '' });
const isTag = (tag: Expr): boolean => /^(?:gql|graphql)$/.test(lastOf(tag));

function files({ workspace, service }: EndpointSite): readonly Text[] {
  const before = service.root === '.' ? '' : `${service.root}/`;
  return workspace
    .match(/\.(?:graphqls?|gql)$/)
    .filter(
      (path) =>
        path.startsWith(before) &&
        !/(?:^|\/)(?:generated|__generated__|introspection|tests?|__tests__|fixtures|client|web|frontend)\//.test(path),
    )
    .map((file) => ({ file, line: 1, text: workspace.read(file) ?? '' }));
}

/** Functions under `Query`, `Mutation` and `Subscription` of resolver maps. */
function resolversIn(site: EndpointSite): ReadonlyMap<string, NonNullable<Endpoint['handler']>> {
  const found = new Map<string, NonNullable<Endpoint['handler']>>();
  for (const file of site.live.files) {
    const source = site.code.get(file);
    if (!source) continue;
    walkFile(source.summary, (expr, fn) => {
      if (expr.k !== 'obj') return;
      for (const { key, value } of expr.props) {
        const operation = operationOf[key];
        if (operation === undefined || value.k !== 'obj') continue;
        for (const field of value.props) {
          const handler = functionOf(site.code, { file, fn }, field.value);
          if (handler) found.set(`${operation} ${field.key}`, handler);
        }
      }
    });
  }
  return found;
}
