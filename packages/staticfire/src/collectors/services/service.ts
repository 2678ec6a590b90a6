import type { CodeModel } from '../../code/model.ts';
import type { Entry, FrameworkId, Service } from '../../facts/services.ts';
import type { Framework, Located } from '../../frameworks/framework.ts';
import type { Draft } from './drafts.ts';
import type { Found } from './discover.ts';
import { packageOf, reachedFrom } from './traits.ts';

type Home = { readonly framework: Framework; readonly located: Located };

/** Turns a draft into a service; its id is still to be made unique. */
export function assemble(draft: Draft, homes: readonly Home[], found: Found): Service {
  const { owner } = draft;
  const served =
    draft.suffix === '' ? homes.filter(({ located }) => !located.needsStart && located.static === undefined) : [];
  const entries = distinct([...draft.entries, ...served.flatMap(({ located }) => located.entries)]);
  const [first, ...rest] = entries;
  const platforms = platformsOf(draft, served, found);
  const name = draft.suffix === '' ? owner.name : `${owner.name}-${draft.suffix}`;
  return {
    id: name,
    name,
    root: owner.dir,
    kind: draft.conduct === 'worker' && served.length === 0 ? 'worker' : 'http',
    frameworks: frameworksOf(found.code, entries, served, found.frameworks),
    entries: [
      first ?? { file: owner.manifest?.file ?? owner.dir, kind: 'config', why: 'the framework starts from it' },
      ...rest,
    ],
    start:
      draft.start ?? (draft.entries[0] ? { command: `node ${draft.entries[0].file}`, from: 'inferred' } : undefined),
    manifest: owner.manifest?.file,
    platforms,
    serverless: isServerless(draft, served, platforms, found),
  };
}

function distinct(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Map<string, Entry>();
  for (const entry of entries) if (!seen.has(entry.file)) seen.set(entry.file, entry);
  return [...seen.values()];
}

/** Those at home in the folder, then those that the program imports; node:http only where nothing else serves. */
function frameworksOf(
  code: CodeModel,
  entries: readonly Entry[],
  served: readonly Home[],
  frameworks: readonly Framework[],
): readonly FrameworkId[] {
  const imported = importedBy(code, entries);
  const home = served.map(({ framework }) => framework.id);
  const proven = frameworks.toSorted((a, b) => Number(b.proofs !== undefined) - Number(a.proofs !== undefined));
  const used = proven.filter((framework) => isUsed(framework, imported)).map((framework) => framework.id);
  const all = [...new Set([...home, ...used])];
  const better = all.filter((id) => id !== 'node-http' && id !== 'bun');
  return better.length > 0 ? better : all;
}

/** The names that reached files import, by package. */
function importedBy(code: CodeModel, entries: readonly Entry[]): ReadonlyMap<string, ReadonlySet<string>> {
  const imported = new Map<string, Set<string>>();
  for (const path of reachedFrom(
    code,
    entries.map((entry) => entry.file),
  )) {
    for (const { from, typeOnly, names } of code.get(path)?.head.imports ?? []) {
      if (typeOnly || from.startsWith('.')) continue;
      const known = imported.get(packageOf(from)) ?? new Set<string>();
      for (const name of names) known.add(name.imported);
      imported.set(packageOf(from), known);
    }
  }
  return imported;
}

function isUsed(framework: Framework, imported: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const { proofs } = framework;
  if (proofs) return framework.packages.some((name) => proofs.some((proof) => imported.get(name)?.has(proof)));
  return !framework.locate && framework.packages.some((name) => isImported(imported, name));
}

const isImported = (imported: ReadonlyMap<string, unknown>, name: string): boolean =>
  name.endsWith('/')
    ? [...imported.keys()].some((other) => other.startsWith(name))
    : imported.has(name) || (name.startsWith('node:') && imported.has(name.slice(5)));

const serverless = /^(?:vercel|netlify|cloudflare|serverless-framework|amplify|aws-lambda|google-cloud|azure)$/;

function platformsOf({ owner }: Draft, served: readonly Home[], { containers }: Found): readonly string[] {
  const declared = (containers?.platforms ?? [])
    .filter((process) => process.platform !== 'procfile' && (process.dir === owner.dir || process.dir === '.'))
    .map((process) => process.platform);
  return [...new Set([...declared, ...served.flatMap(({ located }) => located.platform ?? [])])].toSorted();
}

/** Only platforms that call functions run it: nothing declares a container or a process of ours. */
function isServerless(
  draft: Draft,
  served: readonly Home[],
  platforms: readonly string[],
  { containers }: Found,
): boolean {
  if (served.length > 0 && served.every(({ located }) => located.platform !== undefined) && draft.entries.length === 0)
    return true;
  if (platforms.length === 0 || !platforms.every((platform) => serverless.test(platform))) return false;
  if (draft.entries.some((entry) => entry.kind === 'process') || /\b(?:node|bun)\b/.test(draft.start?.command ?? ''))
    return false;
  return !(containers?.dockerfiles ?? []).some(
    (dockerfile) =>
      dockerfile.language !== 'other' &&
      dockerfile.purpose === 'production' &&
      dockerfile.contexts.some((context) => context.dir === draft.owner.dir || context.dir === '.'),
  );
}

/** Two services never share an id: the folder's path tells them apart, then a number. */
export function withIds(services: readonly Service[]): readonly Service[] {
  const taken = new Set(['repository']);
  const often = new Map<string, number>();
  for (const { id } of services) often.set(id, (often.get(id) ?? 0) + 1);
  return services.map((service) => {
    const path = service.root === '.' ? service.id : service.root.replaceAll('/', '-');
    const wanted = (often.get(service.id) ?? 0) > 1 || taken.has(service.id) ? path : service.id;
    let id = wanted;
    for (let n = 2; taken.has(id); n += 1) id = `${wanted}-${n}`;
    taken.add(id);
    return { ...service, id };
  });
}
