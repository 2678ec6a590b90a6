import { express, nest, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { outboundTimeout } from './outbound-timeout.ts';

const using = (name: string, version = '^1.0.0'): { dependencies: Record<string, string> } => ({
  dependencies: { express: '^5.1.0', [name]: version },
});
const server = (head: string, handler: string): string =>
  `import express from 'express';\n${head}\nconst app = express();\napp.get('/', async (_, res) => {\n  ${handler}\n  res.end();\n});\napp.listen(3000);\n`;

export default defineCases(outboundTimeout, [
  {
    name: 'fetch without a signal',
    show: 'bad',
    files: express({ 'src/server.ts': server('', "await fetch('https://api.example.com/rates');") }),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 unlimited'] },
  },
  {
    name: 'fetch with a signal that fires',
    show: 'good',
    files: express({
      'src/server.ts': server(
        '',
        "await fetch('https://api.example.com/rates', { signal: AbortSignal.timeout(5000) });",
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the signal of the caller is no time limit',
    files: express({
      'src/server.ts': server(
        'const stop = new AbortController();',
        "await fetch('https://api.example.com/rates', { signal: stop.signal });",
      ),
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 unlimited'] },
  },
  {
    name: 'a controller that a timer aborts',
    near: true,
    files: express({
      'src/server.ts': server(
        '',
        "const c = new AbortController();\n  const t = setTimeout(() => c.abort(), 5000);\n  await fetch('https://api.example.com/rates', { signal: c.signal });\n  clearTimeout(t);",
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a wrapper that sets the limit',
    near: true,
    files: express({
      'src/http.ts':
        'export async function load(url: string, { timeout = 5000, ...init }: { timeout?: number } = {}) {\n  const controller = new AbortController();\n  const timer = setTimeout(() => controller.abort(), timeout);\n  try {\n    return await fetch(url, { ...init, signal: controller.signal });\n  } finally {\n    clearTimeout(timer);\n  }\n}\n',
      'src/server.ts': server("import { load } from './http';", "await load('https://api.example.com/rates');"),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a wrapper that passes on what its callers give, and one gives nothing',
    files: express({
      'src/http.ts': 'export const load = (url: string, init?: RequestInit) => fetch(url, init);\n',
      'src/server.ts': server(
        "import { load } from './http';",
        "await load('https://a.example.com', { signal: AbortSignal.timeout(100) });\n  await load('https://b.example.com');",
      ),
    }),
    expect: { verdict: 'fail', findings: ['src/http.ts:1 unlimited'] },
  },
  {
    name: 'a wrapper whose callers all give a limit',
    near: true,
    files: express({
      'src/http.ts':
        'export const load = (url: string, init?: RequestInit) => fetch(url, { ...init, method: "GET" });\n',
      'src/server.ts': server(
        "import { load } from './http';",
        "await load('https://a.example.com', { signal: AbortSignal.timeout(100) });",
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a wrapper that starts its timer only when asked, and nobody asks',
    files: express({
      'src/http.ts':
        'export async function load(url: string, init?: { timeout?: number }) {\n  const { timeout, ...rest } = init || {};\n  const controller = new AbortController();\n  if (timeout) setTimeout(() => controller.abort(), timeout);\n  return fetch(url, { ...rest, signal: controller.signal });\n}\n',
      'src/server.ts': server("import { load } from './http';", "await load('https://a.example.com');"),
    }),
    expect: { verdict: 'fail', findings: ['src/http.ts:5 unlimited'] },
  },
  {
    name: 'a function that only runs in the browser',
    near: true,
    files: next({
      'src/app/page.tsx':
        "import { save } from '../save';\nexport default function Page() {\n  return <button data-save={save}>x</button>;\n}\n",
      'src/save.ts':
        "export async function save() {\n  const file = await fetch('https://files.example.com/a');\n  document.createElement('a').href = URL.createObjectURL(await file.blob());\n}\n",
    }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'a race with a timer around the call',
    near: true,
    files: express({
      'src/limit.ts':
        "export const within = <T>(work: Promise<T>, ms: number): Promise<T> =>\n  Promise.race([work, new Promise<T>((_, reject) => setTimeout(() => reject(new Error('late')), ms))]);\n",
      'src/server.ts': server(
        "import { within } from './limit';\nconst load = async () => fetch('https://api.example.com/rates');",
        'await within(load(), 1000);',
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'waiting between attempts is no limit',
    files: express({
      'src/retry.ts':
        'export async function retry<T>(work: () => Promise<T>): Promise<T> {\n  try {\n    return await work();\n  } catch {\n    await new Promise((resolve) => setTimeout(resolve, 100));\n    return work();\n  }\n}\n',
      'src/server.ts': server(
        "import { retry } from './retry';",
        "await retry(() => fetch('https://api.example.com/rates'));",
      ),
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 unlimited'] },
  },
  {
    name: 'an axios instance without a limit, told once',
    files: express(
      {
        'src/api.ts':
          "import axios from 'axios';\nexport const api = axios.create({ baseURL: 'https://api.example.com' });\n",
        'src/server.ts': server(
          "import { api } from './api';",
          "await api.get('/rates');\n  await api.post('/orders', {});",
        ),
      },
      using('axios'),
    ),
    expect: { verdict: 'fail', findings: ['src/api.ts:2 unlimited-client'] },
  },
  {
    name: 'an axios instance with a limit',
    near: true,
    files: express(
      {
        'src/api.ts':
          "import axios from 'axios';\nexport const api = axios.create({ baseURL: 'https://api.example.com', timeout: 5000 });\n",
        'src/server.ts': server("import { api } from './api';", "await api.get('/rates');"),
      },
      using('axios'),
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the defaults of axios set the limit',
    near: true,
    files: express(
      {
        'src/server.ts': server(
          "import axios from 'axios';\naxios.defaults.timeout = 5000;",
          "await axios.get('https://api.example.com/rates');",
        ),
      },
      using('axios'),
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a kit that gives up by itself',
    near: true,
    files: express(
      {
        'src/server.ts': server(
          "import Stripe from 'stripe';\nconst stripe = new Stripe(process.env.STRIPE_KEY);",
          'await stripe.charges.create({ amount: 1 });',
        ),
      },
      using('stripe'),
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a limit that is switched off',
    files: express(
      {
        'src/server.ts': server("import ky from 'ky';", "await ky.get('https://api.example.com', { timeout: false });"),
      },
      using('ky'),
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 off'] },
  },
  {
    name: 'a storage client without a limit',
    files: express(
      {
        'src/store.ts':
          "import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';\nclass Store {\n  private readonly s3: S3Client;\n  constructor() {\n    this.s3 = new S3Client({ region: 'eu-west-1' });\n  }\n  put(key: string) {\n    return this.s3.send(new PutObjectCommand({ Bucket: 'b', Key: key }));\n  }\n}\nexport const store = new Store();\n",
        'src/server.ts': server("import { store } from './store';", "await store.put('a');"),
      },
      using('@aws-sdk/client-s3'),
    ),
    expect: { verdict: 'fail', findings: ['src/store.ts:5 unlimited-client'] },
  },
  {
    name: 'a storage client whose request handler has a limit',
    near: true,
    files: express(
      {
        'src/server.ts': server(
          "import { S3Client, ListBucketsCommand } from '@aws-sdk/client-s3';\nimport { NodeHttpHandler } from '@smithy/node-http-handler';\nconst s3 = new S3Client({ requestHandler: new NodeHttpHandler({ requestTimeout: 5000 }) });",
          'await s3.send(new ListBucketsCommand({}));',
        ),
      },
      { dependencies: { express: '^5.1.0', '@aws-sdk/client-s3': '^3.0.0', '@smithy/node-http-handler': '^4.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a request of Node.js whose timeout nobody hears',
    files: express({
      'src/server.ts': server(
        "import https from 'node:https';",
        "https.get('https://api.example.com', { timeout: 1000 }, (r) => r.resume());",
      ),
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 unheard'] },
  },
  {
    name: 'a request of Node.js that is destroyed in time',
    near: true,
    files: express({
      'src/server.ts': server(
        "import https from 'node:https';",
        "const r = https.get('https://api.example.com', { timeout: 1000 }, (x) => x.resume());\n  r.on('timeout', () => r.destroy());",
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the HTTP module of NestJS with a limit',
    near: true,
    files: nest(
      {
        'src/app.module.ts':
          "import { Module } from '@nestjs/common';\nimport { HttpModule } from '@nestjs/axios';\nimport { RatesService } from './rates.service';\n@Module({ imports: [HttpModule.register({ timeout: 5000 })], providers: [RatesService] })\nexport class AppModule {}\n",
        'src/rates.service.ts':
          "import { Injectable, OnModuleInit } from '@nestjs/common';\nimport { HttpService } from '@nestjs/axios';\n@Injectable()\nexport class RatesService implements OnModuleInit {\n  constructor(private readonly http: HttpService) {}\n  onModuleInit() {\n    return this.http.get('https://api.example.com/rates');\n  }\n}\n",
      },
      { dependencies: { '@nestjs/common': '^11.0.0', '@nestjs/core': '^11.0.0', '@nestjs/axios': '^4.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a path of its own is asked for by the browser',
    near: true,
    files: next({
      'src/app/page.tsx':
        "import { load } from '../load';\nexport default function Page() {\n  return <button data-load={load}>x</button>;\n}\n",
      'src/load.ts': "export const load = () => fetch('/api/items');\n",
    }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'options from where reading cannot follow',
    files: express(
      {
        'src/server.ts': server(
          "import { options } from 'options-of-mine';",
          "await fetch('https://api.example.com', options());",
        ),
      },
      using('options-of-mine'),
    ),
    expect: { verdict: 'unknown' },
  },
  { name: 'no call to another server', files: express({}), expect: { verdict: 'not-applicable' } },
]);
