import { expect, it } from 'vitest';
import type { Endpoints } from '../../src/facts/endpoints.ts';
import { node } from '../../src/testing/bases.ts';
import { chainOf, find, linksOf, pick, shown } from './find.ts';

const service = (text: string, packages: readonly string[], files = {}): Promise<Endpoints> =>
  find(
    node(
      {
        'src/main.ts': `import { createServer } from 'node:http';\n${text}\ncreateServer(() => {}).listen(4000);\n`,
        ...files,
      },
      { dependencies: Object.fromEntries(packages.map((name) => [name, '^2.0.0'])) },
    ),
  );

it('type-graphql: authorisation runs the checker of the schema, after middleware of everywhere', async () => {
  const found = await service(
    `import { Resolver, Query, Mutation, Authorized, UseMiddleware, buildSchema } from 'type-graphql';
const checker = ({ context }, roles) => true;
const log = async (data, next) => next();
class Limit { use() {} }
@UseMiddleware(Limit)
@Resolver()
class Books {
  @Query(() => String) books() {}
  @Authorized('ADMIN') @Mutation(() => String) add() {}
}
await buildSchema({ resolvers: [Books], authChecker: checker, globalMiddlewares: [log] });`,
    ['type-graphql'],
  );
  expect(linksOf(pick(found, 'query books'))).toEqual([
    'middleware log → src/main.ts#2',
    'middleware Limit → src/main.ts#3',
  ]);
  expect(linksOf(pick(found, 'mutation add')).at(-1)).toBe('guard Authorized → src/main.ts#1');
});

it('Pothos and Nexus: options of fields, wrappers of resolvers', async () => {
  const pothos = await service(
    "import SchemaBuilder from '@pothos/core';\nconst builder = new SchemaBuilder({});\nconst timed = (fn) => fn;\nbuilder.queryField('me', (t) => t.field({ type: 'User', authScopes: { signedIn: true }, resolve: timed(() => 1) }));\nbuilder.mutationFields((t) => ({ save: t.boolean({ validate: shape, resolve: () => true }) }));\nconst shape = {};",
    ['@pothos/core'],
  );
  expect(chainOf(pick(pothos, 'query me'))).toEqual(['obj', 'timed']);
  expect(pick(pothos, 'query me').handler).toBeDefined();
  expect(linksOf(pick(pothos, 'mutation save'))).toEqual(['validator shape on body']);
  const nexus = await service(
    "import { extendType, queryField } from 'nexus';\nconst isAdmin = () => true;\nexport const a = queryField('a', { type: 'A', authorize: isAdmin, resolve: () => 1 });\nexport const b = extendType({ type: 'Mutation', definition(t) { t.nonNull.field('b', { type: 'B', resolve: () => 1 }); } });",
    ['nexus'],
  );
  expect(shown(nexus).filter((one) => !one.startsWith('ALL'))).toEqual(['query a', 'mutation b']);
  expect(linksOf(pick(nexus, 'query a'))).toEqual(['guard isAdmin → src/main.ts#1']);
});

it('schemas: directives, wrappers of resolvers, rules of a shield', async () => {
  const found = await service(
    "import { ApolloServer } from '@apollo/server';\nimport { rule, shield } from 'graphql-shield';\nconst typeDefs = `type Query { me: String @auth(requires: USER) open: Int } type Mutation { save(id: ID!): Int }`;\nconst signedIn = (fn) => (a, b, c) => fn(a, b, c);\nconst resolvers = { Query: { me: signedIn(() => 1), open: () => 2 }, Mutation: { save: () => 3 } };\nconst isUser = rule()(async (parent, args, context) => true);\nconst isAdmin = rule()(async () => false);\nexport const permissions = shield({ Query: { '*': isUser, open: isAdmin }, Mutation: isAdmin });\nnew ApolloServer({ typeDefs, resolvers });",
    ['@apollo/server', 'graphql-shield'],
  );
  expect(chainOf(pick(found, 'query me'))).toEqual(['isUser', '@auth(requires: USER)', 'signedIn']);
  expect(linksOf(pick(found, 'query open'))).toEqual([expect.stringMatching(/^policy isAdmin → src\/main\.ts#\d+$/)]);
  expect(chainOf(pick(found, 'mutation save'))).toEqual(['isAdmin']);
});
