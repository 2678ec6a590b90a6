import { posix } from 'node:path';
import type { CodeModel } from '../../code/model.ts';
import type { Entry, Start } from '../../facts/services.ts';
import { entry } from '../../frameworks/reading/places.ts';
import type { Launch } from './launches.ts';
import type { Lead } from './resolve-run.ts';
import { isDevelopment, type Run } from './run.ts';
import type { Candidate } from './sites.ts';
import { builtFrom, sourceOf } from './targets.ts';
import { conductOf, reachedFrom, type Conduct } from './traits.ts';

/** A service in the making. */
export interface Draft {
  readonly owner: Candidate;
  /** '' for the package's main process. */
  readonly suffix: string;
  readonly entries: readonly Entry[];
  readonly start: Start | undefined;
  readonly conduct: Conduct;
  /** A framework's own start was seen. */
  readonly framework: boolean;
}

/** A launch with where its runs lead, for one package. */
export interface Led {
  readonly launch: Launch;
  readonly leads: readonly Lead[];
}

/** Launches by the package that they start. A launch over several packages counts for each with its part. */
export function byOwner(
  launches: readonly Launch[],
  resolve: (run: Run) => Lead | undefined,
): ReadonlyMap<string, readonly Led[]> {
  const found = new Map<string, Led[]>();
  for (const launch of launches) {
    const development =
      launch.runs.length > 0 &&
      launch.runs.every((run) => run.kind === 'static' || isDevelopment(run)) &&
      launch.runs.some(isDevelopment);
    const ranked: Launch =
      development && launch.rank.role !== 'development'
        ? { ...launch, rank: { order: 20, role: 'development', suffix: '' } }
        : launch;
    const leads = launch.runs.flatMap((run) => resolve(run) ?? []);
    for (const owner of new Set(leads.map((lead) => lead.owner.dir))) {
      const led = { launch: ranked, leads: leads.filter((lead) => lead.owner.dir === owner) };
      found.set(owner, [...(found.get(owner) ?? []), led]);
    }
  }
  for (const list of found.values()) list.sort((a, b) => nearness(a) - nearness(b));
  return found;
}

/** Closer to production first; a package's own word before what others say of it. */
function nearness({ launch, leads }: Led): number {
  const { file } = launch.start.at ?? {};
  const { owner } = leads[0] ?? {};
  const own = owner?.manifest?.file;
  if (launch.start.from === 'dockerfile' && file !== undefined)
    return launch.rank.order - (posix.dirname(file) === owner?.dir ? 0.4 : 0);
  return launch.rank.order + (launch.start.from !== 'script' || file === undefined || file === own ? 0 : 2.5);
}

interface Part {
  readonly file: string;
  readonly conduct: Conduct;
  readonly lead: Extract<Lead, { kind: 'file' }>;
}

/** The drafts that a package's launches make: its main process, then further ones that the main does not hold. */
export function draftsOf(code: CodeModel, owner: Candidate, led: readonly Led[]): readonly Draft[] {
  const usable = led.some(({ launch }) => launch.rank.role !== 'development')
    ? led.filter(({ launch }) => launch.rank.role !== 'development')
    : led;
  const drafts: Draft[] = [];
  const held = new Set<string>();
  for (const role of ['main', 'development', 'further'] as const) {
    for (const one of usable.filter(({ launch }) => launch.rank.role === role)) {
      const parts = partsOf(code, one);
      const lasting = parts.filter(
        (part) => (part.conduct === 'http' || part.conduct === 'worker') && !isCommand(owner, part.file),
      );
      const framework = one.leads.some((lead) => lead.kind === 'framework');
      const before = lasting.length > 0 || framework ? parts.filter((part) => !lasting.includes(part)) : [];
      const news = lasting.filter((part) => !held.has(part.file));
      const first = drafts[0];
      if (first && role !== 'further' && (framework || (lasting.length > 0 && news.length === 0)))
        drafts[0] = enrich(first, one, before, framework);
      else if (news.length > 0 || (framework && !first))
        drafts.push(draft(owner, one, news, before, drafts.length > 0, framework));
      for (const file of reachedFrom(
        code,
        news.map((part) => part.file),
      ))
        held.add(file);
    }
  }
  return drafts;
}

/** What a published package installs as a command is for its users' machines. */
export function isCommand(owner: Candidate, file: string): boolean {
  const { manifest } = owner;
  if (!manifest || manifest.private || manifest.dir !== owner.dir) return false;
  return manifest.bin.some((bin) => sourceOf(owner, owner.dir, bin) === file);
}

function partsOf(code: CodeModel, { leads }: Led): readonly Part[] {
  return leads.flatMap((lead) =>
    lead.kind === 'file' ? [{ file: lead.file, conduct: conductOf(code, [lead.file]), lead }] : [],
  );
}

function draft(
  owner: Candidate,
  { launch }: Led,
  parts: readonly Part[],
  before: readonly Part[],
  further: boolean,
  framework: boolean,
): Draft {
  const [first] = parts;
  const name = launch.rank.suffix || (first ? stem(first.file) : '');
  return {
    owner,
    suffix: further ? name : '',
    entries: unique([
      ...parts.flatMap((part) => entriesOf(owner, launch, part)),
      ...before.flatMap((part) => jobOf(launch, part)),
    ]),
    start: launch.start,
    conduct: parts.some((part) => part.conduct === 'http') || framework ? 'http' : 'worker',
    framework,
  };
}

/** Another way to start the same thing: what it runs before, and what it loads first, counts as well. */
function enrich(first: Draft, { launch, leads }: Led, before: readonly Part[], framework: boolean): Draft {
  const preloads = leads.flatMap((lead) => (lead.kind === 'file' ? preloaded(launch, lead) : []));
  return {
    ...first,
    framework: first.framework || framework,
    entries: unique([...first.entries, ...preloads, ...before.flatMap((part) => jobOf(launch, part))]),
  };
}

function entriesOf(owner: Candidate, launch: Launch, { file, lead }: Part): readonly Entry[] {
  const same = lead.target === file || lead.target === `./${file}`;
  const runs = `${launch.said} runs ${lead.target.replace(/^\.\//, '') || file}`;
  const why = same || file.endsWith(lead.target.replace(/^\.\//, '')) ? runs : `${runs}, built from it`;
  const process: Entry = launch.start.at
    ? { file, kind: 'process', why, at: launch.start.at }
    : { file, kind: 'process', why };
  return [process, ...preloaded(launch, lead), ...fromOutput(owner, file)];
}

const preloaded = (launch: Launch, lead: Extract<Lead, { kind: 'file' }>): readonly Entry[] =>
  lead.preloads.map((file) => entry(file, 'instrumentation', `${launch.said} loads it before the program`));

const jobOf = (launch: Launch, { file, lead }: Part): readonly Entry[] => [
  entry(file, 'job', `${launch.said} runs it before the program`),
  ...preloaded(launch, lead),
];

/** A program that imports the build's output beside it imports the sources of that output. */
function fromOutput(owner: Candidate, file: string): readonly Entry[] {
  const source = owner.code.get(file);
  const lost =
    source?.head.imports.filter(
      (i) => !i.typeOnly && i.from.startsWith('.') && source.resolve(i.from).kind === 'unresolved',
    ) ?? [];
  return lost.flatMap((i) => {
    const found = builtFrom(owner, i.from);
    return found === undefined ? [] : [entry(found, 'process', `${file} imports ${i.from}, built from it`)];
  });
}

const stem = (file: string): string => {
  const names = file.replace(/\.[^/.]+$/, '').split('/');
  const last = names.at(-1) ?? '';
  return /^(?:index|main|server|start)$/.test(last) ? (names.at(-2) ?? last) : last;
};

function unique(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Map<string, Entry>();
  for (const one of entries) if (!seen.has(one.file)) seen.set(one.file, one);
  return [...seen.values()];
}
