import { posix } from 'node:path';
import type { Entry, Misplaced } from '../../facts/services.ts';
import type { Site } from '../framework.ts';
import { declares, entry, inside, majorOf, sourceAt, sourceExtensions } from '../reading/places.ts';
import type { NextFolders } from './folders.ts';

interface Beside {
  readonly entries: readonly Entry[];
  readonly browser: readonly string[];
  readonly misplaced: readonly Omit<Misplaced, 'service' | 'framework'>[];
}

type Lost = Omit<Misplaced, 'service' | 'framework'>;

const roles = ['middleware', 'proxy', 'instrumentation', 'instrumentation-client'] as const;
type Role = (typeof roles)[number];

/** The names that such a file exports for the framework to call. */
const exported: Readonly<Record<Role, readonly string[]>> = {
  middleware: ['middleware', 'default'],
  proxy: ['proxy', 'middleware', 'default'],
  instrumentation: ['register', 'onRequestError'],
  'instrumentation-client': [],
};

/** Middleware, proxy and instrumentation: loaded only from the folder that holds app or pages; the browser's from either. */
export function loadedBeside(site: Site, folders: NextFolders, config: string | undefined): Beside {
  const switchedOff = (role: Role): string | undefined => refusal(site, role, config);
  const loaded = new Map<Role, string>();
  for (const role of roles) {
    const file = at(site, folders, role);
    if (file !== undefined && switchedOff(role) === undefined) loaded.set(role, file);
  }
  const entries = [...loaded].flatMap(([role, file]) =>
    role === 'instrumentation-client' ? [] : [entry(file, kindOf(role), whyOf(role, folders))],
  );
  const client = loaded.get('instrumentation-client');
  return {
    entries: [...entries, ...companions(site, config)],
    browser: [...(client ? [client] : []), ...clientCompanions(site)],
    misplaced: roles.flatMap((role) => astray(site, folders, role, loaded, switchedOff(role))),
  };
}

const kindOf = (role: Role): Entry['kind'] => (role === 'instrumentation' ? 'instrumentation' : 'middleware');
const whyOf = (role: Role, folders: NextFolders): string =>
  `Next.js loads ${role} from ${folders.beside === '.' ? 'the folder of app or pages' : folders.beside}`;

function at(site: Site, folders: NextFolders, role: Role): string | undefined {
  const dirs = role === 'instrumentation-client' ? ['src', '.'] : [folders.beside];
  return dirs
    .flatMap((dir) => folders.extensions.map((e) => inside(site, posix.join(dir, `${role}.${e}`))))
    .find((path) => site.code.get(path) !== undefined);
}

/** Why this version does not load the role at all. */
function refusal(site: Site, role: Role, config: string | undefined): string | undefined {
  const major = majorOf(site, 'next');
  if (major === undefined) return undefined;
  if (role === 'proxy' && major < 16) return `Next.js ${major} knows no proxy file, only middleware`;
  const switched = config !== undefined && /instrumentationHook/.test(site.workspace.read(config) ?? '');
  if (role === 'instrumentation' && major < 15 && !switched)
    return `Next.js ${major} loads instrumentation only with experimental.instrumentationHook`;
  return undefined;
}

/** Files that bear the role's name where the framework does not look. */
function astray(
  site: Site,
  folders: NextFolders,
  role: Role,
  loaded: ReadonlyMap<Role, string>,
  off: string | undefined,
): readonly Lost[] {
  const right = loaded.get(role) ?? (role === 'middleware' ? loaded.get('proxy') : undefined);
  return candidates(site, folders, role)
    .filter((file) => file !== right && speaksFor(site, file, role) && !isImported(site, file))
    .map((file) => {
      const name = off !== undefined && role === 'proxy' ? 'middleware' : role;
      const expected = inside(site, posix.join(folders.beside, `${name}${posix.extname(file)}`));
      const lost: Lost = { file, role, expected: [expected], why: off ?? reason(site, folders, file) };
      return right === undefined ? lost : { ...lost, loaded: right };
    });
}

function reason(site: Site, folders: NextFolders, file: string): string {
  const home = inside(site, folders.pages ?? folders.app ?? 'app');
  const folder = posix.dirname(home);
  return folder === posix.dirname(file)
    ? `its extension is none of the pageExtensions ${folders.extensions.join(', ')}`
    : `${folders.pages === undefined ? 'the app directory' : 'the pages directory'} is ${home}, so Next.js looks only in ${folder === '.' ? 'the root' : folder}`;
}

/** The folders in which people put such a file: the site, its src, its app and pages, and the folders above it. */
function candidates(site: Site, folders: NextFolders, role: Role): readonly string[] {
  const dirs = new Set(
    ['.', 'src', folders.app, folders.pages].flatMap((dir) => (dir === undefined ? [] : [inside(site, dir)])),
  );
  for (let dir = site.dir; dir !== '.'; dir = posix.dirname(dir)) dirs.add(posix.dirname(dir));
  return [...dirs]
    .flatMap((dir) => sourceExtensions.map((e) => posix.join(dir, `${role}.${e}`)))
    .filter((path) => site.code.get(path) !== undefined);
}

/** Does the file look like what its name says, and not like a module of our own that is called so? */
function speaksFor(site: Site, file: string, role: Role): boolean {
  const head = site.code.get(file)?.head;
  if (!head || head.directives.includes('use client')) return false;
  const names = exported[role];
  const calls = head.exports.some((e) => !e.typeOnly && names.includes(e.name));
  if (role === 'middleware' || role === 'proxy')
    return (
      calls &&
      head.imports.some((i) => /^(?:next\/|next-auth|next-intl|@clerk\/nextjs|@auth0\/nextjs|@supabase\/)/.test(i.from))
    );
  return calls;
}

const isImported = (site: Site, file: string): boolean =>
  site.code.importersOf(file).some((importer) => !/(?:\.(?:test|spec)\.|__tests__\/|(?:^|\/)tests?\/)/.test(importer));

/** Files that plugins of the configuration load by their own convention. */
function companions(site: Site, config: string | undefined): readonly Entry[] {
  if (config === undefined) return [];
  const found: Entry[] = [];
  const add = (why: string, ...names: readonly string[]): void => {
    const file = sourceAt(site, ...names);
    if (file !== undefined) found.push(entry(file, 'config', why));
  };
  if (declares(site, 'next-intl'))
    add('next-intl loads its request configuration from it', 'i18n/request', 'src/i18n/request', 'i18n', 'src/i18n');
  add('Next.js loads it for MDX', 'mdx-components', 'src/mdx-components');
  if ((majorOf(site, '@sentry/nextjs') ?? 99) < 8) {
    add('the Sentry plugin adds it to the server', 'sentry.server.config');
    add('the Sentry plugin adds it to the edge runtime', 'sentry.edge.config');
  }
  return found;
}

function clientCompanions(site: Site): readonly string[] {
  const file = declares(site, '@sentry/nextjs') ? sourceAt(site, 'sentry.client.config') : undefined;
  return file === undefined ? [] : [file];
}
