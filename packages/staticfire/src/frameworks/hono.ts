import { defineFramework } from './framework.ts';

export const hono = defineFramework({ id: 'hono', title: 'Hono', packages: ['hono', '@hono/'] });
