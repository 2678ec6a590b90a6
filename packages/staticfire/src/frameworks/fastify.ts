import { defineFramework } from './framework.ts';

/** `fastify start app.js` runs a plugin file; autoloaded folders are followed from the call. */
export const fastify = defineFramework({
  id: 'fastify',
  title: 'Fastify',
  packages: ['fastify', 'fastify-plugin', '@fastify/'],
});
