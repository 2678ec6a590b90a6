import { posix } from 'node:path';
import type { Containers } from '../../facts/containers.ts';
import type { Workspace } from '../../model/workspace.ts';
import { asideOf } from './asides.ts';
import { isCommand, type Draft, type Led } from './drafts.ts';
import type { Homes } from './resolve-run.ts';
import { simpleCommands } from './shell.ts';
import type { Candidate } from './sites.ts';
import { baseOf, unwrap } from './unwrap.ts';

interface Input {
  readonly workspace: Workspace;
  readonly list: readonly Candidate[];
  readonly kept: readonly Draft[];
  readonly aside: readonly Draft[];
  readonly homes: Homes;
  readonly led: ReadonlyMap<string, readonly Led[]>;
  readonly containers: Containers | undefined;
}

/** What was found that is no service, and why. */
export function notesOn(input: Input): readonly string[] {
  const services = new Set(input.kept.map((draft) => draft.owner.dir));
  const said: string[] = [...placement(input)];
  const libraries: string[] = [];
  for (const candidate of input.list) {
    if (services.has(candidate.dir)) continue;
    const note = noteFor(candidate, input);
    if (note !== undefined) said.push(note);
    else if (isPackage(candidate) && candidate.dir !== '.' && asideOf(candidate) === undefined)
      libraries.push(candidate.dir);
  }
  return [...said, ...foreignImages(input), ...librariesNote(libraries)];
}

function noteFor(candidate: Candidate, input: Input): string | undefined {
  if (input.aside.some((draft) => draft.owner.dir === candidate.dir))
    return `${candidate.dir}: ${asideOf(candidate) ?? 'set aside'}, not audited`;
  const own = noteOf(candidate, input.led.get(candidate.dir) ?? []);
  if (own?.broken || (own && !startsOthers(candidate, input))) return own.text;
  return staticNote(candidate, input);
}

const isPackage = (candidate: Candidate): boolean => candidate.manifest?.dir === candidate.dir;

/** The scripts of a root that start the services of its folders say nothing of the root itself. */
function startsOthers(candidate: Candidate, { kept, led }: Input): boolean {
  const file = candidate.manifest?.file;
  return kept.some((draft) => led.get(draft.owner.dir)?.some(({ launch }) => launch.start.at?.file === file));
}

/** Images of other languages are services that this audit cannot read. */
function foreignImages({ containers }: Input): readonly string[] {
  const others = (containers?.dockerfiles ?? []).filter(
    (dockerfile) => dockerfile.language === 'other' && dockerfile.purpose === 'production',
  );
  return others.map(
    (dockerfile) => `${dockerfile.dir}: ${dockerfile.file} builds an image that does not run Node.js, not audited`,
  );
}

function librariesNote(dirs: readonly string[]): readonly string[] {
  if (dirs.length === 0) return [];
  const named = dirs.slice(0, 8).join(', ');
  const more = dirs.length > 8 ? ` and ${dirs.length - 8} more` : '';
  return [
    dirs.length === 1
      ? `${named}: a library or tool, nothing starts it`
      : `libraries or tools that nothing starts: ${named}${more}`,
  ];
}

function placement({ workspace, kept, list }: Input): readonly string[] {
  const prefix = workspace.git?.prefix ?? '';
  const below = prefix === '' ? [] : [`the audited folder lies below the git root, in ${prefix.replace(/\/$/, '')}`];
  const rooted = list.some((candidate) => candidate.dir === '.' && candidate.manifest?.dir === '.');
  const top = new Set(kept.map((draft) => draft.owner.dir.split('/')[0] ?? '.'));
  const inside =
    !rooted && kept.length > 0 && !top.has('.')
      ? [`the root has no package.json; projects lie in ${[...top].toSorted().join(', ')}`]
      : [];
  const none =
    kept.length === 0 ? ['no service was found: nothing is started, listens or is loaded by a framework'] : [];
  return [...below, ...inside, ...none];
}

function staticNote(candidate: Candidate, { homes, led }: Input): string | undefined {
  const still = homes.get(candidate.dir)?.find(({ located }) => located.static !== undefined);
  if (still)
    return `${candidate.dir}: a static site of ${still.framework.title} (${still.located.static ?? ''}), no server`;
  const runs = isPackage(candidate) || Object.keys(candidate.targets).length > 0 ? (led.get(candidate.dir) ?? []) : [];
  if (runs.some(({ leads }) => leads.some((lead) => lead.kind === 'static')))
    return `${candidate.dir}: builds files for a web server, no server of its own`;
  return undefined;
}

/** Why a package that has a start is no service. `broken`: its start can never work. */
export function noteOf(
  candidate: Candidate,
  led: readonly Led[],
): { readonly text: string; readonly broken: boolean } | undefined {
  const mains = led.filter(({ launch }) => launch.rank.role === 'main');
  const missing = mains.flatMap(({ launch, leads }) =>
    leads.flatMap((lead) => (lead.kind === 'missing' ? [{ launch, target: lead.target }] : [])),
  )[0];
  const leads = mains.some(({ leads: all }) =>
    all.some(
      (lead) => lead.kind === 'framework' || (lead.kind === 'file' && !uncompiled(candidate, lead.target, lead.file)),
    ),
  );
  const copied = mains.flatMap(({ launch, leads: all }) =>
    all.flatMap((lead) =>
      lead.kind === 'file' && uncompiled(candidate, lead.target, lead.file) ? [{ launch, lead }] : [],
    ),
  )[0];
  if (copied && !leads)
    return {
      text: `${candidate.dir}: cannot start: ${copied.launch.said} runs ${copied.lead.target}, and its build script compiles nothing`,
      broken: true,
    };
  if (missing && !leads)
    return {
      text: `${candidate.dir}: ${missing.launch.said} runs ${missing.target}, which does not exist and no source was found for`,
      broken: false,
    };
  const file = mains.flatMap(({ leads: all, launch }) =>
    all.flatMap((lead) => (lead.kind === 'file' ? [{ launch, file: lead.file }] : [])),
  )[0];
  if (file && isCommand(candidate, file.file)) return { text: `${candidate.dir}: a command-line tool`, broken: false };
  if (file && isCommand(candidate, file.file)) return { text: `${candidate.dir}: a command-line tool`, broken: false };
  return file
    ? {
        text: `${candidate.dir}: ${file.launch.said} runs ${file.file}, which neither listens nor waits for work`,
        broken: false,
      }
    : undefined;
}

/** The program is JavaScript that a build should make of TypeScript, and the build script only moves files about. */
function uncompiled(candidate: Candidate, target: string, file: string): boolean {
  const build = candidate.manifest?.dir === candidate.dir ? candidate.manifest.scripts['build'] : undefined;
  if (
    build === undefined ||
    !/\.[cm]?tsx?$/.test(file) ||
    !/(?:^|\/)[^/.]+(?:\.[cm]?js)?$/.test(target) ||
    posix.basename(target) === posix.basename(file)
  )
    return false;
  const programs = simpleCommands(build).map((words) => baseOf(unwrap(words).words[0] ?? ''));
  return programs.length > 0 && programs.every((program) => moving.has(program));
}

const moving = new Set([
  'mkdir',
  'cp',
  'mv',
  'rm',
  'rimraf',
  'cpy',
  'copyfiles',
  'cpx',
  'rsync',
  'echo',
  'true',
  ':',
  'exit',
  'touch',
  'shx',
  'mkdirp',
  'ls',
  'chmod',
]);
