import { defineFramework } from './framework.ts';

export const bun = defineFramework({ id: 'bun', title: 'Bun', packages: ['bun'] });
