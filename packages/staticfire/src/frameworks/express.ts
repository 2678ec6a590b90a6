import { defineFramework } from './framework.ts';

/** Its entries are the programs that are started; nothing is loaded by place. */
export const express = defineFramework({ id: 'express', title: 'Express', packages: ['express'] });
