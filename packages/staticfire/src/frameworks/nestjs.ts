import { parse } from 'jsonc-parser';
import { defineFramework, type Located, type Site } from './framework.ts';
import { declares, entries, inside, sourceAt } from './reading/places.ts';

export const nestjs = defineFramework({
  id: 'nestjs',
  title: 'NestJS',
  packages: ['@nestjs/core'],
  proofs: ['NestFactory'],
  locate,
  command: { name: /^nest$/, start: /^start$/ },
});

/** `nest start` runs the entry file of nest-cli.json, `src/main` when it names none. */
function locate(site: Site): Located | undefined {
  if (!declares(site, '@nestjs/core')) return undefined;
  const { sourceRoot, entryFile } = settings(site);
  const main = sourceAt(site, `${sourceRoot}/${entryFile}`, `${sourceRoot}/main`);
  if (!main || !boots(site, main)) return undefined;
  return { entries: entries([main], 'process', 'NestJS boots from it'), needsStart: true };
}

function settings(site: Site): { sourceRoot: string; entryFile: string } {
  const raw: unknown = parse(site.workspace.read(inside(site, 'nest-cli.json')) ?? '{}');
  const field = (name: string): string | undefined => {
    const value: unknown =
      typeof raw === 'object' && raw !== null && name in raw ? raw[name as keyof typeof raw] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  return { sourceRoot: field('sourceRoot') ?? 'src', entryFile: field('entryFile')?.replace(/\.js$/, '') ?? 'main' };
}

const boots = (site: Site, file: string): boolean =>
  site.code.get(file)?.head.imports.some((i) => !i.typeOnly && i.from === '@nestjs/core') === true ||
  site.code
    .importsOf(file)
    .some(
      (next) =>
        site.code.get(next)?.head.imports.some((i) => i.names.some((n) => n.imported === 'NestFactory')) === true,
    );
