/** Middleware of packages that checks requests against a schema. */
interface Validator {
  readonly packages: RegExp;
  readonly names: RegExp;
  readonly what: string;
}

const any = /./;

export const validators: readonly Validator[] = [
  {
    packages: /^@hono\/(?:zod|valibot|arktype|typebox|standard|effect|ajv|typia|class-validator|conform)-?validator$/,
    names: any,
    what: 'a validator of Hono',
  },
  { packages: /^hono-openapi(?:\/.*)?$/, names: /validator|resolver/i, what: 'a validator of Hono' },
  { packages: /^(?:celebrate)$/, names: /celebrate|default/i, what: 'celebrate' },
  {
    packages:
      /^(?:zod-express-middleware|express-zod-safe|express-zod-api|@asteasolutions\/.*|express-joi-validation|express-joi-validator|express-validation|express-yup-middleware|express-json-validator-middleware|express-jsonschema|zod-express|express-valibot|koa-joi-router|koa-zod-router|koa-zod-validator|koa-joi-validate|fastify-zod|fastify-type-provider-zod|@anatine\/zod-.*|zod-middleware|express-async-validator|@repalash\/.*|typed-express-router)$/,
    names: any,
    what: 'a validating middleware',
  },
  {
    packages:
      /^(?:express-openapi-validator|openapi-validator-middleware|express-openapi|openapi-backend|@eropple\/nestjs-openapi3|fastify-openapi-glue|swagger-express-validator|koa-oas-validator|koa2-oas3|exegesis-express)$/,
    names: any,
    what: 'the OpenAPI description',
  },
  {
    packages: /^(?:next-safe-action|zsa|zsa-react|@zsa\/.*|next-server-actions|next-zod-route|next-zod-api)$/,
    names: any,
    what: 'a typed action',
  },
  { packages: /^(?:@middy\/validator|@middy\/zod-validator)$/, names: any, what: 'the validator of middy' },
];
