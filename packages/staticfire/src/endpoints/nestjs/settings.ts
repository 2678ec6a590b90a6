import type { CallSite } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { linkOf } from '../reading/functions.ts';
import { joinUrl } from '../reading/paths.ts';
import { textsOf } from './decorators.ts';
import type { Modules } from './modules.ts';

/** What the application sets for all of its routes. */
export interface Settings {
  readonly prefix: string;
  /** Paths that go without the prefix. */
  readonly excluded: ReadonlySet<string>;
  /** Set when versions stand in the URL. */
  readonly versions: { readonly prefix: string; readonly standard: readonly string[] } | undefined;
  /** Guards, pipes and interceptors in force everywhere. */
  readonly chain: readonly ChainLink[];
}

export function readSettings(site: EndpointSite, modules: Modules): Settings {
  const calls = settingFiles(site)
    .flatMap((file) => site.sites(file).calls)
    .filter((call) => call.path.includes('.') && site.live.hasFunction(call.file, call.fn));
  const named = (name: string): readonly CallSite[] => calls.filter((call) => call.name === name);
  const [prefix] = named('setGlobalPrefix');
  const [versioning] = named('enableVersioning');
  return {
    prefix: prefix ? (textsOf(site.code, prefix.file, prefix.fn, prefix.expr.args[0])?.[0] ?? '{prefix}') : '',
    excluded: prefix ? excludedBy(site, prefix) : new Set(),
    versions: versioning && versionsOf(site, versioning),
    chain: [
      ...['useGlobalGuards', 'useGlobalPipes', 'useGlobalInterceptors'].flatMap((name) =>
        named(name).flatMap((call) => call.expr.args.map((expr) => linkOf(site.code, call, expr))),
      ),
      ...modules.global.map(({ file, fn, expr }) => linkOf(site.code, { file, fn }, expr)),
    ],
  };
}

/** Where the application is created, and what those files import: helpers that are handed the application. */
function settingFiles(site: EndpointSite): readonly string[] {
  const creating = site
    .importing('@nestjs/core')
    .filter((file) =>
      site.code.get(file)?.head.imports.some((one) => one.names.some(({ imported }) => imported === 'NestFactory')),
    );
  const beside = creating.flatMap((file) => site.code.importsOf(file).filter((next) => site.live.has(next)));
  return [...new Set([...creating, ...beside])];
}

function excludedBy(site: EndpointSite, { file, fn, expr }: CallSite): ReadonlySet<string> {
  const list = propOf(expr.args[1], 'exclude');
  const items: readonly Expr[] = list?.k === 'arr' ? list.items : [];
  return new Set(
    items.flatMap((item) => {
      const text = site.code.literal(file, fn, propOf(item, 'path') ?? item);
      return typeof text === 'string' ? [joinUrl(text)] : [];
    }),
  );
}

function versionsOf(site: EndpointSite, { file, fn, expr }: CallSite): Settings['versions'] {
  const [options] = expr.args;
  const type = propOf(options, 'type');
  if (type && !(type.k === 'ref' && type.path.endsWith('.URI'))) return undefined;
  const prefix = propOf(options, 'prefix');
  const text = prefix ? site.code.literal(file, fn, prefix) : 'v';
  const standard = propOf(options, 'defaultVersion');
  return {
    prefix: typeof text === 'string' ? text : '',
    standard: standard ? (textsOf(site.code, file, fn, standard) ?? []) : [],
  };
}
