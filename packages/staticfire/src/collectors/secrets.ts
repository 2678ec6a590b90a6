import { join } from 'node:path';
import { openCache, type Cache } from '../code/cache.ts';
import { secrets, type Secret } from '../facts/secrets.ts';
import { defineCollector, type Change, type KeptContext } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace, WorkspaceFile } from '../model/workspace.ts';
import { type Hit, isCandidate, markedSecrets, namedSecrets } from './secrets/detect.ts';
import { readingOf } from './secrets/homes.ts';
import { keystoreSecrets } from './secrets/keystores.ts';
import { type Lint, loadLint } from './secrets/lint.ts';

/** Raise it with every change to what is recognised: what another version found is not used. */
const recognition = 'secrets-3';

export const secretsCollector = defineCollector({
  fact: secrets,
  needs: {},
  async collect({ workspace, signal, cacheDir, version }) {
    const cache = cacheOf({ workspace, cacheDir, version });
    const scan = createScan(workspace);
    const skipped: Record<string, number> = {};
    const all: Scanned[] = [];
    for (const file of workspace.files) {
      if (signal.aborted) break;
      const reading = file.tracked ? readingOf(file.path, file.size) : { skip: 'not tracked' };
      if ('skip' in reading) skipped[reading.skip] = (skipped[reading.skip] ?? 0) + 1;
      else all.push(...(await remembered(cache, file, () => scan(file.path, reading.home))));
    }
    cache.save();
    cache.close();
    return known({
      list: all.flatMap((scanned) => scanned.list),
      filesRead: all.length,
      candidates: all.filter((scanned) => scanned.candidate).length,
      skipped,
    });
  },

  readsAll: true,
  async unchanged(changes, context) {
    const cache = cacheOf(context);
    const scan = createScan(context.workspace);
    for (const change of changes) if (!(await holdsTheSame(cache, change, scan))) return false;
    cache.close();
    return true;
  },
});

const cacheOf = ({ workspace, cacheDir, version }: KeptContext): Cache =>
  openCache({
    dir: cacheDir === undefined ? undefined : join(cacheDir, 'secrets'),
    root: workspace.root,
    version: `${version}+${recognition}`,
  });

type Scan = (path: string, home: Secret['home']) => Promise<Scanned | undefined>;

async function holdsTheSame(cache: Cache, { file, before }: Change, scan: Scan): Promise<boolean> {
  if (isGradle(file.path)) return false;
  if (!file.tracked) return true;
  const [now, then] = [readingOf(file.path, file.size), readingOf(file.path, before.size)];
  if ('skip' in now || 'skip' in then) return JSON.stringify(now) === JSON.stringify(then);
  const kept = cache.get(before)?.head;
  return kept !== undefined && JSON.stringify(kept) === JSON.stringify(await scan(file.path, now.home));
}

/** What one file holds. No value of a secret is in it, so that it may be kept. */
interface Scanned {
  readonly list: readonly Secret[];
  readonly candidate: boolean;
}

/** A file that has not changed since the last run is not read again. Gradle files depend on others and are never kept. */
async function remembered(
  cache: Cache,
  file: WorkspaceFile,
  scan: () => Promise<Scanned | undefined>,
): Promise<readonly Scanned[]> {
  const entry = isGradle(file.path) ? undefined : cache.get(file);
  if (entry) return [entry.head as Scanned];
  const scanned = await scan();
  if (!scanned) return [];
  if (!isGradle(file.path)) cache.put(file, { hash: file.path, head: scanned, body: '' });
  return [scanned];
}

const isGradle = (path: string): boolean => /\.gradle(?:\.kts)?$|\.properties$/.test(path);

function createScan(workspace: Workspace): Scan {
  let lint: Lint | undefined;
  return async (path, home) => {
    const text = workspace.read(path);
    if (text === undefined) return undefined;
    const hits = [...namedSecrets(text, { path, home }), ...keystoreSecrets(workspace, path, text)];
    const candidate = isCandidate(text);
    if (candidate) {
      lint ??= await loadLint();
      hits.push(...markedSecrets(text, home), ...(await lint(path, text)));
    }
    const list = placed(text, path, hits).map((hit) => ({ ...hit, weight: weighed(hit, path), home }));
    return { list, candidate };
  };
}

const local =
  /(?:^|[/._-])(?:localhost|local|dev|development|snakeoil|self-?signed|dummy|test|example|sample|demo)(?:[._/-]|$)/i;

/** A set-up for the developer's own machine: not one environment of several that are deployed. */
const ownMachine =
  /(?:^|\/)(?<!(?:env|envs|environments?|config|configs|overlays?|values|clusters?|stages?|deploy|deployments?)\/)(?:dev|local|localhost|devcontainer|\.devcontainer)\/.*\.(?:ya?ml|toml|ini|conf|json)$/i;

/** Certificates for development open nothing, nor do keys of what runs on the developer's machine. */
function weighed(hit: Omit<Secret, 'home'>, path: string): Secret['weight'] {
  if (local.test(path) && hit.kind === 'private-key') return 'doubtful';
  const own = (hit.kind === 'token' || hit.kind === 'password') && hit.weight === 'real-looking';
  return own && ownMachine.test(path) ? 'doubtful' : hit.weight;
}

/** One secret a line, the weightiest first, in order of lines. */
function placed(text: string, file: string, hits: readonly Hit[]): readonly Omit<Secret, 'home'>[] {
  const byLine = new Map<number, Omit<Secret, 'home'>>();
  for (const { index, ...hit } of hits.toSorted((a, b) => rank(b) - rank(a))) {
    const { line, column } = positionOf(text, index);
    if (!byLine.has(line)) byLine.set(line, { ...hit, at: { file, line, column } });
  }
  return [...byLine.values()].toSorted((a, b) => (a.at.line ?? 0) - (b.at.line ?? 0));
}

const rank = (hit: Hit): number =>
  ['doubtful', 'real-looking', 'live'].indexOf(hit.weight) * 2 +
  (hit.kind === 'vendor-key' || hit.kind === 'database-url' ? 1 : 0);

function positionOf(text: string, index: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, index);
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') };
}
