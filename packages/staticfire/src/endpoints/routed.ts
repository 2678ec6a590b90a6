import { elysia } from './elysia.ts';
import { express } from './express.ts';
import { fastify } from './fastify.ts';
import type { EndpointReader } from './framework.ts';
import { hapi } from './hapi.ts';
import { hono } from './hono.ts';
import { koa } from './koa.ts';
import { medusa } from './medusa.ts';
import { routingControllers } from './routing-controllers.ts';
import type { Library } from './running/library.ts';
import { runService } from './running/start.ts';
import { trpc } from './trpc.ts';
import { tsRest } from './ts-rest.ts';

/** Libraries whose routes are registered by running code. Sorted by id. */
const libraries: readonly Library[] = [
  elysia,
  express,
  fastify,
  hapi,
  hono,
  koa,
  medusa,
  routingControllers,
  trpc,
  tsRest,
];

/** One run of the service for all of them. */
export const routed: EndpointReader = {
  id: 'routed',
  reads: libraries.map(({ id }) => id),
  find(site) {
    const machine = runService(site, libraries);
    if (!machine) return { list: [], lost: [] };
    const found = libraries.map((library) =>
      library.endpoints(
        machine.run,
        machine.things.filter((thing) => thing.library === library.id),
      ),
    );
    return { list: found.flatMap(({ list }) => list), lost: [...found.flatMap(({ lost }) => lost), ...machine.lost] };
  },
};
