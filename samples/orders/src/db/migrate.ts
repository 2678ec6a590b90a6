import { readdir, readFile } from 'node:fs/promises';
import { pool } from './pool.js';

const folder = new URL('../../migrations/', import.meta.url);

for (const name of (await readdir(folder)).sort()) {
  await pool.query(await readFile(new URL(name, folder), 'utf8'));
  console.log(`applied ${name}`);
}
await pool.end();
