import { express, nest } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { erasure } from './erasure.ts';

const schema = (more = ''): string =>
  `datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\nmodel User {\n  id String @id\n  email String @unique\n  name String?\n  deletedAt DateTime?\n  notes Note[]\n}\n${more}`;
const note = (attributes: string, type = 'String'): string =>
  `model Note {\n  id String @id\n  text String\n  userId ${type}\n  user User${type.endsWith('?') ? '?' : ''} @relation(fields: [userId], references: [id]${attributes})\n}\n`;
const packages = { dependencies: { '@prisma/client': '^6.0.0', express: '^5.0.0' } };

/** A service that signs people up, with the routes given. */
const service = (routes: string, models = schema(note(', onDelete: Cascade'))): Readonly<Record<string, string>> =>
  express(
    {
      'prisma/schema.prisma': models,
      'src/db.ts': "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();\n",
      'src/server.ts': `import express from 'express';\nimport { prisma } from './db';\nconst app = express();\napp.post('/sign-up', async (req, res) => {\n  await prisma.user.create({ data: { email: req.body.email } });\n  res.end();\n});\n${routes}app.listen(3000);\n`,
    },
    packages,
  );

export default defineCases(erasure, [
  {
    name: 'an endpoint deletes the row and the database what refers to it',
    show: 'good',
    files: service(
      "app.delete('/me', async (req, res) => {\n  await prisma.user.delete({ where: { id: req.userId } });\n  res.end();\n});\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'no endpoint does it',
    show: 'bad',
    files: service(
      "app.get('/me', async (req, res) => res.json(await prisma.user.findUnique({ where: { id: req.userId } })));\n",
    ),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'the row is only marked',
    show: 'bad',
    files: service(
      "app.delete('/me', async (req, res) => {\n  await prisma.user.update({ where: { id: req.userId }, data: { deletedAt: new Date() } });\n  res.end();\n});\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:9 marked'] },
  },
  {
    name: 'what tells who it was is overwritten',
    near: true,
    files: service(
      "app.post('/account/delete', async (req, res) => {\n  await prisma.user.update({ where: { id: req.userId }, data: { deletedAt: new Date(), email: `deleted-${req.userId}@invalid`, name: null } });\n  res.end();\n});\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the database refuses while rows refer to it',
    files: service(
      "app.delete('/users/:id', async (req, res) => {\n  await prisma.user.delete({ where: { id: req.params.id } });\n  res.end();\n});\n",
      schema(note('')),
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:9 blocked'] },
  },
  {
    name: 'the rows that refer to it are deleted before',
    near: true,
    files: service(
      "app.delete('/users/:id', async (req, res) => {\n  await prisma.$transaction([prisma.note.deleteMany({ where: { userId: req.params.id } }), prisma.user.delete({ where: { id: req.params.id } })]);\n  res.end();\n});\n",
      schema(note('')),
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'rows that may stand without a person are detached',
    near: true,
    files: service(
      "app.delete('/users/:id', async (req, res) => {\n  await prisma.user.delete({ where: { id: req.params.id } });\n  res.end();\n});\n",
      schema(note('', 'String?')),
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the deletion stands in a function that is made and called later',
    near: true,
    files: service(
      "const erase = (id: string) => () => prisma.user.delete({ where: { id } });\nconst removal = (id: string) => ({ run: () => erase(id) });\napp.delete('/me', async (req, res) => {\n  await removal(req.userId).run()();\n  res.end();\n});\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a sign-up that failed is undone',
    files: service(
      "app.post('/register', async (req, res) => {\n  const user = await prisma.user.create({ data: { email: req.body.email } });\n  try {\n    await send(user);\n  } catch {\n    await prisma.user.delete({ where: { id: user.id } });\n  }\n  res.end();\n});\nasync function send(_: unknown) {}\n",
    ),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'the function that would do it is called by nothing',
    files: {
      ...service(''),
      'src/db.ts':
        "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();\nexport async function deleteUser(id: string) {\n  await prisma.user.delete({ where: { id } });\n}\n",
    },
    expect: { verdict: 'fail', findings: ['src/db.ts:4 dead'] },
  },
  {
    name: 'the library that keeps accounts deletes them',
    near: true,
    files: express(
      {
        'src/auth.ts':
          "import { betterAuth } from 'better-auth';\nexport const auth = betterAuth({ user: { deleteUser: { enabled: true } } });\n",
        'src/schema.ts':
          "import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { id: text('id').primaryKey(), email: text('email').notNull() });\n",
        'src/server.ts':
          "import express from 'express';\nimport { auth } from './auth';\nimport { users } from './schema';\nconst app = express();\napp.all('/api/auth/*', auth.handler);\napp.get('/', (_, res) => res.json(Object.keys(users)));\napp.listen(3000);\n",
      },
      { dependencies: { express: '^5.0.0', 'better-auth': '^1.0.0', 'drizzle-orm': '^0.40.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a repository behind an abstract class only marks the row',
    files: nest(
      {
        'src/user.ts':
          "import { Column, DeleteDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';\n@Entity('user')\nexport class UserEntity {\n  @PrimaryGeneratedColumn() id: number;\n  @Column() email: string;\n  @DeleteDateColumn() deletedAt: Date;\n}\n",
        'src/users.ts':
          "import { Repository } from 'typeorm';\nimport { UserEntity } from './user';\nexport abstract class Users {\n  abstract remove(id: number): Promise<void>;\n}\nexport class StoredUsers implements Users {\n  constructor(private readonly rows: Repository<UserEntity>) {}\n  async add(email: string) {\n    await this.rows.save({ email });\n  }\n  async remove(id: number) {\n    await this.rows.softDelete(id);\n  }\n}\n",
        'src/app.module.ts':
          "import { Controller, Delete, Module, Param } from '@nestjs/common';\nimport { StoredUsers, Users } from './users';\n@Controller('users')\nclass UsersController {\n  constructor(private readonly users: Users) {}\n  @Delete(':id')\n  remove(@Param('id') id: number) {\n    return this.users.remove(id);\n  }\n}\n@Module({ controllers: [UsersController], providers: [{ provide: Users, useClass: StoredUsers }] })\nexport class AppModule {}\n",
      },
      { dependencies: { '@nestjs/common': '^11.0.0', '@nestjs/core': '^11.0.0', typeorm: '^0.3.0' } },
    ),
    expect: { verdict: 'fail', findings: ['src/users.ts:12 marked'] },
  },
  {
    name: 'a table of something that is sold',
    near: true,
    files: service(
      '',
      'datasource db {\n  provider = "postgresql"\n}\nmodel Product {\n  id String @id\n  name String\n}\n',
    ),
    expect: { verdict: 'not-applicable' },
  },
  { name: 'nothing of people is kept', files: express({}), expect: { verdict: 'not-applicable' } },
]);
