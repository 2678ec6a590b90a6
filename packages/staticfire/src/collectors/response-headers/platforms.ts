import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import type { Service } from '../../facts/services.ts';
import type { Place } from '../../model/place.ts';
import type { Workspace } from '../../model/workspace.ts';
import { coversAll } from './configuration.ts';
import { found, framing, headerNamed, headersOf, merged, type Found } from './found.ts';

/** A header that a hosting platform adds, whichever it is. */
export interface PlatformHeader {
  readonly name: string;
  readonly value: string;
  readonly at: Place;
  /** The file that asks for it. */
  readonly by: string;
  /** The paths it covers, as written. */
  readonly source: string;
  /** The text of the rule. */
  readonly rule: string;
  /** Why not every response carries it. */
  readonly why: string | undefined;
}

/** Headers that a hosting platform adds, and those of a reverse proxy, which may or may not stand in front. */
export function byPlatforms(workspace: Workspace, own: Service): Found {
  const added = platformHeaders(workspace, own).map(({ name, value, by, at, why }) => {
    const header = headerNamed(name);
    return header ? found(headersOf(header, framing.test(value)), by, at, why) : merged([]);
  });
  return merged([...added, ...proxies(workspace)]);
}

/** Headers that the platform adds to what it serves. */
export function platformHeaders(workspace: Workspace, own: Service): readonly PlatformHeader[] {
  if (startsItself(own)) return [];
  const dirs = [...new Set([posix.normalize(own.root), '.'])];
  const at = (name: string): string[] => dirs.map((dir) => posix.join(dir, name)).filter((file) => workspace.has(file));
  const text = (file: string): string => workspace.read(file) ?? '';
  return [
    ...at('vercel.json').flatMap((file) => fromVercel(file, text(file))),
    ...at('staticwebapp.config.json').flatMap((file) => fromStaticWebApp(file, text(file))),
    ...at('netlify.toml').flatMap((file) => fromNetlify(file, text(file))),
    ...[...at('public/_headers'), ...at('_headers')].flatMap((file) => fromHeadersFile(file, text(file))),
  ];
}

/** Such platforms host pages and functions: what they add does not reach a server that is started elsewhere. */
const startsItself = ({ serverless, entries }: Service): boolean =>
  !serverless && entries.every((entry) => entry.kind === 'process');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function lineOfText(text: string, needle: string): number {
  const index = text.toLowerCase().indexOf(needle.toLowerCase());
  return index === -1 ? 1 : text.slice(0, index).split('\n').length;
}

const only = (source: string): string | undefined => (coversAll(source) ? undefined : `it covers ${source} only`);

function fromVercel(file: string, text: string): readonly PlatformHeader[] {
  const parsed: unknown = parse(text);
  const rules = isObject(parsed) ? list(parsed['headers']) : [];
  return rules.filter(isObject).flatMap((rule) => {
    const source = String(rule['source'] ?? '');
    const asked = rule['has'] || rule['missing'];
    const why = asked ? 'it is sent under conditions of the request only' : only(source);
    return list(rule['headers'])
      .filter(isObject)
      .map((header) => {
        const name = String(header['key'] ?? '');
        const at = { file, line: lineOfText(text, name) };
        const value = String(header['value'] ?? '');
        return { name, value, at, by: 'vercel.json', source, rule: JSON.stringify(rule), why };
      });
  });
}

function fromStaticWebApp(file: string, text: string): readonly PlatformHeader[] {
  const parsed: unknown = parse(text);
  const headers = isObject(parsed) && isObject(parsed['globalHeaders']) ? parsed['globalHeaders'] : {};
  return Object.entries(headers).map(([name, value]) => ({
    name,
    value: String(value),
    at: { file, line: lineOfText(text, name) },
    by: 'staticwebapp.config.json',
    source: '*',
    rule: JSON.stringify(headers),
    why: undefined,
  }));
}

function fromNetlify(file: string, text: string): readonly PlatformHeader[] {
  const blocks = text.split(/^\s*\[\[headers\]\]/m).slice(1);
  return blocks.flatMap((block) => {
    const source = /^\s*for\s*=\s*["']([^"']+)["']/m.exec(block)?.[1] ?? '';
    const rows = [...block.matchAll(/^\s*["']?([\w-]+)["']?\s*=\s*(.*)$/gm)];
    return rows.map(([, name = '', value = '']) => ({
      name,
      value: value.replaceAll(/^["']|["']$/g, ''),
      at: { file, line: lineOfText(text, name) },
      by: 'netlify.toml',
      source,
      rule: block,
      why: only(source),
    }));
  });
}

function fromHeadersFile(file: string, text: string): readonly PlatformHeader[] {
  let source = '';
  return text.split('\n').flatMap((line, index) => {
    if (/^[/h*]/.test(line)) source = line.trim();
    const [, name = '', value = ''] = /^\s+([\w-]+)\s*:\s*(.*)$/.exec(line) ?? [];
    return name === ''
      ? []
      : [{ name, value, at: { file, line: index + 1 }, by: '_headers', source, rule: text, why: only(source) }];
  });
}

/** nginx and Caddy: whether the proxy stands in front of the service is not written in the repository. */
function proxies(workspace: Workspace): Found[] {
  return workspace
    .match(
      /(?:^|\/)(?:[\w.-]*nginx[\w.-]*\.conf(?:\.\w+)?|nginx\/[\w./-]+\.conf(?:\.\w+)?|(?:default|site)\.conf(?:\.template)?|Caddyfile)$/,
    )
    .flatMap((file) => {
      const text = workspace.read(file) ?? '';
      if (!/\b(?:proxy_pass|reverse_proxy)\b/.test(text)) return [];
      return text.split('\n').flatMap((line, index) => {
        const name = /^\s*(?:add_header\s+|header\s+(?:\S+\s+)?)?["']?([A-Z][\w-]+)["']?\s/.exec(line)?.[1];
        const header = name === undefined ? undefined : headerNamed(name);
        return header
          ? [
              found(
                headersOf(header, framing.test(line)),
                posix.basename(file),
                { file, line: index + 1 },
                'only a reverse proxy adds it, and nothing shows that it stands in front of the service',
              ),
            ]
          : [];
      });
    });
}
