import { parse as parseJsonc } from 'jsonc-parser';
import { parse as parseYaml } from 'yaml';
import type { Command, Platform, PlatformProcess } from '../../facts/containers.ts';
import { fields } from './compose.ts';
import { readToml } from './toml.ts';
import { dirOf, join, nameOf, words } from './words.ts';

type Fields = Readonly<Record<string, unknown>>;
interface Source {
  readonly file: string;
  readonly text: string;
}
type Reader = (source: Source) => readonly PlatformProcess[];

/** Files by which hosting platforms are told what to run. */
export const platformFile =
  /(?:^|\/)(?:Procfile(?:\.\w+)?|fly(?:\.[\w-]+)?\.toml|railway\.(?:json|toml)|render\.ya?ml|nixpacks\.toml|heroku\.yml|app\.ya?ml|apprunner\.ya?ml|vercel\.json|netlify\.toml|wrangler\.(?:toml|jsonc?)|serverless\.(?:ya?ml|ts|js)|amplify\.yml|captain-definition|config\/deploy\.yml)$/;

const readers: Readonly<Record<string, Reader>> = {
  procfile: readProcfile,
  fly: readFly,
  railway: readRailway,
  render: readRender,
  nixpacks: readNixpacks,
  heroku: readHeroku,
  app: readApp,
  apprunner: readAppRunner,
  vercel: (source) => [mark(source, 'vercel', true)],
  netlify: (source) => [mark(source, 'netlify', true)],
  wrangler: (source) => [mark(source, 'cloudflare', true)],
  serverless: (source) => [mark(source, 'serverless-framework', true)],
  amplify: (source) => [mark(source, 'amplify', true)],
  'captain-definition': readCaptain,
  deploy: readKamal,
};

/** What a platform file starts. Throws what its parser throws. */
export function readPlatform(source: Source): readonly PlatformProcess[] {
  const kind = nameOf(source.file).toLowerCase().split('.')[0] ?? '';
  return readers[kind]?.(source) ?? [];
}

const lineOf = (text: string, needle: string): number | undefined => {
  const index = needle === '' ? -1 : text.indexOf(needle);
  return index === -1 ? undefined : text.slice(0, index).split('\n').length;
};

function mark(
  source: Source,
  platform: Platform,
  serverless = false,
  more: Partial<PlatformProcess> = {},
): PlatformProcess {
  return {
    platform,
    file: source.file,
    name: undefined,
    dir: dirOf(source.file),
    command: undefined,
    dockerfile: undefined,
    dockerContext: undefined,
    serverless,
    at: { file: source.file, line: 1 },
    ...more,
  };
}

/** Platforms hand the text to a shell. */
function shell(source: Source, value: unknown, at?: number): Command | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const line = at ?? lineOf(source.text, value.trim().split('\n')[0] ?? '') ?? 1;
  return {
    form: 'shell',
    words: words(value),
    text: value.trim(),
    at: { file: source.file, line },
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const items = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.map(fields).filter((item) => item !== undefined) : [];

function readProcfile(source: Source): readonly PlatformProcess[] {
  if (/\.(?:dev|development|local|test)$/i.test(source.file)) return [];
  return source.text.split('\n').flatMap((raw, index) => {
    const found = /^([\w-]+):\s*(.+?)\s*$/.exec(raw);
    const command = shell(source, found?.[2], index + 1);
    return found && command ? [mark(source, 'procfile', false, { name: found[1], command, at: command.at })] : [];
  });
}

function readFly(source: Source): readonly PlatformProcess[] {
  const values = readToml(source.text);
  const of = (table: string, key: string): string | undefined =>
    values.find((v) => v.table === table && v.key === key)?.value;
  const dir = dirOf(source.file);
  const dockerfile = of('build', 'dockerfile');
  const build = { dockerfile: dockerfile && join(dir, dockerfile), dockerContext: dir };
  const processes = values.filter((v) => v.table === 'processes');
  const override = of('experimental', 'cmd') ?? of('experimental', 'entrypoint');
  if (processes.length === 0) return [mark(source, 'fly', false, { ...build, command: shell(source, override) })];
  return processes.map((v) => {
    const at = { file: source.file, line: v.line };
    return mark(source, 'fly', false, {
      ...build,
      name: v.key,
      command: { form: 'exec', words: words(v.value), text: v.value, at },
      at,
    });
  });
}

function readRailway(source: Source): readonly PlatformProcess[] {
  const dir = dirOf(source.file);
  const process = (start: unknown, dockerfile: unknown): readonly PlatformProcess[] => {
    const path = text(dockerfile);
    return [
      mark(source, 'railway', false, {
        command: shell(source, start),
        dockerfile: path && join(dir, path),
        dockerContext: path && dir,
      }),
    ];
  };
  if (source.file.endsWith('.toml')) {
    const values = readToml(source.text);
    const of = (table: string, key: string): string | undefined =>
      values.find((v) => v.table === table && v.key === key)?.value;
    return process(of('deploy', 'startCommand'), of('build', 'dockerfilePath'));
  }
  const root = fields(parseJsonc(source.text));
  return process(fields(root?.['deploy'])?.['startCommand'], fields(root?.['build'])?.['dockerfilePath']);
}

function readRender(source: Source): readonly PlatformProcess[] {
  const root = dirOf(source.file);
  return items(fields(parseYaml(source.text))?.['services'])
    .filter(
      (service) =>
        service['runtime'] !== 'static' &&
        service['env'] !== 'static' &&
        !['redis', 'keyvalue'].includes(String(service['type'])),
    )
    .map((service) => {
      const dir = join(root, text(service['rootDir']) ?? '.');
      const docker = [service['runtime'], service['env']].includes('docker');
      return mark(source, 'render', false, {
        name: text(service['name']),
        dir,
        command: shell(source, service['startCommand'] ?? service['dockerCommand']),
        dockerfile: docker ? join(dir, text(service['dockerfilePath']) ?? 'Dockerfile') : undefined,
        dockerContext: docker ? join(dir, text(service['dockerContext']) ?? '.') : undefined,
        at: {
          file: source.file,
          line: lineOf(source.text, `name: ${String(service['name'])}`) ?? 1,
        },
      });
    });
}

function readNixpacks(source: Source): readonly PlatformProcess[] {
  const start = readToml(source.text).find((v) => v.table === 'start' && v.key === 'cmd');
  return [mark(source, 'nixpacks', false, { command: shell(source, start?.value, start?.line) })];
}

function readHeroku(source: Source): readonly PlatformProcess[] {
  const root = fields(parseYaml(source.text));
  const docker = fields(fields(root?.['build'])?.['docker']) ?? {};
  const run = fields(root?.['run']) ?? {};
  const dir = dirOf(source.file);
  return [...new Set([...Object.keys(docker), ...Object.keys(run)])].sort().map((name) => {
    const path = text(docker[name]);
    const command = shell(source, run[name]);
    return mark(source, 'heroku', false, {
      name,
      command,
      dockerfile: path && join(dir, path),
      dockerContext: path && dirOf(join(dir, path)),
    });
  });
}

/** `app.yaml` is App Engine's, or DigitalOcean's app spec. */
function readApp(source: Source): readonly PlatformProcess[] {
  const root = fields(parseYaml(source.text));
  if (typeof root?.['runtime'] === 'string')
    return [mark(source, 'app-engine', false, { command: shell(source, root['entrypoint']) })];
  if (root?.['services'] === undefined && root?.['workers'] === undefined) return [];
  return [...items(root['services']), ...items(root['workers'])].map((service) => {
    const dir = join('.', text(service['source_dir']) ?? '.');
    const dockerfile = text(service['dockerfile_path']);
    return mark(source, 'digitalocean', false, {
      name: text(service['name']),
      dir,
      command: shell(source, service['run_command']),
      dockerfile: dockerfile && join('.', dockerfile),
      dockerContext: dockerfile && dir,
    });
  });
}

function readAppRunner(source: Source): readonly PlatformProcess[] {
  const run = fields(fields(parseYaml(source.text))?.['run']);
  return [mark(source, 'apprunner', false, { command: shell(source, run?.['command']) })];
}

function readCaptain(source: Source): readonly PlatformProcess[] {
  const path = text(fields(parseJsonc(source.text))?.['dockerfilePath']);
  const dir = dirOf(source.file);
  return [
    mark(source, 'captain', false, {
      dockerfile: path && join(dir, path),
      dockerContext: path && dir,
    }),
  ];
}

function readKamal(source: Source): readonly PlatformProcess[] {
  const root = fields(parseYaml(source.text));
  if (root?.['service'] === undefined || root['image'] === undefined) return [];
  const dir = join(dirOf(source.file), '..');
  const builder = fields(root['builder']);
  const dockerfile = join(dir, text(builder?.['dockerfile']) ?? 'Dockerfile');
  return [
    mark(source, 'kamal', false, {
      name: text(root['service']),
      dir,
      dockerfile,
      dockerContext: join(dir, text(builder?.['context']) ?? '.'),
    }),
  ];
}
