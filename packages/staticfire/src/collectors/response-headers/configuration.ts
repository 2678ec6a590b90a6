import { posix } from 'node:path';
import { itemsOf, type Item } from '../../code/items.ts';
import type { CodeModel } from '../../code/model.ts';
import { optionsOf } from '../../code/options.ts';
import type { FileSites, Setting } from '../../code/sites.ts';
import { lineOf } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { Service } from '../../facts/services.ts';
import { found, framing, headerNamed, headersOf, mentions, merged, offBecause, type Found } from './found.ts';

interface Facts {
  readonly code: CodeModel;
  readonly sites: (file: string) => FileSites;
  readonly service: Service;
}

const loaded = /^(?:next\.config|nuxt\.config|nitro\.config|vite\.config|app\.config|svelte\.config)\.[cm]?[jt]s$/;

/** Headers that the framework's own configuration adds to responses. */
export function byConfiguration(facts: Facts): Found {
  const files = facts.code.files.filter(
    (file) => posix.dirname(file) === posix.normalize(facts.service.root) && loaded.test(posix.basename(file)),
  );
  const withImports = files.flatMap((file) => [
    file,
    ...(posix.basename(file).startsWith('next.') ? facts.code.importsOf(file) : []),
  ]);
  return merged([...new Set(withImports)].map((file) => inFile(facts, file)));
}

function inFile(facts: Facts, file: string): Found {
  const { settings } = facts.sites(file);
  const functions = settings.filter((s) => s.key === 'headers' && s.keys.length === 0 && isFunction(facts.code, s));
  const rules = settings.filter((s) => s.key === 'routeRules');
  return merged([
    ...functions.map((s) => byHeadersFunction(facts, s)),
    ...rules.map((s) => byRouteRules(facts, s)),
    ...byModules(facts, file),
  ]);
}

function isFunction(model: CodeModel, setting: Setting): boolean {
  return setting.value.k === 'fn' || model.origin(setting.file, setting.fn, setting.value).kind === 'function';
}

/** `async headers() { return [{ source, headers: [{ key, value }] }] }` of Next.js. */
function byHeadersFunction(facts: Facts, setting: Setting): Found {
  const rules = itemsOf(facts.code, facts.sites, setting, setting.value);
  return merged(rules.map((rule) => ofRule(facts, setting, rule)));
}

function ofRule(facts: Facts, setting: Setting, rule: Item): Found {
  const source = propOf(rule.value, 'source');
  const pattern = source && facts.code.literal(rule.spot.file, rule.spot.fn, source);
  const list = propOf(rule.value, 'headers');
  if (!list) return merged([]);
  const narrow = narrowed(rule, typeof pattern === 'string' ? pattern : undefined);
  return merged(
    itemsOf(facts.code, facts.sites, rule.spot, list).map((item) => {
      const key = propOf(item.value, 'key');
      const value = propOf(item.value, 'value');
      const name = key && facts.code.literal(item.spot.file, item.spot.fn, key);
      const header = typeof name === 'string' ? headerNamed(name) : undefined;
      if (!header || item.value.k !== 'obj') return merged([]);
      const framed = value !== undefined && mentions(facts.code, item.spot, value, framing);
      const why =
        offBecause(facts.code, setting, setting.when) ??
        offBecause(facts.code, rule.spot, rule.when) ??
        offBecause(facts.code, item.spot, item.when) ??
        narrow;
      return found(
        headersOf(header, framed),
        'headers() of the configuration',
        { file: item.spot.file, line: lineOf(item.value.at) },
        why,
      );
    }),
  );
}

/** Patterns that match every path, and negative look-aheads that leave out assets. */
const everyPath = /^\/(?:\(\.\*\)|:\w+\*|:\w+\(\.\*\)|\(\.\*\?\)|\*\*?|\(\(\?!.*|:\w+\(\(\?!.*|\{?\/?:\w+\*\}?)$/;
export const coversAll = (pattern: string): boolean => pattern === '*' || everyPath.test(pattern);

function narrowed(rule: Item, pattern: string | undefined): string | undefined {
  if (propOf(rule.value, 'has') || propOf(rule.value, 'missing'))
    return 'it is sent under conditions of the request only';
  return pattern === undefined || coversAll(pattern) ? undefined : `it covers ${pattern} only`;
}

/** `routeRules: { '/**': { headers: {} } }` of Nitro. */
function byRouteRules(facts: Facts, setting: Setting): Found {
  if (setting.value.k !== 'obj') return merged([]);
  return merged(
    setting.value.props.map(({ key, value }) => {
      const headers = propOf(value, 'headers');
      if (!headers) return merged([]);
      const narrow = coversAll(key) ? undefined : `it covers ${key} only`;
      return merged(
        optionsOf(facts.code, setting, headers).entries.map((entry) => {
          const header = headerNamed(entry.key);
          if (!header) return merged([]);
          const why = offBecause(facts.code, entry.spot, entry.when) ?? narrow;
          return found(
            headersOf(header, mentions(facts.code, entry.spot, entry.value, framing)),
            'routeRules of the configuration',
            { file: entry.spot.file, line: lineOf(entry.at) },
            why,
          );
        }),
      );
    }),
  );
}

/** nuxt-security sends all of them; SvelteKit sends a policy when `csp` is configured. */
function byModules(facts: Facts, file: string): Found[] {
  const { strings } = facts.sites(file);
  const at = strings.get('nuxt-security');
  if (at === undefined || !posix.basename(file).startsWith('nuxt.')) return [];
  return [
    found(
      [
        'Content-Security-Policy',
        'Referrer-Policy',
        'Strict-Transport-Security',
        'X-Content-Type-Options',
        'X-Frame-Options',
      ],
      'nuxt-security',
      { file, line: lineOf(at) },
      undefined,
    ),
  ];
}
