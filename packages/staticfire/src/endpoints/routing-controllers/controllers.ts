import type { ChainLink, LinkRole } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { classAt, classOf, membersOf, type ClassSpot } from '../nestjs/classes.ts';
import { appliedBy, textsOf, type Applied } from '../nestjs/decorators.ts';
import { linkOf } from '../reading/functions.ts';
import { joinUrl } from '../reading/paths.ts';
import type { Spot } from '../../code/production.ts';
import type { Expr, Param, Position } from '../../code/summary.ts';

/** Libraries that make routes of decorated classes: routing-controllers, inversify-express-utils, Ts.ED, LoopBack, tsoa. */
export const packages = [
  'routing-controllers',
  'inversify-express-utils',
  '@tsed/common',
  '@tsed/schema',
  '@tsed/di',
  '@tsed/platform-params',
  '@loopback/rest',
  'tsoa',
  '@tsoa/runtime',
  '@foal/core',
  'overnightjs',
  '@overnightjs/core',
];

/** A method of a controller that answers. */
export interface Action {
  readonly method: string;
  readonly path: string;
  readonly file: string;
  readonly at: Position;
  readonly handler: Spot;
  readonly chain: readonly ChainLink[];
}

const methodOf: Readonly<Record<string, string>> = {
  get: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  del: 'DELETE',
  head: 'HEAD',
  options: 'OPTIONS',
  all: 'ALL',
};

const controllers = /^(?:json)?controller$|^route$|^api$/i;
const roles: readonly (readonly [RegExp, LinkRole])[] = [
  [/^(?:authorized|security|authenticate|useauth|usepermissions|roles?|nosecurity)$/i, 'guard'],
  [/^use(?:interceptor|after\w*)$/i, 'interceptor'],
  [/^use\w*$|^(?:class)?middleware$|^hook$/i, 'middleware'],
];

/** Controllers of live code, and their decorated methods. */
export const actionsOf = (site: EndpointSite): readonly Action[] =>
  site
    .importing(...packages)
    .flatMap((file) =>
      (site.code.get(file)?.summary.classes ?? []).flatMap((cls, index) =>
        cls.decorators.length > 0 || cls.members.some(({ decorators }) => decorators.length > 0)
          ? ofClass(site, { file, cls: index })
          : [],
      ),
    );

const known = ({ package: from }: Applied): boolean => packages.includes(from);

function ofClass(site: EndpointSite, spot: ClassSpot): readonly Action[] {
  const cls = classAt(site.code, spot);
  if (!cls) return [];
  const head = appliedBy(site.code, spot.file, cls.parent, cls.decorators);
  const controller = head.find((one) => known(one) && controllers.test(one.name));
  if (!controller && !head.every(({ package: from }) => from === '@loopback/rest')) return [];
  const above = controller
    ? (textsOf(site.code, controller.file, controller.fn, controller.args[0]) ?? ['{path}'])
    : [''];
  const before = [...afterPath(site, controller), ...linksOf(site, head)];
  return membersOf(site.code, spot).flatMap(({ member, of }) => {
    const { fn } = member;
    if (fn === undefined || member.decorators.length === 0) return [];
    const applied = appliedBy(site.code, of.file, classAt(site.code, of)?.parent ?? 0, member.decorators);
    const handler = { file: of.file, fn };
    const around = [...before, ...linksOf(site, applied)];
    return applied.flatMap((one): readonly Action[] => {
      const method = known(one) ? methodOf[one.name.toLowerCase().replace(/^http/, '')] : undefined;
      if (method === undefined) return [];
      const paths = textsOf(site.code, one.file, one.fn, one.args[0]) ?? ['{path}'];
      const chain = [...around, ...afterPath(site, one), ...validators(site, handler)];
      return above.flatMap((prefix) =>
        paths.map((path) => ({ method, path: joinUrl(prefix, path), file: of.file, at: member.at, handler, chain })),
      );
    });
  });
}

/** `@controller('/x', check)` and `@httpGet('/', check)` take middleware after the path. */
const afterPath = ({ code }: EndpointSite, one: Applied | undefined): readonly ChainLink[] =>
  one?.package === 'inversify-express-utils' ? one.args.slice(1).map((expr) => linkOf(code, one, expr)) : [];

function linksOf({ code }: EndpointSite, applied: readonly Applied[]): readonly ChainLink[] {
  return applied.flatMap((one) => {
    const role = roles.find(([name]) => name.test(one.name))?.[1];
    if (!role) return [];
    const exprs = role !== 'guard' && one.args.length > 0 ? one.args : [one.written];
    return exprs
      .flatMap(listed)
      .map((expr) => withMethod(code, linkOf(code, one, expr, role === 'middleware' ? undefined : role)));
  });
}

const listed = (expr: Expr): readonly Expr[] => (expr.k === 'arr' ? expr.items : [expr]);

/** A class of middleware runs its method. */
function withMethod(code: EndpointSite['code'], link: ChainLink): ChainLink {
  const spot = link.runs ? undefined : classOf(code, link.file, link.fn, link.expr);
  const method =
    spot && membersOf(code, spot).find(({ member }) => /^(?:use|handler|intercept|run)$/.test(member.name));
  return method?.member.fn === undefined ? link : { ...link, runs: { file: method.of.file, fn: method.member.fn } };
}

const parts: Readonly<Record<string, string>> = {
  Body: 'body',
  BodyParams: 'body',
  requestBody: 'body',
  Queries: 'query',
  QueryParams: 'query',
  Params: 'params',
  PathParams: 'params',
  HeaderParams: 'headers',
  CookieParams: 'cookies',
};

/** Parameters whose class says what the request must be. */
function validators(site: EndpointSite, { file, fn }: Spot): readonly ChainLink[] {
  const params = site.code.get(file)?.summary.functions[fn]?.params ?? [];
  return params.flatMap((param) => {
    const one = appliedBy(site.code, file, 0, param.decorators ?? []).find(known);
    const on = one && parts[one.name];
    const type = on === undefined ? undefined : classNamed(param);
    return type && on !== undefined ? [linkOf(site.code, { file, fn: 0 }, type, 'validator', on)] : [];
  });
}

function classNamed({ type }: Param): Expr | undefined {
  const name = /^[A-Z]\w*/.exec(type ?? '')?.[0];
  return name ? { k: 'ref', path: name, at: 0 } : undefined;
}
