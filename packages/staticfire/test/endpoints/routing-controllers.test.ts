import { expect, it } from 'vitest';
import { express } from '../../src/testing/bases.ts';
import { chainOf, find, pick, shown, stepsOf } from './find.ts';

it('counts methods of decorated controllers', async () => {
  const found = await find(
    express(
      {
        'src/server.ts':
          "import 'reflect-metadata';\nimport { createExpressServer } from 'routing-controllers';\nimport { Users } from './users';\ncreateExpressServer({ controllers: [Users], routePrefix: '/api' }).listen(3000);\n",
        'src/users.ts':
          "import { JsonController, Get, Post, UseBefore } from 'routing-controllers';\nclass Session {}\n@JsonController('/users')\nexport class Users {\n  @Get('/') list() {}\n  @UseBefore(Session) @Post('/:id') save() {}\n  helper() {}\n}\n",
      },
      { dependencies: { express: '^4.0.0', 'routing-controllers': '^0.11.0' } },
    ),
  );
  expect(shown(found)).toEqual(['GET /api/users', 'POST /api/users/:id']);
  expect(chainOf(pick(found, 'POST /api/users/:id'))).toEqual(['Session']);
});

const served = (packages: readonly string[], files: Readonly<Record<string, string>>) =>
  find(express(files, { dependencies: Object.fromEntries(['express', ...packages].map((name) => [name, '^1.0.0'])) }));

it('puts what the application registered before its controllers, and roles, and bodies', async () => {
  const found = await served(['routing-controllers'], {
    'src/server.ts':
      "import express from 'express';\nimport { useExpressServer } from 'routing-controllers';\nimport { Users } from './users';\nconst app = express();\napp.use(first);\nuseExpressServer(app, { controllers: [Users], authorizationChecker: (action) => !!action.request.user });\napp.use(late);\napp.listen(3000);\nfunction first() {}\nfunction late() {}\n",
    'src/users.ts':
      "import { JsonController, Post, Body, Authorized, UseBefore } from 'routing-controllers';\nimport { NewUser } from './new-user';\nclass Session { use(req, res, next) { next(); } }\n@UseBefore(Session)\n@JsonController('/users')\nexport class Users {\n  @Authorized('admin') @Post('/') save(@Body() body: NewUser) {}\n}\n",
    'src/new-user.ts': 'export class NewUser {}\n',
  });
  expect(stepsOf(pick(found, 'POST /users'))).toEqual([
    'first',
    'settings fn',
    'Session',
    'guard Authorized',
    'validator/body NewUser',
  ]);
  expect(pick(found, 'POST /users').chain[2]?.runs).toBeDefined();
});

it('follows the server of inversify', async () => {
  const found = await served(['inversify', 'inversify-express-utils'], {
    'src/server.ts':
      "import { Container } from 'inversify';\nimport { InversifyExpressServer } from 'inversify-express-utils';\nimport './users';\nconst server = new InversifyExpressServer(new Container(), null, { rootPath: '/v1' });\nserver.setConfig((app) => { app.use(first); });\nserver.setErrorConfig((app) => { app.use((error, req, res, next) => {}); });\nserver.build().listen(3000);\nfunction first() {}\n",
    'src/users.ts':
      "import { controller, httpGet } from 'inversify-express-utils';\n@controller('/users', session)\nexport class Users {\n  @httpGet('/:id', limit) one() {}\n}\nfunction session() {}\nfunction limit() {}\n",
  });
  expect(stepsOf(pick(found, 'GET /v1/users/:id'))).toEqual(['first', 'session', 'limit', 'filter fn']);
});

it('counts what a container makes, and says that its place is not known', async () => {
  const found = await find(
    express({
      'src/server.ts':
        "import express from 'express';\nimport { boot } from 'some-container';\nimport { Orders } from './orders';\nimport { addHealth } from './health';\nconst app = express();\napp.get('/', (req, res) => res.end());\nboot([Orders], addHealth, app);\napp.listen(3000);\n",
      'src/orders.ts':
        "import { Router } from 'express';\nexport class Orders {\n  readonly router = Router();\n  constructor() {\n    this.router.get('/orders', (req, res) => res.json([]));\n  }\n}\n",
      'src/health.ts':
        "import type { Express } from 'express';\nexport function addHealth(app: Express) {\n  app.get('/health', (req, res) => res.end());\n}\n",
    }),
  );
  expect(found.list).toHaveLength(3);
  expect(shown(found)).toContain('GET /');
  expect(found.lost.length).toBeGreaterThan(0);
});
