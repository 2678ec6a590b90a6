import { defineFramework } from './framework.ts';

/** Servers made without a framework. Named only when nothing else serves. */
export const nodeHttp = defineFramework({
  id: 'node-http',
  title: 'node:http',
  packages: ['node:http', 'node:https', 'node:http2', 'node:net', 'uWebSockets.js'],
});
