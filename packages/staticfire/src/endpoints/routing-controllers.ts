import { lineOf } from '../code/summary.ts';
import type { ChainLink, Endpoint } from '../facts/endpoints.ts';
import { defineReader, type EndpointSite } from './framework.ts';
import { classAt, membersOf, type ClassSpot } from './nestjs/classes.ts';
import { appliedBy, textsOf, type Applied } from './nestjs/decorators.ts';
import { linkOf } from './reading/functions.ts';
import { joinUrl } from './reading/paths.ts';

const id = 'routing-controllers';

/** Libraries that make routes of decorated classes: routing-controllers, inversify-express-utils, Ts.ED, LoopBack, tsoa. */
const packages = [
  'routing-controllers',
  'inversify-express-utils',
  '@tsed/common',
  '@tsed/schema',
  '@tsed/di',
  '@loopback/rest',
  'tsoa',
  '@tsoa/runtime',
  '@foal/core',
  'overnightjs',
  '@overnightjs/core',
];

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
const protecting = /^(?:use\w*|authorized|middleware|classmiddleware|security|authenticate|hook)$/i;

/** Controllers of live code that something loads, and their decorated methods. */
export const routingControllers = defineReader({
  id,
  reads: [],
  find: (site) => ({
    list: site
      .importing(...packages)
      .flatMap((file) =>
        (site.code.get(file)?.summary.classes ?? []).flatMap((cls, index) =>
          cls.decorators.length > 0 || cls.members.some(({ decorators }) => decorators.length > 0)
            ? ofClass(site, { file, cls: index })
            : [],
        ),
      ),
    lost: [],
  }),
});

const known = ({ package: from }: Applied): boolean => packages.includes(from);

function ofClass(site: EndpointSite, spot: ClassSpot): readonly Endpoint[] {
  const cls = classAt(site.code, spot);
  if (!cls) return [];
  const head = appliedBy(site.code, spot.file, cls.parent, cls.decorators);
  const controller = head.find((one) => known(one) && controllers.test(one.name));
  if (!controller && !head.every(({ package: from }) => from === '@loopback/rest')) return [];
  const above = controller
    ? (textsOf(site.code, controller.file, controller.fn, controller.args[0]) ?? ['{path}'])
    : [''];
  return membersOf(site.code, spot).flatMap(({ member, of }) => {
    const { fn } = member;
    if (fn === undefined || member.decorators.length === 0) return [];
    const applied = appliedBy(site.code, of.file, classAt(site.code, of)?.parent ?? 0, member.decorators);
    const chain = [...linksOf(site, head), ...linksOf(site, applied)];
    return applied.flatMap((one): readonly Endpoint[] => {
      const method = known(one) ? methodOf[one.name.toLowerCase().replace(/^http/, '')] : undefined;
      if (method === undefined) return [];
      const paths = textsOf(site.code, one.file, one.fn, one.args[0]) ?? ['{path}'];
      const at = { file: of.file, line: lineOf(member.at) };
      return above.flatMap((prefix) =>
        paths.map((path) => ({
          surface: 'http',
          method,
          path: joinUrl(prefix, path),
          at,
          handler: { file: of.file, fn },
          framework: id,
          chain,
        })),
      );
    });
  });
}

const linksOf = ({ code }: EndpointSite, applied: readonly Applied[]): readonly ChainLink[] =>
  applied.flatMap((one) =>
    protecting.test(one.name)
      ? (one.args.length > 0 ? one.args : [one.written]).map((expr) => linkOf(code, one, expr))
      : [],
  );
