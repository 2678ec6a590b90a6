import { runsInProduction } from '../../code/production.ts';
import type { CallSite } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { linkOf } from '../reading/functions.ts';
import { routePattern, type Matches } from '../reading/patterns.ts';
import { readConsumers, type Consumer } from './consumers.ts';
import { textsOf } from './decorators.ts';
import { noLayers, type Layers } from './layers.ts';
import { classLink, type Kind } from './links.ts';
import type { Modules } from './modules.ts';

/** What the application sets for all of its routes. */
export interface Settings {
  readonly prefix: string;
  /** Does a path go without the prefix? */
  readonly unprefixed: Matches;
  /** Set when versions stand in the URL. */
  readonly versions: { readonly prefix: string; readonly standard: readonly string[] } | undefined;
  /** Middleware of the platform, in force everywhere or below a path. */
  readonly before: readonly { readonly link: ChainLink; readonly below: string }[];
  /** What modules configure. */
  readonly consumers: readonly Consumer[];
  /** Guards, pipes, interceptors and filters in force everywhere. */
  readonly layers: Layers;
  /** Do they hold for messages too? */
  readonly ofMessages: boolean;
}

export function readSettings(site: EndpointSite, modules: Modules): Settings {
  const calls = settingFiles(site)
    .flatMap((file) => site.sites(file).calls)
    .filter((call) => call.path.includes('.') && site.live.hasFunction(call.file, call.fn))
    .filter((call) => runsInProduction(site.code, call, call.when) !== false);
  const named = (name: string): readonly CallSite[] => calls.filter((call) => call.name === name);
  const [prefix] = named('setGlobalPrefix');
  const [versioning] = named('enableVersioning');
  return {
    prefix: prefix ? (textsOf(site.code, prefix.file, prefix.fn, prefix.expr.args[0])?.[0] ?? '{prefix}') : '',
    unprefixed: prefix ? excludedBy(site, prefix) : () => false,
    versions: versioning && versionsOf(site, versioning),
    before: calls.flatMap((call) => beforeAll(site, call)),
    consumers: readConsumers(site, modules.modules),
    layers: layersOf(site, modules, named),
    ofMessages:
      named('createMicroservice').length > 0 ||
      named('connectMicroservice').some(({ expr }) => {
        const inherits = propOf(expr.args[1], 'inheritAppConfig');
        return inherits?.k === 'bool' && inherits.v;
      }),
  };
}

/** Providers of the modules come first: they are in place when the application is created. */
function layersOf(site: EndpointSite, { global }: Modules, named: (name: string) => readonly CallSite[]): Layers {
  const of = (kind: Kind, token: string, method: string): readonly ChainLink[] => [
    ...global.filter((one) => one.token === token).map((one) => classLink(site.code, one, one.expr, kind)),
    ...named(method).flatMap((call) =>
      call.expr.args.flatMap((arg) => itemsOf(site, call, arg)).map((expr) => classLink(site.code, call, expr, kind)),
    ),
  ];
  return {
    ...noLayers,
    guard: of('guard', 'APP_GUARD', 'useGlobalGuards'),
    interceptor: of('interceptor', 'APP_INTERCEPTOR', 'useGlobalInterceptors'),
    pipe: of('pipe', 'APP_PIPE', 'useGlobalPipes'),
    filter: of('filter', 'APP_FILTER', 'useGlobalFilters'),
  };
}

function itemsOf(site: EndpointSite, { file, fn }: CallSite, arg: Expr): readonly Expr[] {
  if (arg.k !== 'spread') return [arg];
  if (arg.of.k === 'arr') return arg.of.items;
  const origin = site.code.origin(file, fn, arg.of);
  return origin.kind === 'value' && origin.file === file && origin.expr.k === 'arr' ? origin.expr.items : [arg];
}

const switches = new Set(['enableCors', 'useBodyParser']);

/** `app.use(helmet())`, `app.use('/docs', guard)`, `app.register(plugin)`, `app.enableCors()`. */
function beforeAll(
  { code }: EndpointSite,
  call: CallSite,
): readonly { readonly link: ChainLink; readonly below: string }[] {
  const { file, fn, expr, name } = call;
  if (!isApplication(call)) return [];
  if (switches.has(name)) return [{ link: { file, fn, expr, role: 'settings' }, below: '' }];
  const [first, ...rest] = expr.args;
  if (name === 'register' && first) return [{ link: linkOf(code, call, first, 'middleware'), below: '' }];
  if (name !== 'use' || !first) return [];
  const paths = textsOf(code, file, fn, first);
  return (paths ? rest : expr.args).flatMap((handler) =>
    (paths ?? ['']).map((below) => ({ link: linkOf(code, call, handler, 'middleware'), below })),
  );
}

/** Directly on a name: `app.use`, not `passport.session.use`. */
const isApplication = ({ path, name }: CallSite): boolean =>
  /^(?:app|application|server|nest\w*|this\.app)$/i.test(path.slice(0, -name.length - 1));

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

function excludedBy(site: EndpointSite, { file, fn, expr }: CallSite): Matches {
  const list = propOf(expr.args[1], 'exclude');
  const items: readonly Expr[] = list?.k === 'arr' ? list.items : [];
  const rules = items.flatMap((item) => {
    const text = site.code.literal(file, fn, propOf(item, 'path') ?? item);
    return typeof text === 'string' ? [routePattern(text)] : [];
  });
  return (path) => rules.some((matches) => matches(path));
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
