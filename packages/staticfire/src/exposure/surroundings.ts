import { lineOf } from '../code/summary.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import type { Reached } from '../facts/exposure.ts';
import type { Protection } from '../model/protection.ts';
import type { Step } from '../model/place.ts';
import { way } from './input/parses.ts';
import type { Context } from './reading/context.ts';
import { stepOf, type Stage } from './reading/stages.ts';
import { absent } from './site.ts';
import { knownMiddleware } from './sources/middleware.ts';

/** What frameworks do by themselves, as one clause each. */
const byItself: Readonly<Partial<Record<Protection, ReadonlyMap<string, string>>>> = {
  'body-limit': new Map([
    ['fastify', '1 MB, by Fastify'],
    ['nestjs', '100 kB, by the body parser of NestJS'],
    ['elysia', '128 MB, by Bun'],
  ]),
  errors: new Map([
    ['fastify', 'the error handler of Fastify'],
    ['nestjs', 'the exception layer of NestJS'],
    ['next', 'the error page of Next.js'],
    ['hono', 'the error handler of Hono'],
    ['trpc', 'the error formatter of tRPC'],
    ['elysia', 'the error handler of Elysia'],
    ['koa', 'the error handler of Koa'],
    ['sveltekit', 'handleError of SvelteKit'],
    ['nuxt', 'the error handler of Nitro'],
    ['tanstack-start', 'the error handling of TanStack Start'],
  ]),
  'request-id': new Map([['fastify', 'the request id of Fastify']]),
  csrf: new Map([['sveltekit', 'the origin check of SvelteKit']]),
};

/** What stands around handlers: sharing across origins, forged requests, sizes of bodies, errors, ids, the audit trail. */
export function surroundingOf(context: Context, endpoint: Endpoint, protection: Protection): Reached {
  const stages = context.stages.of(endpoint);
  return (
    fromPackages(stages, protection) ??
    fromCode(context, endpoint, stages, protection) ??
    fromFramework(endpoint, protection) ??
    absent
  );
}

const yes = (what: string, trail: readonly Step[]): Reached => ({ answer: 'yes', what, why: '', trail });

function fromPackages(stages: readonly Stage[], protection: Protection): Reached | undefined {
  for (const stage of stages) {
    const { link, origin } = stage;
    if (!link || origin?.kind !== 'package') continue;
    const called = `${origin.name} ${origin.member} ${origin.subpath}`;
    const known = knownMiddleware.find(
      (one) => one.protection === protection && one.packages.test(origin.package) && (one.names?.test(called) ?? true),
    );
    if (known) return yes(`by ${origin.package}`, [stepOf(stage)]);
  }
  return undefined;
}

/** Names that code of the repository has for what it does. */
const ownNames: Readonly<Partial<Record<Protection, RegExp>>> = {
  csrf: /csrf|xsrf/i,
  'request-id': /request_?id|correlation|trace_?id|req_?id/i,
};

function fromCode(
  context: Context,
  endpoint: Endpoint,
  stages: readonly Stage[],
  protection: Protection,
): Reached | undefined {
  if (protection === 'audit') return audited(stages);
  if (protection === 'errors') return filtered(stages);
  if (protection === 'csrf' && endpoint.framework === 'next' && endpoint.method === 'action')
    return yes('the origin check of server actions', [{ note: 'a server action', at: endpoint.at }]);
  if (protection === 'body-limit' && endpoint.framework === 'next' && context.site.service.platforms.includes('vercel'))
    return yes('4.5 MB, by Vercel', []);
  const names = ownNames[protection];
  const stage = names && stages.find(({ link, reached, name }) => link && reached && names.test(name));
  return stage && yes(`by code of its own (${stage.name})`, [stepOf(stage)]);
}

/** A filter in the chain answers what the handler throws. */
function filtered(stages: readonly Stage[]): Reached | undefined {
  const filter = stages.find(({ link }) => link?.role === 'filter');
  return filter && yes(filter.name || 'an error handler', [stepOf(filter)]);
}

const writes = /^(?:create\w*|insert\w*|log\w*|record\w*|write\w*|add|append|save|track\w*|audit\w*|emit)$/i;

/** A write whose name speaks of an audit. */
function audited(stages: readonly Stage[]): Reached | undefined {
  for (const stage of stages)
    for (const at of stage.reached?.functions ?? [])
      for (const { site } of at.calls) {
        const table =
          site.name === 'insert' && site.expr.args.some((arg) => arg.k === 'ref' && /audit/i.test(arg.path));
        if (!table && !(/audit/i.test(site.path) && writes.test(site.name))) continue;
        const place = { file: site.file, line: lineOf(site.expr.at) };
        return yes(site.path, [stepOf(stage), ...way(at), { note: 'it is written here', at: place }]);
      }
  return undefined;
}

function fromFramework({ framework, at }: Endpoint, protection: Protection): Reached | undefined {
  const what = byItself[protection]?.get(framework);
  return what === undefined ? undefined : yes(what, [{ note: `${framework} serves it`, at }]);
}
