import { propOf, walkFile } from '../code/walk.ts';
import { lineOf, type Expr } from '../code/summary.ts';
import type { ChainLink, Endpoint } from '../facts/endpoints.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { fieldsOf, namedField } from './graphql/fields.ts';
import { nexusFields } from './graphql/nexus.ts';
import { rootFields, type RootField } from './graphql/sdl.ts';
import { behindShields } from './graphql/shield.ts';
import { decorated } from './graphql/type-graphql.ts';
import { lastOf } from './reading/functions.ts';
import { linksInSequence } from './reading/sequence.ts';
import { handed, type Handed } from './reading/verb-exports.ts';

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
  'nexus',
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
    const inCode = [...decorated(site), ...objectTypes(site), ...builders(site), ...nexusFields(site)];
    const before = pluginsOf(site);
    const list = behindShields(site, inCode.length > 0 ? inCode : schemas(site));
    return {
      list: before.length === 0 ? list : list.map((one) => ({ ...one, chain: [...before, ...one.chain] })),
      lost: [],
    };
  },
});

/** `new GraphQLObjectType({ name: 'Query', fields: { … } })`. */
function objectTypes(site: EndpointSite): readonly Endpoint[] {
  return site.importing(id).flatMap((file) =>
    site.sites(file).calls.flatMap((call): readonly Endpoint[] => {
      if (call.name !== 'GraphQLObjectType') return [];
      const [options] = call.expr.args;
      const name = propOf(options, 'name');
      const method = name?.k === 'str' ? operationOf[name.v.replace(/^Root|Type$/g, '')] : undefined;
      return method ? fieldsOf(site, call, method, propOf(options, 'fields')) : [];
    }),
  );
}

/** Pothos: `builder.queryField('name', …)`, `builder.mutationFields((t) => ({ … }))`. */
function builders(site: EndpointSite): readonly Endpoint[] {
  if (site.importing('@pothos/core').length === 0) return [];
  return site.live.files.flatMap((file) =>
    site.sites(file).calls.flatMap((call): readonly Endpoint[] => {
      const [, operation, kind] = /^(query|mutation|subscription)(Fields?|Type)$/.exec(call.name) ?? [];
      const [first, second] = call.expr.args;
      if (!operation || !first || !call.path.includes('.')) return [];
      if (kind === 'Field')
        return first.k === 'str' ? [namedField(site, call, operation, first.v, call.expr.at, second)] : [];
      return fieldsOf(site, call, operation, kind === 'Type' ? propOf(first, 'fields') : first);
    }),
  );
}

/** Plugins of the server that see every operation first: `createYoga({ plugins: [useGenericAuth(…)] })`. */
function pluginsOf(site: EndpointSite): readonly ChainLink[] {
  return site
    .importing('graphql-yoga', '@graphql-yoga/', '@envelop/')
    .flatMap((file) => site.sites(file).calls)
    .flatMap((call) => {
      const plugins = call.name === 'createYoga' ? propOf(call.expr.args[0], 'plugins') : undefined;
      return plugins ? linksInSequence(site.code, call, plugins, 'hook') : [];
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
    const own = resolvers.get(key) ?? { handler: undefined, chain: [] };
    const directives = field.directives.map((text): ChainLink => ({
      file,
      fn: 0,
      expr: { k: 'str', v: text, at: 0 },
      role: 'settings',
    }));
    found.set(key, {
      surface: 'graphql',
      framework: id,
      method: field.operation,
      path: field.name,
      at,
      ...own,
      chain: [...directives, ...own.chain],
    });
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
function resolversIn(site: EndpointSite): ReadonlyMap<string, Handed> {
  const found = new Map<string, Handed>();
  for (const file of site.live.files) {
    const source = site.code.get(file);
    if (!source) continue;
    walkFile(source.summary, (expr, fn) => {
      // Rules are no resolvers.
      if (expr.k === 'call' && lastOf(expr.callee) === 'shield') return false;
      if (expr.k !== 'obj') return true;
      for (const { key, value } of expr.props) {
        const operation = operationOf[key];
        if (operation === undefined || value.k !== 'obj') continue;
        for (const field of value.props) {
          const resolve = propOf(field.value, 'subscribe') ?? propOf(field.value, 'resolve') ?? field.value;
          const own = handed(site.code, { file, fn }, resolve);
          if (own.handler) found.set(`${operation} ${field.key}`, own);
        }
      }
      return true;
    });
  }
  return found;
}
