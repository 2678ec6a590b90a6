import { posix } from 'node:path';
import { itemsOf, type Item } from '../../code/items.ts';
import type { CodeModel } from '../../code/model.ts';
import { optionsOf } from '../../code/options.ts';
import type { FileSites, Setting } from '../../code/sites.ts';
import type { Spot } from '../../code/production.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { Service } from '../../facts/services.ts';
import { found, framing, headerNamed, headersOf, mentions, merged, offBecause, type Found } from './found.ts';

interface Facts {
  readonly code: CodeModel;
  readonly sites: (file: string) => FileSites;
  readonly service: Service;
}

const loaded = /^(?:next\.config|nuxt\.config|nitro\.config|vite\.config|app\.config|svelte\.config)\.[cm]?[jt]s$/;

/** A header that the framework's own configuration adds, whichever it is. */
export interface ConfiguredHeader {
  readonly name: string;
  readonly value: Expr | undefined;
  readonly spot: Spot;
  readonly line: number;
  readonly by: string;
  /** The paths it covers, as written; undefined when that could not be read. */
  readonly source: string | undefined;
  /** The names of the headers that the same rule adds. */
  readonly beside: readonly string[];
  /** Why not every response of production carries it. */
  readonly why: string | undefined;
}

/** Headers that the framework's own configuration adds to responses. */
export function configuredHeaders(facts: Facts): readonly ConfiguredHeader[] {
  return configurationFiles(facts).flatMap((file) => {
    const { settings } = facts.sites(file);
    const functions = settings.filter((s) => s.key === 'headers' && s.keys.length === 0 && isFunction(facts.code, s));
    const rules = settings.filter((s) => s.key === 'routeRules');
    return [...functions.flatMap((s) => byHeadersFunction(facts, s)), ...rules.flatMap((s) => byRouteRules(facts, s))];
  });
}

/** The files that configure the framework; those of Next.js with what they import. */
export function configurationFiles(facts: Facts): readonly string[] {
  const files = facts.code.files.filter(
    (file) => posix.dirname(file) === posix.normalize(facts.service.root) && loaded.test(posix.basename(file)),
  );
  const withImports = files.flatMap((file) => [
    file,
    ...(posix.basename(file).startsWith('next.') ? facts.code.importsOf(file) : []),
  ]);
  return [...new Set(withImports)];
}

/** The security headers among them. */
export function byConfiguration(facts: Facts): Found {
  const rows = configuredHeaders(facts).map(({ name, value, spot, line, by, why }) => {
    const header = headerNamed(name);
    const framed = value !== undefined && mentions(facts.code, spot, value, framing);
    return header ? found(headersOf(header, framed), by, { file: spot.file, line }, why) : merged([]);
  });
  return merged([...rows, ...configurationFiles(facts).flatMap((file) => byModules(facts, file))]);
}

function isFunction(model: CodeModel, setting: Setting): boolean {
  return setting.value.k === 'fn' || model.origin(setting.file, setting.fn, setting.value).kind === 'function';
}

/** `async headers() { return [{ source, headers: [{ key, value }] }] }` of Next.js. */
function byHeadersFunction(facts: Facts, setting: Setting): readonly ConfiguredHeader[] {
  return itemsOf(facts.code, facts.sites, setting, setting.value).flatMap((rule) => ofRule(facts, setting, rule));
}

function ofRule(facts: Facts, setting: Setting, rule: Item): readonly ConfiguredHeader[] {
  const source = propOf(rule.value, 'source');
  const literal = source && facts.code.literal(rule.spot.file, rule.spot.fn, source);
  const pattern = typeof literal === 'string' ? literal : undefined;
  const list = propOf(rule.value, 'headers');
  if (!list) return [];
  const items = itemsOf(facts.code, facts.sites, rule.spot, list).flatMap((item) => {
    const key = propOf(item.value, 'key');
    const name = key && facts.code.literal(item.spot.file, item.spot.fn, key);
    return typeof name === 'string' && item.value.k === 'obj' ? [{ ...item, value: item.value, name }] : [];
  });
  return items.map(({ name, value, spot, when }) => ({
    name,
    value: propOf(value, 'value'),
    spot,
    line: lineOf(value.at),
    by: 'headers() of the configuration',
    source: pattern,
    beside: items.map((item) => item.name),
    why:
      offBecause(facts.code, setting, setting.when) ??
      offBecause(facts.code, rule.spot, rule.when) ??
      offBecause(facts.code, spot, when) ??
      narrowed(rule, pattern),
  }));
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
function byRouteRules(facts: Facts, setting: Setting): readonly ConfiguredHeader[] {
  if (setting.value.k !== 'obj') return [];
  return setting.value.props.flatMap(({ key, value }) => {
    const headers = propOf(value, 'headers');
    const entries = headers ? optionsOf(facts.code, setting, headers).entries : [];
    return entries.map((entry) => ({
      name: entry.key,
      value: entry.value,
      spot: entry.spot,
      line: lineOf(entry.at),
      by: 'routeRules of the configuration',
      source: key,
      beside: entries.map((one) => one.key),
      why: offBecause(facts.code, entry.spot, entry.when) ?? (coversAll(key) ? undefined : `it covers ${key} only`),
    }));
  });
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
