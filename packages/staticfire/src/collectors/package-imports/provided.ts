import type { Manifest } from '../../facts/project.ts';

/** A name that a registry could know: no alias, no virtual module, no address. */
export const isPackageName = (name: string): boolean =>
  /^(?:@[a-z\d][\w.-]*\/)?[a-z\d][\w.-]*$/i.test(name) && !/^(?:bun|deno|electron|vscode|k6|std)$/.test(name);

/** What a package brings for its users to import by name, as its own documents say. */
const bringing: readonly (readonly [by: RegExp, brought: RegExp])[] = [
  [/^next$/, /^(?:server-only|client-only|styled-jsx|@next\/env)$/],
  [
    /^nuxt$/,
    /^(?:vue|vue-router|h3|ofetch|ufo|defu|destr|pathe|nitropack|unctx|unhead|@unhead\/vue|@nuxt\/.*|@vue\/.*)$/,
  ],
  [/^(?:nitropack|nitro)$/, /^(?:h3|ofetch|ufo|defu|destr|unstorage|srvx)$/],
  [/^@sveltejs\/kit$/, /^(?:esm-env|svelte)$/],
  [/^@tanstack\/(?:react|solid)-start$/, /^(?:vinxi|h3)$/],
  [/^@(?:remix-run|react-router)\/dev$/, /^@(?:remix-run|react-router)\/(?:node|server-runtime)$/],
  [/^@adonisjs\/core$/, /^(?:@adonisjs\/|edge\.js|@poppinss\/)/],
  [/^@medusajs\/(?:medusa|framework)$/, /^(?:@medusajs\/|awilix$|@mikro-orm\/|express$|zod$)/],
  [/^@strapi\/strapi$/, /^(?:@strapi\/|koa$|yup$)/],
  [/^payload$/, /^@payloadcms\//],
  [/^prisma$/, /^@prisma\/(?:client|engines)$/],
  [/^expo$/, /^expo-/],
];

/** The platform's runtime holds it: AWS Lambda has its own SDK. */
const runtime = /^(?:aws-sdk$|@aws-sdk\/|@smithy\/|aws-lambda$|aws-xray-sdk-core$)/;

export function isProvided(name: string, declared: readonly string[], frameworks: readonly string[]): boolean {
  if (frameworks.includes('aws-lambda') && runtime.test(name)) return true;
  return bringing.some(([by, brought]) => brought.test(name) && declared.some((one) => by.test(one)));
}

export const dependenciesOf = (manifest: Manifest): readonly string[] =>
  [manifest.dependencies, manifest.optionalDependencies, manifest.peerDependencies, manifest.devDependencies].flatMap(
    (group) => Object.keys(group),
  );

/** `@types/express` for `express`, `@types/scope__name` for `@scope/name`. */
export const typesOf = (name: string): string => `@types/${name.replace('@', '').replace('/', '__')}`;
