import { defineFramework } from './framework.ts';

export const elysia = defineFramework({ id: 'elysia', title: 'Elysia', packages: ['elysia', '@elysiajs/'] });
