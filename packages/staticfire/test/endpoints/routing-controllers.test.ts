import { expect, it } from 'vitest';
import { express } from '../../src/testing/bases.ts';
import { chainOf, find, pick, shown } from './find.ts';

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
  expect(shown(found)).toEqual(['GET /users', 'POST /users/:id']);
  expect(chainOf(pick(found, 'POST /users/:id'))).toEqual(['Session']);
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
