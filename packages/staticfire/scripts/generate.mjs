#!/usr/bin/env node
// Writes what is generated from the code: the assessment's schema, the reference pages and the picture in the README.
// Needs the build.
//   node scripts/generate.mjs            writes
//   node scripts/generate.mjs --check    says what is stale and ends with 1
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'tsdown';
import { schemaFile } from './schema.mjs';
import { screenshot } from './screenshot.mjs';

const home = fileURLToPath(new URL('..', import.meta.url));
const docs = join(home, '../../docs/reference');

const [schemaPath, schema] = schemaFile();
const wanted = new Map([[schemaPath, schema], screenshot(), ...(await referencePages())]);
const present = existsSync(docs) ? filesOf(docs).map((file) => join(docs, file)) : [];
const gone = present.filter((path) => !wanted.has(path));
const stale = [...wanted]
  .filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
  .map(([path]) => path);

if (process.argv.includes('--check')) check();
else write();

function check() {
  for (const path of stale) console.error(`stale: ${relative(process.cwd(), path)}`);
  for (const path of gone) console.error(`belongs to nothing: ${relative(process.cwd(), path)}`);
  if (stale.length + gone.length === 0) return;
  console.error('Run: npm run generate');
  process.exitCode = 1;
}

function write() {
  for (const path of gone) rmSync(path);
  for (const path of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, wanted.get(path));
  }
  console.log(`${wanted.size} generated files, ${stale.length} written, ${gone.length} removed`);
}

/** The pages come from the TypeScript sources, so these are built first, into a folder of this run alone. */
async function referencePages() {
  const folder = join(home, 'node_modules', `.generate-${process.pid}`);
  const cases = filesOf(join(home, 'src/controls')).filter((file) => file.endsWith('.cases.ts'));
  const entry = {
    reference: 'scripts/reference.ts',
    ...Object.fromEntries(cases.map((file) => [file.replace('.cases.ts', ''), `src/controls/${file}`])),
  };
  try {
    await build({
      cwd: home,
      config: false,
      entry,
      outDir: folder,
      format: 'esm',
      platform: 'node',
      fixedExtension: false,
      dts: false,
      logLevel: 'silent',
    });
    const load = (name) => import(pathToFileURL(join(folder, `${name}.js`)).href);
    const suites = await Promise.all(cases.map(async (file) => (await load(file.replace('.cases.ts', ''))).default));
    return [...(await load('reference')).pages(suites)].map(([path, text]) => [join(docs, path), text]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => relative(folder, join(each.parentPath ?? each.path, each.name)).replaceAll('\\', '/'))
    .toSorted();
}
