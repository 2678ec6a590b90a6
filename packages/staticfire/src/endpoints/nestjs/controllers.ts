import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { linkOf } from '../reading/functions.ts';
import { joinUrl } from '../reading/paths.ts';
import { classAt, membersOf } from './classes.ts';
import { appliedBy, textsOf, type Applied } from './decorators.ts';
import type { Placed } from './modules.ts';
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
const protecting = new Set(['UseGuards', 'UsePipes', 'UseInterceptors']);

/** The handlers of one controller, inherited ones included. */
export function controllerEndpoints(site: EndpointSite, spot: Placed, settings: Settings): readonly Endpoint[] {
  const cls = classAt(site.code, spot);
  if (!cls) return [];
  const head = appliedBy(site.code, spot.file, cls.parent, cls.decorators);
  const controller = head.find(({ name }) => name === 'Controller');
  const own: Own = {
    site,
    settings,
    prefix: spot.prefix,
    paths: pathsOf(site, controller),
    versions: versionsOf(site, head, controller),
    chain: [...settings.chain, ...linksOf(site, head)],
  };
  return membersOf(site.code, spot).flatMap(({ member, of }) => {
    if (member.decorators.length === 0 || member.fn === undefined) return [];
    const fn = classAt(site.code, of)?.parent ?? 0;
    const applied = appliedBy(site.code, of.file, fn, member.decorators);
    const handler = { file: of.file, fn: member.fn };
    return applied.flatMap((one) => toEndpoints(own, applied, one, handler, lineOf(member.at)));
  });
}

interface Own {
  readonly site: EndpointSite;
  readonly settings: Settings;
  readonly prefix: string;
  readonly paths: readonly string[];
  readonly versions: readonly string[] | undefined;
  readonly chain: readonly ChainLink[];
}

function toEndpoints(
  own: Own,
  all: readonly Applied[],
  one: Applied,
  handler: NonNullable<Endpoint['handler']>,
  line: number,
): readonly Endpoint[] {
  if (!one.package.startsWith('@nestjs/')) return [];
  const base = {
    at: { file: handler.file, line },
    handler,
    framework: 'nestjs',
    chain: [...own.chain, ...linksOf(own.site, all)],
  };
  const message = messageOf[one.name];
  if (message) return [{ ...base, surface: 'rpc', method: message, path: patternOf(own.site, one) }];
  const method = verbOf[one.name];
  if (method === undefined) return [];
  const paths = textsOf(own.site.code, one.file, one.fn, one.args[0]) ?? ['{path}'];
  const versions = versionsOf(own.site, all, undefined) ?? own.versions;
  return own.paths.flatMap((above) =>
    paths.flatMap((path) =>
      urlsOf(own, versions, joinUrl(own.prefix, above, path)).map((url) => ({
        ...base,
        surface: 'http' as const,
        method,
        path: url,
      })),
    ),
  );
}

function urlsOf({ settings }: Own, own: readonly string[] | undefined, path: string): readonly string[] {
  const prefix = settings.excluded.has(path) ? '' : settings.prefix;
  const { versions } = settings;
  if (!versions) return [joinUrl(prefix, path)];
  const named = own ?? versions.standard;
  if (named.length === 0) return [joinUrl(prefix, path)];
  return named.map((version) => joinUrl(prefix, version === '' ? '' : `${versions.prefix}${version}`, path));
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

/** Guards, pipes and interceptors, in the order written. */
export function linksOf({ code }: EndpointSite, applied: readonly Applied[]): readonly ChainLink[] {
  return applied.flatMap((one) =>
    protecting.has(one.name) ? one.args.map((expr) => linkOf(code, { file: one.file, fn: one.fn }, expr)) : [],
  );
}

/** What a message is called. */
export function patternOf({ code }: EndpointSite, { args, file, fn }: Applied): string {
  const texts = args
    .map((arg) => code.literal(file, fn, propOf(arg, 'cmd') ?? arg))
    .filter((text) => typeof text === 'string');
  return texts.length > 0 ? texts.join('.') : '{pattern}';
}
