import { defineFramework } from './framework.ts';

export const hapi = defineFramework({ id: 'hapi', title: 'hapi', packages: ['@hapi/hapi', 'hapi'] });
