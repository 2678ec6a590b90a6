import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { Command, ComposeService } from '../../facts/containers.ts';
import { purposeOf } from './purpose.ts';
import { expand } from './dockerfile.ts';
import { dirOf, join, words } from './words.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Reads the services of a compose file; a string when it cannot be parsed. */
export function readCompose(file: string, text: string): readonly ComposeService[] | string {
  const counter = new LineCounter();
  const document = parseDocument(text, { merge: true, lineCounter: counter, logLevel: 'silent' });
  if (document.errors[0]) return document.errors[0].message.split('\n')[0] ?? 'not YAML';
  const lines = (path: readonly unknown[]): number | undefined => lineOf(document, counter, path);
  const services = fields(fields(document.toJS({ maxAliasCount: 1000 }))?.['services']);
  return Object.entries(services ?? {}).flatMap(([name, value]) => {
    const service = fields(value);
    return service ? [serviceOf(file, name, service, lines)] : [];
  });
}

type Lines = (path: readonly unknown[]) => number | undefined;

function serviceOf(file: string, name: string, service: Fields, lines: Lines): ComposeService {
  const line = (...path: readonly unknown[]): number | undefined => lines(['services', name, ...path]);
  const at = (value: number | undefined) => ({
    file,
    ...(value === undefined ? {} : { line: value }),
  });
  return {
    file,
    purpose: purposeOf(file),
    name,
    image: string(service['image']),
    build: buildOf(dirOf(file), service['build']),
    command: commandOf(service['command'], at(line('command'))),
    entrypoint: commandOf(service['entrypoint'], at(line('entrypoint'))),
    user: string(service['user']),
    init: service['init'] === true || service['init'] === 'true',
    workdir: string(service['working_dir']),
    environment: environmentOf(service['environment'], line),
    envFiles: list(service['env_file']).map((path) => join(dirOf(file), path)),
    mountsSource: list(service['volumes']).some((volume) =>
      /^\.{1,2}(?:\/[\w./-]*)?:\/(?!etc|docker-entrypoint|var|data|tmp|certs|config)/.test(volume),
    ),
    at: at(line()),
  };
}

function buildOf(dir: string, value: unknown): ComposeService['build'] {
  const build = typeof value === 'string' ? { context: value } : fields(value);
  if (!build) return undefined;
  const context = string(build['context']) ?? '.';
  if (/^(?:https?|git|ssh):|^git@/.test(context)) return undefined;
  const root = join(dir, context);
  return {
    context: root,
    dockerfile: join(root, string(build['dockerfile']) ?? 'Dockerfile'),
    target: string(build['target']),
  };
}

/** Compose splits a string into words itself: no shell is involved. */
function commandOf(value: unknown, at: Command['at']): Command | undefined {
  const list = Array.isArray(value)
    ? value.map(String)
    : typeof value === 'string' && value.trim() !== ''
      ? words(value)
      : undefined;
  return list && list.length > 0 ? { form: 'exec', words: list, text: list.join(' '), at } : undefined;
}

function environmentOf(
  value: unknown,
  line: (...path: readonly unknown[]) => number | undefined,
): ComposeService['environment'] {
  if (Array.isArray(value))
    return value.map((item, index) => ({
      name: String(item).split('=')[0] ?? '',
      line: line('environment', index),
    }));
  return Object.keys(fields(value) ?? {}).map((name) => ({
    name,
    line: line('environment', name),
  }));
}

/** The line of the key at a path, or of the item for a list. */
function lineOf(document: Document, counter: LineCounter, path: readonly unknown[]): number | undefined {
  const key = path.at(-1);
  const parent: unknown = document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
  const node: unknown = pair?.key ?? document.getIn(path, true);
  const offset = hasRange(node) ? node.range?.[0] : undefined;
  return offset === undefined ? undefined : counter.linePos(offset).line;
}

const hasRange = (node: unknown): node is { range?: readonly number[] | null } =>
  typeof node === 'object' && node !== null && 'range' in node;

const list = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).flatMap((item) => {
    if (typeof item === 'string') return [item];
    const map = fields(item);
    if (map?.['type'] === 'bind') return [`${String(map['source'])}:${String(map['target'])}`];
    return typeof map?.['path'] === 'string' ? [map['path']] : [];
  });

/** A scalar as text, with `${X:-default}` filled in. */
const string = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? expand(String(value), {}) : undefined;

export const fields = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;

/** Gives the services of an overlay, which say only what differs, the build and image of the same service in a file beside it. */
export function withOverlays(services: readonly ComposeService[]): readonly ComposeService[] {
  return services.map((service) => {
    if (service.build || service.image) return service;
    const base = services.find(
      (other) =>
        other !== service && other.name === service.name && dirOf(other.file) === dirOf(service.file) && other.build,
    );
    return base
      ? { ...service, image: base.image, build: base.build, entrypoint: service.entrypoint ?? base.entrypoint }
      : service;
  });
}
