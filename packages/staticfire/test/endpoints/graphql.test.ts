import { expect, it } from 'vitest';
import { node } from '../../src/testing/bases.ts';
import { rootFields } from '../../src/endpoints/graphql/sdl.ts';
import { find, shown } from './find.ts';

const service = (packages: readonly string[], files: Readonly<Record<string, string>>) =>
  find(node(files, { dependencies: Object.fromEntries(packages.map((name) => [name, '^4.0.0'])) }));

it('reads root fields of a schema', () => {
  const text =
    'type Book { title: String }\n"""\ntype Query { no: Int }\n"""\ntype Query {\n  # all: Int\n  books(first: Int = 10, where: Where): [Book!]!\n  "one" book(id: ID!): Book @deprecated(reason: "x: y")\n}\nextend type Mutation {\n  add(title: String!): Book\n}\n';
  expect(rootFields(text)).toEqual([
    { operation: 'query', name: 'books', directives: [], line: 6 },
    { operation: 'query', name: 'book', directives: [], line: 7 },
    { operation: 'mutation', name: 'add', directives: [], line: 10 },
  ]);
});

it('finds schemas in code and their resolvers', async () => {
  const found = await service(['@apollo/server'], {
    'src/main.ts':
      "import { ApolloServer } from '@apollo/server';\nimport { startStandaloneServer } from '@apollo/server/standalone';\nconst typeDefs = `#graphql\n  type Query {\n    ping: String\n  }\n  type Mutation { add(n: Int): Int }\n`;\nconst resolvers = { Query: { ping: () => 'pong' }, Mutation: { add: async () => 1 } };\nawait startStandaloneServer(new ApolloServer({ typeDefs, resolvers }), { listen: { port: 4000 } });\n",
  });
  expect(
    found.list
      .filter(({ surface }) => surface === 'graphql')
      .map((one) => `${one.method} ${one.path} ${one.at.line} ${one.handler?.fn}`),
  ).toEqual(['mutation add 7 2', 'query ping 5 1']);
});

it('reads schemas of files', async () => {
  const found = await service(['graphql-yoga'], {
    'src/main.ts':
      "import { createYoga } from 'graphql-yoga';\nimport { createServer } from 'node:http';\nimport { readFileSync } from 'node:fs';\nconst yoga = createYoga({ schema: readFileSync('src/schema.graphql', 'utf8') });\ncreateServer(yoga).listen(4000);\n",
    'src/schema.graphql': 'type Query {\n  items: [Int]\n}\n',
  });
  expect(shown(found)).toEqual(['query items']);
});

it('reads resolvers of type-graphql, object types and builders', async () => {
  const classes = await service(['type-graphql'], {
    'src/main.ts':
      "import { buildSchema } from 'type-graphql';\nimport { Books } from './books';\nimport { createServer } from 'node:http';\nawait buildSchema({ resolvers: [Books] });\ncreateServer((req, res) => res.end()).listen(4000);\n",
    'src/books.ts':
      "import { Resolver, Query, Mutation } from 'type-graphql';\n@Resolver()\nexport class Books {\n  @Query(() => String, { name: 'books' }) all() {}\n  @Mutation(() => String) add() {}\n}\n",
  });
  expect(classes.list.filter(({ surface }) => surface === 'graphql').map(({ path }) => path)).toEqual(['add', 'books']);
  const types = await service(['graphql', 'graphql-http'], {
    'src/main.ts':
      "import { createHandler } from 'graphql-http/lib/use/http';\nimport { GraphQLObjectType, GraphQLSchema } from 'graphql';\nimport { createServer } from 'node:http';\nconst query = new GraphQLObjectType({ name: 'Query', fields: () => ({ one: { resolve: () => 1 }, two: { resolve: () => 2 } }) });\ncreateServer(createHandler({ schema: new GraphQLSchema({ query }) })).listen(4000);\n",
  });
  expect(shown(types)).toEqual(['query one', 'query two']);
});
