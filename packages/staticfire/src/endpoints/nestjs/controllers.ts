import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { joinUrl } from '../reading/paths.ts';
import { ancestorsOf, classAt, keyOf, membersOf } from './classes.ts';
import type { Target } from './consumers.ts';
import { appliedBy, textsOf, type Applied } from './decorators.ts';
import { inOrder, layersOf, layersOfClass, noLayers, type Layers } from './layers.ts';
import type { Placed } from './modules.ts';
import { parameterLinks } from './parameters.ts';
import type { Settings } from './settings.ts';

const verbOf: Readonly<Record<string, string>> = {
  Get: 'GET',
  Post: 'POST',
  Put: 'PUT',
  Patch: 'PATCH',
  Delete: 'DELETE',
  Head: 'HEAD',
  Options: 'OPTIONS',
  All: 'ALL',
  Sse: 'GET',
  Search: 'SEARCH',
};
const messageOf: Readonly<Record<string, string>> = {
  MessagePattern: 'message',
  GrpcMethod: 'message',
  GrpcStreamMethod: 'message',
};

/** The handlers of one controller, inherited ones included. */
export function controllerEndpoints(site: EndpointSite, spot: Placed, settings: Settings): readonly Endpoint[] {
  if (!classAt(site.code, spot)) return [];
  const head = ancestorsOf(site.code, spot).flatMap((one) => {
    const cls = classAt(site.code, one);
    return cls ? appliedBy(site.code, one.file, cls.parent, cls.decorators) : [];
  });
  const controller = head.findLast(({ name }) => name === 'Controller');
  const own: Own = {
    site,
    settings,
    key: keyOf(spot),
    prefix: spot.prefix,
    paths: pathsOf(site, controller),
    versions: versionsOf(site, head, controller),
    layers: layersOfClass(site.code, spot),
  };
  return membersOf(site.code, spot).flatMap(({ member, of }) => {
    if (member.decorators.length === 0 || member.fn === undefined) return [];
    const fn = classAt(site.code, of)?.parent ?? 0;
    const applied = appliedBy(site.code, of.file, fn, member.decorators);
    if (!applied.some(isRoute)) return [];
    const handler = { file: of.file, fn: member.fn };
    const method = layersOf(site.code, of.file, fn, member.decorators);
    const chain = chains(own, method, parameterLinks(site.code, handler, fn));
    const base = { at: { file: of.file, line: lineOf(member.at) }, handler, framework: 'nestjs' } as const;
    return applied.filter(isRoute).flatMap((one) => toEndpoints(own, { applied, one, base, chain }));
  });
}

interface Own {
  readonly site: EndpointSite;
  readonly settings: Settings;
  readonly key: string;
  readonly prefix: string;
  readonly paths: readonly string[];
  readonly versions: readonly string[] | undefined;
  readonly layers: Layers;
}

interface Chains {
  /** Of routes: global layers included, middleware apart. */
  readonly http: readonly ChainLink[];
  readonly message: readonly ChainLink[];
}

function chains({ settings, layers }: Own, method: Layers, parameters: readonly ChainLink[]): Chains {
  const below = { ...noLayers, pipe: parameters };
  const http = inOrder([settings.layers, layers, method, below]);
  return { http, message: settings.ofMessages ? http : inOrder([layers, method, below]) };
}

const isRoute = ({ package: from, name }: Applied): boolean =>
  from.startsWith('@nestjs/') && (verbOf[name] ?? messageOf[name]) !== undefined;

interface Routed {
  readonly applied: readonly Applied[];
  readonly one: Applied;
  readonly base: Pick<Endpoint, 'at' | 'handler' | 'framework'>;
  readonly chain: Chains;
}

function toEndpoints(own: Own, { applied, one, base, chain }: Routed): readonly Endpoint[] {
  const message = messageOf[one.name];
  if (message)
    return [{ ...base, surface: 'rpc', method: message, path: patternOf(own.site, one), chain: chain.message }];
  const method = verbOf[one.name] ?? 'ALL';
  const paths = textsOf(own.site.code, one.file, one.fn, one.args[0]) ?? ['{path}'];
  const versions = versionsOf(own.site, applied, undefined) ?? own.versions;
  return own.paths.flatMap((above) =>
    paths.flatMap((path) =>
      urlsOf(own, versions, joinUrl(own.prefix, above, path)).map(({ url, bare }): Endpoint => {
        const before = middlewareOf(own.settings, url, { controller: own.key, method, path: bare });
        return { ...base, surface: 'http', method, path: url, chain: [...before, ...chain.http] };
      }),
    ),
  );
}

/** Middleware of the platform, then what modules configure for this path. */
export function middlewareOf({ before, consumers }: Settings, url: string, target: Target): readonly ChainLink[] {
  return [
    ...before
      .filter(({ below }) => below === '' || joinUrl(url, '/').startsWith(joinUrl(below)))
      .map(({ link }) => link),
    ...consumers.filter((consumer) => consumer.serves(target)).flatMap(({ links }) => links),
  ];
}

/** The paths of a handler: in full, and as middleware is configured for it. */
function urlsOf(
  { settings }: Own,
  own: readonly string[] | undefined,
  path: string,
): readonly { readonly url: string; readonly bare: string }[] {
  const { versions } = settings;
  const named = versions ? (own ?? versions.standard) : [];
  const bare = named.map((version) => joinUrl(version === '' ? '' : `${versions?.prefix ?? ''}${version}`, path));
  const prefix = settings.unprefixed(path) ? '' : settings.prefix;
  return (bare.length > 0 ? bare : [joinUrl(path)]).map((one) => ({ url: joinUrl(prefix, one), bare: one }));
}

function pathsOf({ code }: EndpointSite, controller: Applied | undefined): readonly string[] {
  const [first] = controller?.args ?? [];
  if (!controller || !first) return [''];
  const path = first.k === 'obj' ? propOf(first, 'path') : first;
  return textsOf(code, controller.file, controller.fn, path) ?? ['{path}'];
}

/** `@Version('2')`, or `version` of the controller; '' stands for a neutral one. */
function versionsOf(
  { code }: EndpointSite,
  applied: readonly Applied[],
  controller: Applied | undefined,
): readonly string[] | undefined {
  const version = applied.find(({ name, package: from }) => name === 'Version' && from === '@nestjs/common');
  const expr: Expr | undefined = version?.args[0] ?? propOf(controller?.args[0], 'version');
  const where = version ?? controller;
  if (!expr || !where) return undefined;
  if (expr.k === 'ref' && expr.path.endsWith('VERSION_NEUTRAL')) return [''];
  if (expr.k === 'arr')
    return expr.items.map((item) => {
      const text = code.literal(where.file, where.fn, item);
      return text === undefined ? '' : String(text);
    });
  return textsOf(code, where.file, where.fn, expr);
}

/** What a message is called. */
export function patternOf({ code }: EndpointSite, { args, file, fn }: Applied): string {
  const texts = args
    .map((arg) => code.literal(file, fn, propOf(arg, 'cmd') ?? arg))
    .filter((text) => typeof text === 'string');
  return texts.length > 0 ? texts.join('.') : '{pattern}';
}
