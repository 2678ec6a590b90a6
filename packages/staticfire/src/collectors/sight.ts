import { posix } from 'node:path';
import type { CodeModel } from '../code/model.ts';
import { filesBelow } from '../code/reach/below.ts';
import { loadsOf } from '../code/reach/loads.ts';
import { lineOf } from '../code/summary.ts';
import { code } from '../facts/code.ts';
import { reach } from '../facts/live.ts';
import { project } from '../facts/project.ts';
import { sight, type Sight } from '../facts/sight.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';

const isSource = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$|\.min\.[cm]?js$/.test(path);

export const sightCollector = defineCollector({
  fact: sight,
  needs: { code, project, reach },
  collect({ workspace, facts }) {
    const live = facts.code.files.filter((file) => facts.reach.roleOf(file) === 'live');
    const unread = [...workspace.unread, ...facts.code.unread].filter(
      ({ path, reason }) => isSource(path) && reason !== 'syntax-error',
    );
    const computed = new Map<string, number>();
    for (const file of live) {
      const { lost } = loadsOf(
        facts.code,
        file,
        (prefix) => filesBelow(facts.code.files, prefix),
        facts.project.manifestOf(file)?.dir ?? posix.dirname(file),
      );
      if (lost > 0) computed.set(file, lost);
    }
    return known({
      unread: distinct(unread),
      broken: brokenFiles(facts.code, live),
      imports: new Map(live.map((file) => [file, importsOf(facts.code, file)])),
      computed,
      otherKinds: workspace.match(/\.(?:vue|svelte|astro|marko)$/),
    });
  },
});

function distinct(all: readonly { readonly path: string; readonly reason: string }[]): Sight['unread'] {
  const byPath = new Map(all.map(({ path, reason }) => [path, { path, reason }]));
  return [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function brokenFiles(model: CodeModel, files: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const file of files) {
    const source = model.get(file);
    const [error] = source?.head.errors ?? [];
    // What only the checker minds is parsed all the same; after a real error nothing is left of the file.
    if (
      source &&
      error !== undefined &&
      source.head.imports.length + source.head.exports.length + (source.summary.functions[0]?.body.length ?? 0) === 0
    )
      found.set(file, error);
  }
  return found;
}

/** What a build writes before the service starts: not in the repository, and nothing to worry about. */
const built =
  /(?:^|[/.@-])(?:generated|__generated__|gen|prisma|dist|build|out|\.next|\.nuxt|\.svelte-kit|\.react-router|\+types|routetree\.gen|contentlayer|velite|paraglide|\.astro|\.velite|\.contentlayer|_generated|codegen|graphql|styled-system|package\.json|version|manifest)(?:$|[/.])|\.(?:css|scss|sass|less|json|svg|png|jpe?g|gif|webp|avif|ico|woff2?|mdx?|html|txt|wasm|node|graphql|gql|sql|ya?ml|proto|vue|svelte|astro)(?:\?.*)?$|\?(?:raw|url|worker|inline)|^(?:virtual:|#|\$|astro:|bun:|cloudflare:)/i;

function importsOf(
  model: CodeModel,
  file: string,
): { followed: number; lost: { specifier: string; at: { file: string; line: number } }[] } {
  const source = model.get(file);
  let followed = 0;
  const lost: { specifier: string; at: { file: string; line: number } }[] = [];
  for (const imported of source?.head.imports ?? []) {
    if (imported.typeOnly || !source) continue;
    const target = source.resolve(imported.from);
    if (target.kind === 'file') followed += 1;
    else if (target.kind === 'unresolved' && isOwn(imported.from))
      lost.push({ specifier: imported.from, at: { file, line: lineOf(imported.at) } });
  }
  return { followed, lost };
}

/** Meant for a file of the repository that should be there: relative, or by an alias. */
const isOwn = (specifier: string): boolean =>
  /^(?:\.{1,2}\/|@\/|~\/|~|src\/)/.test(specifier) && !built.test(specifier);
