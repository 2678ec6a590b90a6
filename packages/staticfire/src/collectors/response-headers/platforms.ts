import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import type { Service } from '../../facts/services.ts';
import type { Workspace } from '../../model/workspace.ts';
import { coversAll } from './configuration.ts';
import { found, framing, headerNamed, headersOf, merged, type Found } from './found.ts';

/** Headers that a hosting platform adds, and those of a reverse proxy, which may or may not stand in front. */
export function byPlatforms(workspace: Workspace, own: Service): Found {
  const dirs = [...new Set([posix.normalize(own.root), '.'])];
  const at = (name: string): string[] => dirs.map((dir) => posix.join(dir, name)).filter((file) => workspace.has(file));
  return merged([...(startsItself(own) ? [] : hosted(workspace, at)), ...proxies(workspace)]);
}

/** Such platforms host pages and functions: what they add does not reach a server that is started elsewhere. */
const startsItself = ({ serverless, entries }: Service): boolean =>
  !serverless && entries.every((entry) => entry.kind === 'process');

const hosted = (workspace: Workspace, at: (name: string) => readonly string[]): readonly Found[] => [
  ...at('vercel.json').map((file) => fromVercel(file, workspace.read(file) ?? '')),
  ...at('staticwebapp.config.json').map((file) => fromStaticWebApp(file, workspace.read(file) ?? '')),
  ...at('netlify.toml').map((file) => fromNetlify(file, workspace.read(file) ?? '')),
  ...[...at('public/_headers'), ...at('_headers')].map((file) => fromHeadersFile(file, workspace.read(file) ?? '')),
];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function lineOfText(text: string, needle: string): number {
  const index = text.toLowerCase().indexOf(needle.toLowerCase());
  return index === -1 ? 1 : text.slice(0, index).split('\n').length;
}

function fromVercel(file: string, text: string): Found {
  const parsed: unknown = parse(text);
  const rules = isObject(parsed) ? list(parsed['headers']) : [];
  return merged(
    rules.filter(isObject).map((rule) => {
      const source = String(rule['source'] ?? '');
      const narrow =
        rule['has'] || rule['missing']
          ? 'it is sent under conditions of the request only'
          : coversAll(source)
            ? undefined
            : `it covers ${source} only`;
      return merged(
        list(rule['headers'])
          .filter(isObject)
          .map((header) =>
            one(file, text, String(header['key'] ?? ''), String(header['value'] ?? ''), 'vercel.json', narrow),
          ),
      );
    }),
  );
}

function fromStaticWebApp(file: string, text: string): Found {
  const parsed: unknown = parse(text);
  const headers = isObject(parsed) && isObject(parsed['globalHeaders']) ? parsed['globalHeaders'] : {};
  return merged(
    Object.entries(headers).map(([key, value]) =>
      one(file, text, key, String(value), 'staticwebapp.config.json', undefined),
    ),
  );
}

function one(file: string, text: string, name: string, value: string, by: string, why: string | undefined): Found {
  const header = headerNamed(name);
  return header
    ? found(headersOf(header, framing.test(value)), by, { file, line: lineOfText(text, name) }, why)
    : merged([]);
}

function fromNetlify(file: string, text: string): Found {
  const blocks = text.split(/^\s*\[\[headers\]\]/m).slice(1);
  return merged(
    blocks.map((block) => {
      const path = /^\s*for\s*=\s*["']([^"']+)["']/m.exec(block)?.[1] ?? '';
      const rows = [...block.matchAll(/^\s*["']?([\w-]+)["']?\s*=\s*(.*)$/gm)];
      return merged(
        rows.map((row) =>
          one(
            file,
            text,
            row[1] ?? '',
            row[2] ?? '',
            'netlify.toml',
            coversAll(path) ? undefined : `it covers ${path} only`,
          ),
        ),
      );
    }),
  );
}

function fromHeadersFile(file: string, text: string): Found {
  let path = '';
  return merged(
    text.split('\n').flatMap((line) => {
      if (line.startsWith('/')) path = line.trim();
      const row = /^\s+([\w-]+)\s*:\s*(.*)$/.exec(line);
      return row
        ? [
            one(
              file,
              text,
              row[1] ?? '',
              row[2] ?? '',
              '_headers',
              coversAll(path) ? undefined : `it covers ${path} only`,
            ),
          ]
        : [];
    }),
  );
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
