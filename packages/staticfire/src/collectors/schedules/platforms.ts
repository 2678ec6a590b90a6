import { posix } from 'node:path';
import { parse as parseJsonc } from 'jsonc-parser';
import type { Workspace } from '../../model/workspace.ts';
import { readToml } from '../containers/toml.ts';
import { get, lineOfKey, parseYaml, text, type Yaml } from '../pipelines/yaml.ts';
import type { Found } from './found.ts';
import { requestsIn, splitUrl } from './requests.ts';

interface Source {
  readonly file: string;
  readonly dir: string;
  readonly text: string;
}

type Reader = (source: Source, workspace: Workspace) => readonly Found[];

const readers: readonly { readonly file: RegExp; readonly read: Reader }[] = [
  { file: /(?:^|\/)vercel\.json$/, read: readVercel },
  { file: /(?:^|\/)netlify\.toml$/, read: readNetlify },
  { file: /(?:^|\/)wrangler\.(?:toml|jsonc?)$/, read: readWrangler },
  { file: /(?:^|\/)cron\.ya?ml$/, read: readAppEngine },
  { file: /(?:^|\/)render\.ya?ml$/, read: readRender },
  { file: /(?:^|\/)railway\.(?:json|toml)$/, read: readRailway },
  { file: /(?:^|\/)serverless\.ya?ml$/, read: readServerless },
  { file: /(?:^|\/)(?:crontab(?:\.\w+)?|[\w-]+\.crontab|[\w.-]*cron[\w.-]*\.txt|cron\.d\/[\w-]+)$/, read: readCrontab },
  { file: /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/, read: readOfelia },
  { file: /\.ya?ml$/, read: readCronJob },
];

const aside = /(?:^|\/)(?:tests?|__tests__|fixtures?|examples?|templates?|docs?|node_modules)\//i;

/** Schedules that files of platforms declare. */
export function platformSchedules(workspace: Workspace): readonly Found[] {
  return workspace.files.flatMap(({ path }): readonly Found[] => {
    const reader = readers.find(({ file }) => file.test(path));
    if (!reader || aside.test(path)) return [];
    if (reader.read === readCronJob && !/cron|k8s|kube|deploy|manifest|helm|chart|infra/i.test(path)) return [];
    const body = workspace.read(path);
    return body === undefined ? [] : reader.read({ file: path, dir: posix.dirname(path), text: body }, workspace);
  });
}

const lineOf = (body: string, needle: string, from = 0): number => {
  const index = body.indexOf(needle, from);
  return index === -1 ? 1 : body.slice(0, index).split('\n').length;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A GET that carries CRON_SECRET as a bearer token, once that variable is set. */
function readVercel({ file, dir, text: body }: Source): readonly Found[] {
  const root: unknown = parseJsonc(body);
  return listOf(isRecord(root) ? root['crons'] : undefined).flatMap((cron): readonly Found[] => {
    if (!isRecord(cron) || typeof cron['path'] !== 'string') return [];
    const { path } = cron;
    return [
      {
        by: 'Vercel',
        from: 'platform',
        times: String(cron['schedule'] ?? ''),
        at: { file, line: lineOf(body, `"${path}"`) },
        name: path,
        target: { kind: 'request', method: 'GET', host: '', path },
        sends: [{ in: 'header', name: 'authorization', scheme: 'Bearer', secret: 'CRON_SECRET' }],
        dir,
      },
    ];
  });
}

/** `[functions."name"]` with a schedule; the functions folder holds the module. */
function readNetlify({ file, dir, text: body }: Source, workspace: Workspace): readonly Found[] {
  const values = readToml(body);
  const folder = values.find((one) => one.table === 'functions' && one.key === 'directory')?.value;
  const folders = [folder, 'netlify/functions'].flatMap((one) => (one === undefined ? [] : [posix.join(dir, one)]));
  return values.flatMap((one): readonly Found[] => {
    const name = /^functions\.(.+)$/.exec(one.table)?.[1];
    if (one.key !== 'schedule' || name === undefined) return [];
    const module = folders.flatMap((base) => moduleAt(workspace, posix.join(base, name)))[0];
    return [
      {
        by: 'Netlify',
        from: 'platform',
        times: one.value,
        at: { file, line: one.line },
        name,
        target: { kind: 'module', file: module, written: `${folders[0] ?? ''}/${name}`, exported: 'default' },
        internal: true,
        dir,
      },
    ];
  });
}

/** The source file at a path without ending, or the index of that folder. */
export function moduleAt(workspace: Workspace, path: string): readonly string[] {
  const bare = path.replace(/\.[cm]?[jt]sx?$/, '');
  const endings = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs'];
  return [bare, `${bare}/index`, `${bare}/${posix.basename(bare)}`].flatMap((base) =>
    endings.map((ending) => base + ending).filter((file) => workspace.has(file)),
  );
}

function readWrangler({ file, dir, text: body }: Source, workspace: Workspace): readonly Found[] {
  const toml = file.endsWith('.toml') ? readToml(body) : [];
  const root: unknown = file.endsWith('.toml') ? undefined : parseJsonc(body);
  const triggers = isRecord(root) && isRecord(root['triggers']) ? listOf(root['triggers']['crons']) : [];
  const crons = toml.find((one) => one.table === 'triggers' && one.key === 'crons');
  const times = crons?.value ?? triggers.map(String).join(', ');
  const main =
    toml.find((one) => one.table === '' && one.key === 'main')?.value ?? (isRecord(root) ? root['main'] : undefined);
  if (times === '' || typeof main !== 'string') return [];
  const module = moduleAt(workspace, posix.join(dir, main))[0];
  return [
    {
      by: 'Cloudflare',
      from: 'platform',
      times,
      at: { file, line: crons?.line ?? lineOf(body, '"crons"') },
      name: 'scheduled',
      target: { kind: 'module', file: module, written: main, exported: 'scheduled' },
      internal: true,
      dir,
    },
  ];
}

/** Requests from App Engine carry a header that outsiders cannot set. */
function readAppEngine({ file, dir, text: body }: Source): readonly Found[] {
  const [root] = parseYaml(body).documents;
  return (get(root, 'cron')?.items ?? []).flatMap((item): readonly Found[] => {
    const path = text(get(item, 'url'));
    if (path === undefined || !path.startsWith('/')) return [];
    return [
      {
        by: 'App Engine',
        from: 'platform',
        times: text(get(item, 'schedule')) ?? '',
        at: { file, line: lineOfKey(item, 'url') ?? item.line },
        name: path,
        target: { kind: 'request', method: 'GET', host: '', path },
        sends: [{ in: 'header', name: 'x-appengine-cron', scheme: '', secret: '' }],
        signs: 'x-appengine-cron',
        dir,
      },
    ];
  });
}

/** What a command line starts: a request, or a program of the repository. */
function commanded(
  base: Pick<Found, 'by' | 'times' | 'at' | 'dir'> & { readonly label: string },
  command: string,
  env: Readonly<Record<string, string>>,
): readonly Found[] {
  const { label, ...rest } = base;
  const requests = requestsIn(command, env);
  if (requests.length > 0)
    return requests.map(({ method, host, path, sends }) => ({
      ...rest,
      from: 'platform',
      name: label || path,
      target: { kind: 'request', method, host, path },
      sends,
    }));
  const program = programIn(command);
  return program === undefined
    ? []
    : [
        {
          ...rest,
          from: 'platform',
          name: label || program,
          target: { kind: 'program', command, file: posix.join(base.dir, program) },
          internal: true,
        },
      ];
}

/** The source file that a command line runs. */
export function programIn(command: string): string | undefined {
  return /(?:^|[\s;&|/])(?:node|tsx|ts-node|bun|deno)\s+(?:run\s+)?(?:-{1,2}[\w-]+(?:[= ][\w./@-]+)??\s+)*((?:\.{1,2}\/|\/)?[\w@./-]+\.[cm]?[jt]sx?)\b/.exec(
    command,
  )?.[1];
}

function readRender({ file, dir, text: body }: Source): readonly Found[] {
  const [root] = parseYaml(body).documents;
  return (get(root, 'services')?.items ?? []).flatMap((item) => {
    const command = text(get(item, 'startCommand')) ?? text(get(item, 'dockerCommand'));
    if (text(get(item, 'type')) !== 'cron' || command === undefined) return [];
    const folder = posix.join(dir, text(get(item, 'rootDir')) ?? '.');
    const at = { file, line: lineOfKey(item, 'schedule') ?? item.line };
    const times = text(get(item, 'schedule')) ?? '';
    return commanded({ by: 'Render', times, at, dir: folder, label: text(get(item, 'name')) ?? '' }, command, {});
  });
}

function readRailway({ file, dir, text: body }: Source): readonly Found[] {
  const toml = file.endsWith('.toml') ? readToml(body) : [];
  const root: unknown = file.endsWith('.toml') ? undefined : parseJsonc(body);
  const deploy = isRecord(root) && isRecord(root['deploy']) ? root['deploy'] : {};
  const value = (key: string): string | undefined => {
    const found = toml.find((one) => one.table === 'deploy' && one.key === key)?.value ?? deploy[key];
    return typeof found === 'string' ? found : undefined;
  };
  const [times, command] = [value('cronSchedule'), value('startCommand')];
  if (times === undefined || command === undefined) return [];
  const at = { file, line: lineOf(body, 'cronSchedule') };
  return commanded({ by: 'Railway', times, at, dir, label: '' }, command, {});
}

/** `events: - schedule: rate(1 day)` below a function with `handler: src/x.run`. */
function readServerless({ file, dir, text: body }: Source, workspace: Workspace): readonly Found[] {
  const [root] = parseYaml(body).documents;
  const functions =
    get(root, 'functions')?.entries ?? new Map<string, { readonly node: Yaml; readonly line: number }>();
  return [...functions].flatMap(([name, { node }]) =>
    (get(node, 'events')?.items ?? []).flatMap((event): readonly Found[] => {
      const schedule = get(event, 'schedule');
      const handler = text(get(node, 'handler'));
      if (!schedule || handler === undefined || handler.includes('${')) return [];
      const dot = handler.lastIndexOf('.');
      const module = moduleAt(workspace, posix.join(dir, `${handler.slice(0, dot)}.ts`))[0];
      return [
        {
          by: 'EventBridge',
          from: 'platform',
          times: text(schedule) ?? text(get(schedule, 'rate')) ?? '',
          at: { file, line: lineOfKey(event, 'schedule') ?? event.line },
          name,
          target: { kind: 'module', file: module, written: handler, exported: handler.slice(dot + 1) },
          internal: true,
          dir,
        },
      ];
    }),
  );
}

function readCrontab({ file, dir, text: body }: Source): readonly Found[] {
  const env: Record<string, string> = {};
  return body.split('\n').flatMap((line, index) => {
    const set = /^\s*(\w+)\s*=\s*(.*)$/.exec(line);
    if (set?.[1] !== undefined && set[2] !== undefined) env[set[1]] = set[2].replaceAll(/^["']|["']$/g, '');
    const job = /^\s*((?:@\w+|(?:[\d*/,\-A-Za-z]+\s+){4}[\d*/,\-A-Za-z]+))\s+(.+)$/.exec(line);
    if (set || job?.[1] === undefined || job[2] === undefined || /^\s*#/.test(line)) return [];
    return commanded({ by: 'cron', times: job[1], at: { file, line: index + 1 }, dir, label: '' }, job[2], env);
  });
}

/** Labels of ofelia: `ofelia.job-exec.NAME.command`. */
function readOfelia({ file, dir, text: body }: Source): readonly Found[] {
  return [...body.matchAll(/ofelia\.job-(?:exec|run|local)\.([\w-]+)\.command["']?\s*[:=]\s*(.+)$/gm)].flatMap(
    (match) => {
      const at = { file, line: body.slice(0, match.index).split('\n').length };
      const command = (match[2] ?? '').trim().replaceAll(/^["']|["']$/g, '');
      return commanded({ by: 'ofelia', times: '', at, dir, label: match[1] ?? '' }, command, {});
    },
  );
}

/** Kubernetes' CronJob. A chart's template is read by its words elsewhere. */
function readCronJob({ file, dir, text: body }: Source): readonly Found[] {
  if (!/^kind:\s*["']?CronJob\b/m.test(body) || body.includes('{{')) return [];
  return parseYaml(body).documents.flatMap((root) => {
    if (text(get(root, 'kind')) !== 'CronJob') return [];
    const pod = get(root, 'spec', 'jobTemplate', 'spec', 'template', 'spec');
    const times = text(get(root, 'spec', 'schedule')) ?? '';
    const label = text(get(root, 'metadata', 'name')) ?? '';
    return (get(pod, 'containers')?.items ?? []).flatMap((container) => {
      const words = ['command', 'args'].flatMap((key) =>
        (get(container, key)?.items ?? []).map((one) => text(one) ?? ''),
      );
      const at = { file, line: lineOfKey(get(root, 'spec'), 'schedule') ?? root.line };
      // `sh -c "curl …"`: the shell's own text, not the words joined.
      const command = words.findLast((word) => /\s/.test(word) && /curl|wget|node|tsx/.test(word)) ?? quoted(words);
      return commanded({ by: 'Kubernetes', times, at, dir, label }, command, envOf(container));
    });
  });
}

const quoted = (words: readonly string[]): string =>
  words.map((word) => (/\s/.test(word) && !word.includes("'") ? `'${word}'` : word)).join(' ');

/** Variables by value, or by the name of the secret that holds them. */
function envOf(container: Yaml): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (get(container, 'env')?.items ?? []).flatMap((item): [string, string][] => {
      const name = text(get(item, 'name'));
      const value = text(get(item, 'value'));
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}

/** `cron.schedule('name', '0 3 * * *', $$ … net.http_post(url := '…') … $$)` in a migration. */
export function databaseSchedules(workspace: Workspace): readonly Found[] {
  return workspace.match(/\.sql$/).flatMap((file) => {
    const body = aside.test(file) ? '' : (workspace.read(file) ?? '');
    if (!body.includes('cron.schedule')) return [];
    return [...body.replaceAll(/--[^\n]*/g, (one) => ' '.repeat(one.length)).matchAll(calls)].flatMap(
      (match): readonly Found[] => {
        const url = /net\.http_\w+\s*\([\s\S]*?url\s*(?::=|=>)\s*(?:'([^']+)'|[^,]*?\|\|\s*'([^']+)')/i.exec(match[0]);
        const method = /net\.http_(get|post|delete)/i.exec(match[0])?.[1]?.toUpperCase();
        const split = url?.[1] === undefined ? { host: '$URL', path: url?.[2] ?? '' } : splitUrl(url[1], {});
        if (method === undefined || !split?.path.startsWith('/')) return [];
        return [
          {
            by: 'pg_cron',
            from: 'platform',
            times: match[2] ?? '',
            at: { file, line: body.slice(0, match.index).split('\n').length },
            name: match[1] ?? split.path,
            target: { kind: 'request', method, ...split },
            sends: undefined,
            dir: posix.dirname(file),
          },
        ];
      },
    );
  });
}

const calls =
  /\bcron\.schedule\s*\(\s*(?:'([^']*)'\s*,\s*)?'([^']*)'\s*,\s*(?:\$(\w*)\$[\s\S]*?\$\3\$|'(?:[^']|'')*')/gi;
