import type { Origin } from '../../code/model.ts';
import type { CallSite } from '../../code/sites.ts';
import { nameOf } from '../reading/stages.ts';

/** A library whose schemas check values. */
interface SchemaLibrary {
  readonly name: string;
  readonly packages: RegExp;
  /** Calls that throw on a value that does not fit, or give an answer that cannot be overlooked. */
  readonly throws: RegExp;
  /** Calls whose answer has to be looked at. */
  readonly answers: RegExp;
}

const never = /^(?!)/;

/** Of several that fit, the first counts. */
const libraries: readonly SchemaLibrary[] = [
  {
    name: 'zod',
    packages:
      /^(?:zod|zod\/.*|@zod\/mini|drizzle-zod|zod-form-data|@hono\/zod-openapi|nestjs-zod|@kubb\/.*|zod-prisma.*|@t3-oss\/env-.*|zodix|remix-params-helper|h3-zod)$/,
    throws: /^(?:parse|parseAsync|decode|decodeAsync|parseBody|parseForm|parseJson|parseParams|parseQuery|assert)$/,
    answers: /^(?:safeParse|safeParseAsync|spa|safeDecode|parseBodySafe|parseFormSafe|parseQuerySafe|parseParamsSafe)$/,
  },
  {
    name: 'valibot',
    packages: /^(?:valibot|@valibot\/.*|drizzle-valibot)$/,
    throws: /^(?:parse|parseAsync|assert|parser|parserAsync)$/,
    answers: /^(?:safeParse|safeParseAsync|is|safeParser|safeParserAsync)$/,
  },
  { name: 'arktype', packages: /^(?:arktype|drizzle-arktype)$/, throws: /^(?:assert|from)$/, answers: /^(?:allows|)$/ },
  {
    name: 'Joi',
    packages: /^(?:joi|@hapi\/joi|celebrate)$/,
    throws: /^(?:attempt|assert|validateAsync)$/,
    answers: /^(?:validate)$/,
  },
  {
    name: 'yup',
    packages: /^yup$/,
    throws: /^(?:validate|validateSync|validateAt)$/,
    answers: /^(?:isValid|isValidSync)$/,
  },
  {
    name: 'superstruct',
    packages: /^(?:superstruct|@badrap\/valita|myzod|runtypes|banditypes)$/,
    throws: /^(?:assert|create|mask|parse|check)$/,
    answers: /^(?:is|validate|try|guard)$/,
  },
  { name: 'io-ts', packages: /^(?:io-ts.*|newtype-ts)$/, throws: never, answers: /^(?:decode|is)$/ },
  {
    name: 'effect Schema',
    packages: /^(?:effect|@effect\/schema|@effect\/platform)$/,
    throws:
      /^(?:decodeUnknownSync|decodeSync|decodeUnknown|decode|decodeUnknownPromise|decodePromise|validateSync|asserts|schemaBodyJson|schemaJson)$/,
    answers: /^(?:decodeUnknownEither|decodeEither|decodeUnknownOption|decodeOption|is|validateEither)$/,
  },
  {
    name: 'TypeBox',
    packages: /^(?:@sinclair\/typebox|typebox|@sinclair\/typemap|elysia)$/,
    throws: /^(?:Parse|Decode|Assert)$/,
    answers: /^(?:Check|Errors)$/,
  },
  {
    name: 'ajv',
    packages: /^(?:ajv|@cfworker\/json-schema|jsonschema|is-my-json-valid|fastest-validator)$/,
    throws: never,
    answers: /./,
  },
  {
    name: 'typia',
    packages: /^typia$/,
    throws: /^(?:assert|assertEquals|assertParse|createAssert)$/,
    answers: /^(?:is|equals|validate|validateEquals|createIs|createValidate)$/,
  },
  {
    name: 'class-validator',
    packages: /^(?:class-validator|class-transformer-validator)$/,
    throws: /^(?:validateOrReject|transformAndValidate|transformAndValidateSync)$/,
    answers: /^(?:validate|validateSync)$/,
  },
  {
    name: 'conform',
    packages:
      /^(?:@conform-to\/.*|@rvf\/.*|remix-validated-form|@remix-validated-form\/.*|zod-form-data|sveltekit-superforms)$/,
    throws: never,
    answers:
      /^(?:parseWithZod|parseWithYup|parseWithValibot|parse|parseSubmission|validate|parseFormData|superValidate)$/,
  },
  {
    name: 'VineJS',
    packages: /^(?:@vinejs\/vine|@adonisjs\/.*|indicative)$/,
    throws: /^(?:validate|validateUsing|validateAll)$/,
    answers: /^(?:tryValidate)$/,
  },
  {
    name: 'ow',
    packages: /^(?:ow|@sindresorhus\/ow|decoders|@mojotech\/json-type-validation)$/,
    throws: /./,
    answers: never,
  },
  {
    name: 'validated reading',
    packages: /^(?:h3|nitropack|nuxt|#imports)$/,
    throws: /^(?:readValidatedBody|getValidatedQuery|getValidatedRouterParams)$/,
    answers: never,
  },
];

/** What a call does with a value. */
export interface SchemaCall {
  readonly library: string;
  /** Nothing follows unless its answer is looked at. */
  readonly answers: boolean;
}

/** Names that a call may have that checks a value; asked before what it stands for. */
const names =
  /^(?:|safeParse\w*|parse\w*|spa|safeDecode|decode\w*|validate\w*|isValid\w*|assert\w*|asserts|attempt|check|Check|Parse|Decode|Assert|Errors|create|mask|is|guard|try|allows|from|transformAndValidate\w*|superValidate|tryValidate|readValidatedBody|getValidated\w+|equals|schemaBodyJson|schemaJson|ow|default|compile|parser\w*)$/;

export const mayCheck = (site: CallSite): boolean => names.test(site.name) || /valid|schema|check/i.test(site.name);

/** Does a call check a value with a schema? */
export function schemaCall(site: CallSite, origin: Origin): SchemaCall | undefined {
  const { callee } = site.expr;
  const name = site.name || (callee.k === 'call' ? nameOf(callee.callee) : '');
  if (origin.kind === 'package') {
    const from = origin.subpath ? `${origin.package}/${origin.subpath}` : origin.package;
    const library = libraries.find(({ packages }) => packages.test(origin.package) || packages.test(from));
    if (!library) return undefined;
    if (site.name === '' && callee.k !== 'call' && library.name !== 'arktype' && library.name !== 'ajv')
      return undefined;
    if (library.throws.test(name)) return { library: library.name, answers: false };
    if (library.answers.test(name)) return { library: library.name, answers: true };
    // `const Body = type({ … }); Body(value)` and `const validate = ajv.compile(schema); validate(value)`.
    const made = origin.called && (library.name === 'arktype' || library.name === 'ajv');
    return made && !/^(?:compile|addSchema|addFormat|type|scope)$/.test(name)
      ? { library: library.name, answers: true }
      : undefined;
  }
  if (/^(?:safeParse|safeParseAsync|spa)$/.test(name)) return { library: 'a schema', answers: true };
  return /^(?:parseAsync|validateAsync)$/.test(name) ? { library: 'a schema', answers: false } : undefined;
}

/** A schema that lets everything through. */
export const takesAnything = (origin: Origin): boolean =>
  origin.kind === 'package' && /(?:^|\.)(?:any|unknown)(?:\.\w+)?$/.test(`${origin.name}.${origin.member}`);

/** A schema of one field. */
export const ofOneField = (origin: Origin): boolean =>
  origin.kind === 'package' &&
  /(?:^|\.)(?:string|email|uuid|number|coerce|enum|nativeEnum|boolean|literal|date|url|cuid2?|int|ulid|iso)(?:\.|$)/.test(
    `${origin.name}.${origin.member}`,
  ) &&
  !/\b(?:object|array|union|record|strictObject|looseObject|discriminatedUnion|intersection)\b/.test(origin.member);
