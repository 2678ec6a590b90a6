import { express, nest, node } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { sql } from './sql.ts';

const uses = (...packages: readonly string[]) => ({
  dependencies: { express: '^5.1.0', ...Object.fromEntries(packages.map((name) => [name, '^1.0.0'])) },
});
const head =
  "import express from 'express';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst app = express();\n";
const pg = (route: string, files: Readonly<Record<string, string>> = {}) =>
  express({ 'src/server.ts': `${head}${route}app.listen(3000);\n`, ...files }, uses('pg'));
const prismaHead =
  "import express from 'express';\nimport { Prisma, PrismaClient } from '@prisma/client';\nconst db = new PrismaClient();\nconst app = express();\n";
const prisma = (route: string) =>
  express({ 'src/server.ts': `${prismaHead}${route}app.listen(3000);\n` }, uses('@prisma/client'));

export default defineCases(sql, [
  {
    name: 'a parameter of the request in the text',
    show: 'bad',
    files: pg(
      "app.get('/orders', async (req, res) => {\n  const state = req.query.state;\n  res.json(await pool.query(`SELECT * FROM orders WHERE state = '${state}'`));\n});\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:7 joined'] },
  },
  {
    name: 'the value is sent as a parameter',
    show: 'good',
    files: pg(
      "app.get('/orders', async (req, res) => {\n  res.json(await pool.query('SELECT * FROM orders WHERE state = $1', [req.query.state]));\n});\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a helper of a repository is given the text by its caller',
    files: pg(
      "import { list } from './orders';\napp.get('/orders', async (req, res) => res.json(await list(pool, { sort: req.query.sort })));\n",
      {
        'src/orders.ts':
          "export async function list(pool, { sort, limit = 10 }) {\n  let text = 'SELECT * FROM orders';\n  text += ' ORDER BY ' + sort;\n  text += ` LIMIT ${Number(limit)}`;\n  return run(pool, text);\n}\nconst run = (pool, text) => pool.query(text);\n",
      },
    ),
    expect: { verdict: 'fail', findings: ['src/orders.ts:3 joined'] },
  },
  {
    name: 'conditions that are collected and joined',
    files: pg(
      "app.get('/orders', async (req, res) => {\n  const conditions = ['deleted = false'];\n  if (req.query.name) conditions.push(`name = '${req.query.name}'`);\n  const { rows } = await pool.query('SELECT * FROM orders WHERE ' + conditions.join(' AND '));\n  res.json(rows);\n});\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:7 joined'] },
  },
  {
    name: 'raw queries of Prisma',
    files: prisma(
      "app.get('/orders', async (req, res) => {\n  res.json(await db.$queryRawUnsafe('SELECT * FROM orders ORDER BY ' + req.query.sort));\n});\napp.post('/orders', async (req, res) => {\n  res.json(await db.$queryRaw`SELECT * FROM orders ORDER BY ${Prisma.raw(`${req.body.sort} DESC`)}`);\n});\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:6 joined', 'src/server.ts:9 joined'] },
  },
  {
    name: 'tagged templates of Prisma bind their values',
    near: true,
    files: prisma(
      "app.get('/orders', async (req, res) => {\n  const where = req.query.state ? Prisma.sql`WHERE state = ${req.query.state}` : Prisma.empty;\n  res.json(await db.$queryRaw`SELECT * FROM orders ${where}`);\n});\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'placeholders, numbers and a counter',
    near: true,
    files: pg(
      "app.post('/orders', async (req, res) => {\n  const ids = req.body.ids;\n  const marks = ids.map((_, i) => `$${i + 1}`).join(', ');\n  const page = parseInt(req.query.page, 10);\n  const values = [];\n  let where = 'WHERE true';\n  if (req.query.name) {\n    values.push(req.query.name);\n    where += ` AND name = $${values.length}`;\n  }\n  await pool.query(`DELETE FROM orders WHERE id IN (${marks})`, ids);\n  res.json(await pool.query(`SELECT * FROM orders ${where} LIMIT 10 OFFSET ${page * 10}`, values));\n});\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'columns from a fixed list',
    near: true,
    files: pg(
      "const COLUMNS = { date: 'created_at', total: 'total' };\nconst ALLOWED = ['name', 'state'];\napp.get('/orders', async (req, res) => {\n  const column = COLUMNS[req.query.sort] ?? 'id';\n  const direction = req.query.dir === 'desc' ? 'DESC' : 'ASC';\n  const group = req.query.group;\n  if (!ALLOWED.includes(group)) return res.sendStatus(400);\n  res.json(await pool.query(`SELECT ${group} FROM orders GROUP BY ${group} ORDER BY ${column} ${direction}`));\n});\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'fields of an update by their fixed names',
    near: true,
    files: pg(
      "app.patch('/orders/:id', async (req, res) => {\n  const fields = [];\n  const values = [];\n  const map = { name: 'name', state: 'state' };\n  for (const [key, column] of Object.entries(map)) {\n    if (req.body[key] === undefined) continue;\n    values.push(req.body[key]);\n    fields.push(`${column} = $${values.length}`);\n  }\n  await pool.query(`UPDATE orders SET ${fields.join(', ')} WHERE id = $${values.length + 1}`, [...values, req.params.id]);\n  res.end();\n});\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'keys of the body as columns',
    files: pg(
      "app.post('/orders', async (req, res) => {\n  const columns = Object.keys(req.body).join(', ');\n  await pool.query(`INSERT INTO orders (${columns}) VALUES ($1)`, [1]);\n  res.end();\n});\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:7 joined'] },
  },
  {
    name: 'a schema from the environment and a table that every caller names itself',
    near: true,
    files: pg(
      "const schema = process.env.DB_SCHEMA ?? 'public';\nasync function count(table: string) {\n  return pool.query(`SELECT count(*) FROM ${schema}.${table}`);\n}\napp.get('/counts', async (req, res) => res.json([await count('orders'), await count('users')]));\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a value that a schema keeps to a list, and one that it does not',
    files: express(
      {
        'src/server.ts': `${head}import { z } from 'zod';\nconst shape = z.object({ unit: z.enum(['day', 'week']), zone: z.string() });\napp.get('/stats', async (req, res) => {\n  const { unit, zone } = shape.parse(req.query);\n  await pool.query(\`SELECT date_trunc('\${unit}', at) FROM orders\`);\n  await pool.query(\`SELECT at AT TIME ZONE '\${zone}' FROM orders\`);\n  res.end();\n});\napp.listen(3000);\n`,
      },
      uses('pg', 'zod'),
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:10 joined'] },
  },
  {
    name: 'a query builder of TypeORM with text and with parameters',
    files: nest(
      {
        'src/app.module.ts':
          "import { Controller, Get, Module, Query } from '@nestjs/common';\nimport { DataSource } from 'typeorm';\n@Controller('orders')\nexport class OrdersController {\n  constructor(private readonly source: DataSource) {}\n  @Get()\n  list(@Query('name') name: string) {\n    return this.source.createQueryBuilder().where(`orders.name = '${name}'`).andWhere('orders.state = :state', { state: name }).getMany();\n  }\n}\n@Module({ controllers: [OrdersController] })\nexport class AppModule {}\n",
      },
      {
        dependencies: {
          '@nestjs/common': '^11.0.0',
          '@nestjs/core': '^11.0.0',
          '@nestjs/platform-express': '^11.0.0',
          typeorm: '^0.3.0',
          pg: '^8.0.0',
        },
      },
    ),
    expect: { verdict: 'fail', findings: ['src/app.module.ts:8 joined'] },
  },
  {
    name: 'raw parts of Knex',
    files: express(
      {
        'src/server.ts':
          "import express from 'express';\nimport knex from 'knex';\nconst db = knex({ client: 'pg' });\nconst app = express();\napp.get('/orders', async (req, res) => {\n  await db('orders').whereRaw('name = ?', [req.query.name]);\n  res.json(await db('orders').orderByRaw(`${req.query.sort} nulls last`));\n});\napp.listen(3000);\n",
      },
      uses('knex', 'pg'),
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:7 joined'] },
  },
  {
    name: 'quoted by the driver',
    near: true,
    files: express(
      {
        'src/server.ts':
          "import express from 'express';\nimport mysql from 'mysql2/promise';\nconst pool = mysql.createPool({});\nconst app = express();\napp.get('/orders', async (req, res) => {\n  res.json(await pool.query(`SELECT * FROM orders WHERE name = ${pool.escape(req.query.name)} ORDER BY ${mysql.escapeId(req.query.sort)}`));\n});\napp.listen(3000);\n",
      },
      uses('mysql2'),
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the same words sent to something else',
    near: true,
    files: pg(
      "import { log } from './log';\napp.get('/orders', async (req, res) => {\n  log.query(`orders of ${req.query.name}`);\n  app.get(`/x/${req.query.name}`);\n  res.json(await pool.query('SELECT 1'));\n});\n",
      { 'src/log.ts': 'export const log = { query: (text: string) => console.log(text) };\n' },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a part whose callers cannot be found',
    near: true,
    files: pg(
      'export const handlers = {\n  async find(column) {\n    return pool.query(`SELECT ${column} FROM orders`);\n  },\n};\napp.use(handlers);\n',
    ),
    expect: { verdict: 'unknown' },
  },
  {
    name: 'no database',
    files: node({}),
    expect: { verdict: 'not-applicable' },
  },
]);
