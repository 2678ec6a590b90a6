/** What the chain of an endpoint can reach, in the order of the table. */
export const protections = [
  'authentication',
  'authorization',
  'signature',
  'input',
  'limit',
  'csrf',
  'cors',
  'body-limit',
  'audit',
  'errors',
  'request-id',
] as const;

export type Protection = (typeof protections)[number];
