import { posix } from 'node:path';
import { parse } from 'yaml';
import { defineFramework, type Located, type Site } from './framework.ts';
import { entries, inside, sourceAt } from './reading/places.ts';

/** Functions that serverless.yml or a SAM template names by file and export. */
export const awsLambda = defineFramework({
  id: 'aws-lambda',
  title: 'AWS Lambda',
  packages: [
    '@middy/core',
    'serverless-http',
    '@codegenie/serverless-express',
    '@vendia/serverless-express',
    'aws-serverless-express',
  ],
  locate,
});

const files = ['serverless.yml', 'serverless.yaml', 'template.yml', 'template.yaml', 'sam.yml', 'sam.yaml'];

function locate(site: Site): Located | undefined {
  const handlers = files.flatMap((name) => {
    const text = site.workspace.read(inside(site, name));
    return text === undefined || !/\b[hH]andler\s*:/.test(text) ? [] : handlersIn(text);
  });
  const sources = handlers.flatMap((path) => sourceAt(site, path) ?? []);
  const [first] = sources;
  return first === undefined
    ? undefined
    : { entries: entries([...new Set(sources)], 'route', 'the platform calls its handler'), platform: 'aws-lambda' };
}

/** Paths without extension: `src/users/create.handler` is src/users/create. */
function handlersIn(text: string): readonly string[] {
  const found: string[] = [];
  collect(read(text), '', found);
  return found.map((handler) => posix.normalize(handler.replace(/\.\w+$/, '')));
}

function read(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' });
  } catch {
    return undefined;
  }
}

function collect(value: unknown, folder: string, found: string[]): void {
  if (Array.isArray(value)) for (const item of value) collect(item, folder, found);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const fields = value as Readonly<Record<string, unknown>>;
  const below = typeof fields['CodeUri'] === 'string' ? fields['CodeUri'] : folder;
  for (const [key, inner] of Object.entries(fields)) {
    if ((key === 'handler' || key === 'Handler') && typeof inner === 'string') found.push(posix.join(below, inner));
    else collect(inner, below, found);
  }
}
