type Files = Readonly<Record<string, string>>;
type Fields = Readonly<Record<string, unknown>>;

const manifest = (fields: Fields): string =>
  `${JSON.stringify({ name: 'shop', version: '1.0.0', private: true, ...fields }, null, 2)}\n`;

/** A node program without a framework: `npm start` runs src/main.ts. */
export const node = (files: Files, fields: Fields = {}): Files => ({
  'package.json': manifest({ type: 'module', scripts: { start: 'node src/main.ts' }, ...fields }),
  'src/main.ts': "import { createServer } from 'node:http';\ncreateServer((_, res) => res.end('ok')).listen(3000);\n",
  ...files,
});

/** An Express service: `npm start` runs dist/server.js, built from src/server.ts. */
export const express = (files: Files, fields: Fields = {}): Files => ({
  'package.json': manifest({
    scripts: { build: 'tsc', start: 'node dist/server.js' },
    dependencies: { express: '^5.1.0' },
    devDependencies: { typescript: '^5.9.0' },
    ...fields,
  }),
  'tsconfig.json': JSON.stringify({ compilerOptions: { rootDir: 'src', outDir: 'dist' }, include: ['src'] }),
  'src/server.ts': "import express from 'express';\nconst app = express();\napp.listen(3000);\n",
  ...files,
});

/** A Fastify service. */
export const fastify = (files: Files, fields: Fields = {}): Files => ({
  'package.json': manifest({
    type: 'module',
    scripts: { start: 'node src/server.ts' },
    dependencies: { fastify: '^5.0.0' },
    ...fields,
  }),
  'src/server.ts': "import Fastify from 'fastify';\nconst app = Fastify();\nawait app.listen({ port: 3000 });\n",
  ...files,
});

/** A NestJS service with src/main.ts and src/app.module.ts. */
export const nest = (files: Files, fields: Fields = {}): Files => ({
  'package.json': manifest({
    scripts: { build: 'nest build', start: 'node dist/main.js' },
    dependencies: { '@nestjs/common': '^11.0.0', '@nestjs/core': '^11.0.0', '@nestjs/platform-express': '^11.0.0' },
    ...fields,
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: { rootDir: 'src', outDir: 'dist', experimentalDecorators: true },
  }),
  'nest-cli.json': JSON.stringify({ sourceRoot: 'src' }),
  'src/main.ts':
    "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  await app.listen(3000);\n}\nbootstrap();\n",
  'src/app.module.ts':
    "import { Module } from '@nestjs/common';\n@Module({ imports: [], controllers: [], providers: [] })\nexport class AppModule {}\n",
  ...files,
});

/** A Next.js App Router service with its app directory in src/app. */
export const next = (files: Files, fields: Fields = {}): Files => ({
  'package.json': manifest({
    scripts: { dev: 'next dev', build: 'next build', start: 'next start' },
    dependencies: { next: '^16.0.0', react: '^19.0.0', 'react-dom': '^19.0.0' },
    ...fields,
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: { baseUrl: '.', paths: { '@/*': ['./src/*'] }, jsx: 'preserve' },
  }),
  'src/app/layout.tsx':
    'export default function Layout({ children }) {\n  return <html><body>{children}</body></html>;\n}\n',
  'src/app/api/items/route.ts': 'export async function GET() {\n  return Response.json([]);\n}\n',
  ...files,
});

/** A library: no service at all. */
export const library = (files: Files, fields: Fields = {}): Files => ({
  'package.json': manifest({ main: 'dist/index.js', scripts: { build: 'tsc' }, private: false, ...fields }),
  'src/index.ts': 'export const add = (a: number, b: number): number => a + b;\n',
  ...files,
});
