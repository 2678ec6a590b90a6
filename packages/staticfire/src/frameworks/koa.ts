import { defineFramework } from './framework.ts';

export const koa = defineFramework({ id: 'koa', title: 'Koa', packages: ['koa', '@koa/'] });
