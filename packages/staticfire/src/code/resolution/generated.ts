import { below, dirOf, joinPath } from './paths.ts';

/** The package that generated code stands for, and the path inside it. */
export interface Generated {
  readonly name: string;
  readonly subpath: string;
}

const PRISMA = '@prisma/client';
const GENERATOR = /^\s*generator\s+\w+\s*\{([^}]*)\}/gm;
const ENTRIES: ReadonlySet<string> = new Set(['.', 'index', 'client', 'default', 'edge']);

/**
 * Prisma writes its client into a folder of the user's choice, mostly one that git ignores. An import of that folder
 * means the client, whether or not it has been generated here.
 */
export function generatedClients(
  files: readonly string[],
  read: (path: string) => string | undefined,
): (path: string) => Generated | undefined {
  const folders = files.filter((path) => path.endsWith('.prisma')).flatMap((path) => outputsOf(path, read(path) ?? ''));
  return (path) => {
    for (const folder of folders) {
      const rest = below(folder, path);
      if (rest === undefined) continue;
      const subpath = rest.replace(/\.[cm]?[jt]s$/, '');
      return { name: PRISMA, subpath: ENTRIES.has(subpath) ? '' : subpath };
    }
    return undefined;
  };
}

function outputsOf(schema: string, text: string): readonly string[] {
  return [...text.matchAll(GENERATOR)].flatMap(([, body = '']) => {
    const provider = /^\s*provider\s*=\s*"([^"]*)"/m.exec(body)?.[1];
    const output = /^\s*output\s*=\s*"([^"]*)"/m.exec(body)?.[1];
    const isClient = provider === 'prisma-client' || provider === 'prisma-client-js';
    if (!isClient || output === undefined || output.includes('node_modules') || output.startsWith('/')) return [];
    return [joinPath(dirOf(schema), output)];
  });
}
