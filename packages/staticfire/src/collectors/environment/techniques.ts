import type { Expr } from '../../code/summary.ts';
import { propOf, walkFile } from '../../code/walk.ts';
import type { EnvObjects } from './objects.ts';
import type { Names, Spot } from './names.ts';

/** An expression with the place from which its names are looked up. */
export interface Placed extends Spot {
  readonly expr: Expr;
}

/** A call that checks the environment against a schema. */
export interface Parse {
  readonly library: string;
  /** As it is said to people. */
  readonly technique: string;
  /** Throws by itself when something is missing; the others return what they found. */
  readonly throws: boolean;
  /** Ends the process by itself. */
  readonly exits: boolean;
  readonly schemas: readonly Placed[];
  /** Where members were gathered by hand: the variable behind each field. */
  readonly names?: ReadonlyMap<string, string>;
}

type Call = Extract<Expr, { k: 'call' }>;

const throwing =
  /^(?:parse|parseAsync|parseEnv|cast|attempt|assert|create|Parse|Decode|Assert|Cast|validateSync|parseSync|decodeUnknownSync|mask|from|allows)$/;
const returning =
  /^(?:safeParse|safeParseAsync|spa|validate|validateAsync|Check|Errors|is|decode|safeDecode|safeParseEnv)$/;

const cleaning = /^(?:cleanEnv|customCleanEnv)$/;

/** Packages that read the environment themselves. */
export const envLibrary =
  /^(?:@nestjs\/config|env-var|envalid|envsafe|znv|env-schema|@fastify\/env|dotenv-safe|convict|@t3-oss\/env-.*|@adonisjs\/(?:core\/)?env|\$env\/.*)$/;

/** Functions of packages that read the variable they are given the name of. */
export const packageReader =
  /^(?:get|read|load|assert|require|must|expect|ensure)(?:Required|Optional)?Env(?:Var|Variable)?(?:OrThrow|As\w+)?$/;

/** The package behind a call chain: for `schema.parse` with `const schema = z.object()` it is zod. */
export function packageBehind(names: Names, spot: Spot, expr: Expr, depth = 0): string | undefined {
  if (depth > 10) return undefined;
  if (expr.k === 'call')
    return requiredPackage(names, spot, expr) ?? packageBehind(names, spot, expr.callee, depth + 1);
  if (expr.k === 'member' || expr.k === 'await') return packageBehind(names, spot, expr.of, depth + 1);
  if (expr.k !== 'ref') return undefined;
  const found = names.resolve(spot, expr);
  if (found?.k === 'package') return found.name;
  return found?.k === 'expr' && found.expr !== expr ? packageBehind(names, found, found.expr, depth + 1) : undefined;
}

/** `require('dotenv-safe').config()`. */
function requiredPackage(names: Names, spot: Spot, { callee, args: [from] }: Call): string | undefined {
  if (callee.k !== 'ref' || callee.path !== 'require' || from?.k !== 'str') return undefined;
  return names.model.get(spot.file)?.resolve(from.v).kind === 'package' ? from.v : undefined;
}

/** The last name of a callee: 'parse' of `schema.parse`. */
export function verbOf(callee: Expr): string {
  if (callee.k === 'member') return callee.name;
  return callee.k === 'ref' ? callee.path.slice(callee.path.lastIndexOf('.') + 1) : '';
}

/** What a method is called on. */
export function receiverOf(callee: Expr): Expr | undefined {
  if (callee.k === 'member') return callee.of;
  if (callee.k !== 'ref' || !callee.path.includes('.')) return undefined;
  return { ...callee, path: callee.path.slice(0, callee.path.lastIndexOf('.')) };
}

export function parseOf(objects: EnvObjects, spot: Spot, call: Call): Parse | undefined {
  const own = selfReading(objects, spot, call);
  if (own) return own;
  const verb = verbOf(call.callee);
  const env = environmentArgument(objects, spot, call, verb);
  return env === -1 ? undefined : onEnvironment(objects, spot, call, verb, env);
}

/** Only calls that could be a check are looked at closely. */
function environmentArgument(objects: EnvObjects, spot: Spot, call: Call, verb: string): number {
  if (throwing.test(verb) || returning.test(verb) || cleaning.test(verb))
    return call.args.findIndex((arg) => objects.gathers(spot, arg));
  const [only] = call.args;
  const plain = call.callee.k === 'ref' && call.args.length === 1 && only?.k === 'ref';
  return plain && objects.pathOf(spot, only)?.path === '' ? 0 : -1;
}

function onEnvironment(objects: EnvObjects, spot: Spot, call: Call, verb: string, env: number): Parse | undefined {
  const library = packageBehind(objects.names, spot, call.callee);
  const placed = (expr: Expr | undefined): readonly Placed[] => (expr ? [{ ...spot, expr }] : []);
  const other = placed(call.args[env === 0 ? 1 : 0]);
  const made = (technique: string, throws: boolean, schemas: readonly Placed[], exits = false): Parse => ({
    library: library ?? '',
    technique,
    throws,
    exits,
    schemas,
    names: gatheredNames(objects, spot, call.args[env]),
  });
  switch (library) {
    case 'envalid':
      return made('envalid', true, other, true);
    case 'znv':
      return made('znv', true, other);
    case 'valibot':
    case '@sinclair/typebox':
    case 'typebox':
    case 'superstruct':
      return throwing.test(verb) || returning.test(verb)
        ? made(library.replace(/^.*typebox$/, 'TypeBox'), throwing.test(verb), other)
        : undefined;
    case 'arktype':
      return made('ArkType', verb === 'assert', placed(verb === 'assert' ? receiverOf(call.callee) : call.callee));
    case 'joi':
    case '@hapi/joi':
      return verb === 'attempt' || verb === 'assert'
        ? made('Joi', true, other)
        : made('Joi', false, placed(receiverOf(call.callee)));
    case 'ajv':
      return made('Ajv', false, placed(call.callee));
    case 'yup':
      return made('Yup', true, placed(receiverOf(call.callee)));
    case 'zod':
    case 'zod/v4':
    case 'zod/mini':
      return throwing.test(verb) || returning.test(verb)
        ? made('zod', throwing.test(verb), placed(receiverOf(call.callee)))
        : undefined;
    case undefined:
      // The schema may come from a package of the workspace that was built; its method still says what happens.
      return /^(?:parse|safeParse|parseAsync|safeParseAsync)$/.test(verb) && receiverOf(call.callee)
        ? made('a schema', throwing.test(verb), placed(receiverOf(call.callee)))
        : undefined;
    default:
      return undefined;
  }
}

/** `{ url: process.env.DATABASE_URL }`: the field `url` is the variable DATABASE_URL. */
function gatheredNames(objects: EnvObjects, spot: Spot, arg: Expr | undefined): ReadonlyMap<string, string> {
  const found = arg?.k === 'ref' ? objects.names.resolve(spot, arg) : undefined;
  const placed = found?.k === 'expr' && found.rest === '' ? found : arg && { ...spot, expr: arg };
  if (placed?.expr.k !== 'obj') return new Map();
  return new Map(
    placed.expr.props.flatMap((prop): [string, string][] => {
      const name = objects.pathOf(placed, prop.value)?.path.split('.')[0];
      return name ? [[prop.key, name]] : [];
    }),
  );
}

/** convict only checks when it is told to. */
function validated(names: Names, file: string): boolean {
  const summary = names.model.get(file)?.summary;
  let found = false;
  if (summary) {
    walkFile(summary, (e) => {
      if (e.k === 'call' && verbOf(e.callee) === 'validate') found = true;
      return !found;
    });
  }
  return found;
}

/** Checks that fetch the environment themselves. */
function selfReading(objects: EnvObjects, spot: Spot, call: Call): Parse | undefined {
  const verb = verbOf(call.callee);
  if (!/^(?:createEnv|envsafe|envSchema|register|config|load|convict|default|defineEnv|create)$/i.test(verb))
    return undefined;
  const library = packageBehind(objects.names, spot, call.callee) ?? '';
  const [first, second] = call.args;
  const placed = (...exprs: readonly (Expr | undefined)[]): readonly Placed[] =>
    exprs.flatMap((expr) => (expr ? [{ ...spot, expr }] : []));
  const made = (technique: string, schemas: readonly Placed[], exits = false): Parse => ({
    library,
    technique,
    throws: true,
    exits,
    schemas,
  });
  if (library.startsWith('@t3-oss/env'))
    return made('t3-env', placed(propOf(first, 'server'), propOf(first, 'shared')));
  if (library === 'envsafe') return made('envsafe', placed(first), true);
  if (library === 'env-schema') return made('env-schema', placed(propOf(first, 'schema')));
  if (library === 'dotenv-safe') return made('dotenv-safe', []);
  if (library === 'convict' && call.callee.k === 'ref')
    return validated(objects.names, spot.file) ? made('convict', placed(first)) : undefined;
  if (/^@adonisjs\/(?:core|env)$/.test(library) && verb === 'create') return made("AdonisJS's Env", placed(second));
  if (verb === 'register' && first && packageBehind(objects.names, spot, first) === '@fastify/env')
    return { ...made('@fastify/env', placed(propOf(second, 'schema'))), library: '@fastify/env' };
  return undefined;
}
