import { parse } from 'jsonc-parser';
import { defineFramework, type Located, type Site } from './framework.ts';
import { entries, inside, sourceAt, sourcesUnder } from './reading/places.ts';

/** Workers: the `main` of the wrangler file; Pages: the functions folder. */
export const cloudflare = defineFramework({
  id: 'cloudflare',
  title: 'Cloudflare Workers',
  packages: ['@cloudflare/workers-types', 'cloudflare:workers', 'cloudflare'],
  locate,
  command: { name: /^wrangler$/, start: /^deploy$/, dev: /^dev$/ },
});

function locate(site: Site): Located | undefined {
  const toml = site.workspace.read(inside(site, 'wrangler.toml'));
  const json =
    site.workspace.read(inside(site, 'wrangler.jsonc')) ?? site.workspace.read(inside(site, 'wrangler.json'));
  if (toml === undefined && json === undefined) return undefined;
  const main = toml === undefined ? mainOf(parse(json ?? '')) : /^\s*main\s*=\s*["']([^"']+)["']/m.exec(toml)?.[1];
  const file = main === undefined ? undefined : sourceAt(site, main.replace(/\.[cm]?[jt]sx?$/, ''));
  const pages = /pages_build_output_dir/.test(toml ?? json ?? '') ? sourcesUnder(site, 'functions') : [];
  const files = [...(file ? [file] : []), ...pages];
  return files.length === 0
    ? undefined
    : { entries: entries(files, 'route', 'the wrangler file names it'), platform: 'cloudflare' };
}

function mainOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'main' in value && typeof value.main === 'string'
    ? value.main
    : undefined;
}
