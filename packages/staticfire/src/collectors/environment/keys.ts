import type { Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { Place } from '../../model/place.ts';
import { placeOf } from './fallbacks.ts';
import type { Spot } from './names.ts';
import type { EnvObjects } from './objects.ts';
import { presentIn, missingIn } from './presence.ts';
import type { CallSeen } from './sightings.ts';
import { verbOf } from './techniques.ts';

/** The variable that a call reads by name: a wrapper's or a config service's. */
export type ReadsByName = (spot: Spot, call: Extract<Expr, { k: 'call' }>) => string | undefined;

const byPosition: Readonly<Record<string, number>> = {
  sign: 1,
  verify: 1,
  createHmac: 1,
  createCipheriv: 1,
  createDecipheriv: 1,
  constructEvent: 2,
  constructEventAsync: 2,
  jwtVerify: 1,
  cookieParser: 0,
  Webhook: 0,
  encrypt: 1,
  decrypt: 1,
  sealData: 1,
};
const byOption =
  /^(?:session|cookieSession|expressSession|register|registerAsync|jwt|NextAuth|betterAuth|Strategy|JwtStrategy|super|getIronSession|sealData|fastifyJwt|default)$/;
const options = ['secret', 'secretOrKey', 'password', 'key', 'keys', 'signingKey', 'encryptionKey'];

const mayBeKeyed = (call: Extract<Expr, { k: 'call' }>): boolean => {
  const verb = verbOf(call.callee);
  return byPosition[verb] !== undefined || byOption.test(verb);
};

/** Variables whose value signs, verifies or encrypts, with no question before whether they are set. */
export function keysOf(
  objects: EnvObjects,
  file: string,
  calls: readonly CallSeen[],
  byName: ReadsByName,
): readonly (readonly [string, Place])[] {
  return calls.flatMap((seen) => {
    if (!mayBeKeyed(seen.call)) return [];
    const spot = { file, fn: seen.fn };
    const names = keyArguments(seen.call).flatMap((expr) => {
      const name = variableBehind(objects, spot, expr, byName, 0);
      return name && !asked(objects, seen, expr, name) ? [name] : [];
    });
    return names.map((name) => [name, placeOf(file, seen.at)] as const);
  });
}

function keyArguments(call: Extract<Expr, { k: 'call' }>): readonly Expr[] {
  const verb = verbOf(call.callee);
  const direct = call.args[byPosition[verb] ?? -1];
  const named = byOption.test(verb) ? call.args.flatMap((arg) => options.flatMap((key) => propOf(arg, key) ?? [])) : [];
  return [...(direct && direct.k !== 'fn' ? [direct] : []), ...named].flatMap((e) => (e.k === 'arr' ? e.items : [e]));
}

/** Is it asked before whether the key is there? The question may be put to the name that holds it. */
function asked(objects: EnvObjects, seen: CallSeen, expr: Expr, name: string): boolean {
  return seen.guards.some((g) => {
    const names = g.holds ? presentIn(objects, g, g.test) : missingIn(objects, g, g.test);
    return names.includes(name) || (expr.k === 'ref' && speaksOf(g.test, expr.path));
  });
}

function speaksOf(test: Expr, path: string): boolean {
  if (test.k === 'ref') return test.path === path;
  if (test.k === 'unary') return speaksOf(test.of, path);
  return test.k === 'bin' && (speaksOf(test.l, path) || speaksOf(test.r, path));
}

function variableBehind(
  objects: EnvObjects,
  spot: Spot,
  expr: Expr,
  byName: ReadsByName,
  depth: number,
): string | undefined {
  if (depth > 6) return undefined;
  const env = objects.pathOf(spot, expr);
  if (env?.path) return env.path.split('.')[0];
  if (expr.k === 'bin' && (expr.op === '||' || expr.op === '??'))
    return variableBehind(objects, spot, expr.l, byName, depth + 1);
  if (expr.k === 'call')
    return (
      byName(spot, expr) ??
      (expr.args[0] && /^(?:from|encode|String|createSecretKey)$/.test(verbOf(expr.callee))
        ? variableBehind(objects, spot, expr.args[0], byName, depth + 1)
        : undefined)
    );
  if (expr.k !== 'ref') return undefined;
  const found = objects.names.resolve(spot, expr);
  return found?.k === 'expr' && found.rest === '' && found.expr !== expr
    ? variableBehind(objects, found, found.expr, byName, depth + 1)
    : undefined;
}
