import { walkFile } from '../walk.ts';
import { lineOf, type Expr } from '../summary.ts';
import { lastName } from '../sites.ts';
import { evaluate } from './evaluate.ts';
import type { Around, Guard, Target } from './guard.ts';
import { inline } from './inline.ts';
import { memberOf } from './members.ts';
import { createRun, type Run } from './run.ts';
import { isSecretName } from './settings.ts';
import type { Frame, Site, Value } from './values.ts';

type CallExpr = Extract<Expr, { k: 'call' }>;

/** Calls that hand a library the key with which it verifies tokens, by package; and the option that holds it. */
const takers: readonly { readonly name: RegExp; readonly packages: RegExp; readonly option: readonly string[] }[] = [
  { name: /^(?:register|registerAsync)$/, packages: /^@nestjs\/jwt$/, option: ['secret', 'secretOrPrivateKey'] },
  { name: /^Strategy$/, packages: /^passport-jwt$/, option: ['secretOrKey'] },
  {
    name: /^(?:expressjwt|expressJwt|default|jwt|koaJwt)$/,
    packages: /^(?:express-jwt|koa-jwt|hono)$/,
    option: ['secret'],
  },
  { name: /^register$/, packages: /^@fastify\/jwt$/, option: ['secret'] },
];

/** Guards that a library makes of options: with a literal in place of a missing key they accept what anyone signs. */
export function declaredGuards(around: Around, file: string): readonly Guard[] {
  const source = around.model.get(file);
  if (
    !source ||
    !source.head.imports.some(
      (i) => takers.some(({ packages }) => packages.test(packageName(i.from))) || i.from === '@nestjs/passport',
    )
  )
    return [];
  const found: Guard[] = [];
  walkFile(source.summary, (expr, fn) => {
    if (expr.k === 'call') found.push(...fromCall(around, { file, fn }, expr));
  });
  return found;
}

const packageName = (specifier: string): string =>
  specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : (specifier.split('/')[0] ?? specifier);

function fromCall(around: Around, at: Target, call: CallExpr): readonly Guard[] {
  const option = optionOf(around, at, call);
  if (!option) return [];
  const site: Site = { ...at, line: lineOf(call.at) };
  const armed = createRun(around.model, around.names, new Set(), around.near, site);
  keyOf(armed, at, call, option);
  return [...armed.reads.keys()].filter(isSecretName).map((name) => {
    const bare = createRun(around.model, around.names, new Set([name]), around.near, site);
    const key = keyOf(bare, at, call, option);
    const literal = key.some(
      (atom) => atom.k === 'const' && atom.missing === true && typeof atom.v === 'string' && atom.v !== '',
    );
    return {
      settings: [name],
      polarity: literal ? 'open' : 'closed',
      kind: 'secret',
      root: at,
      read: armed.reads.get(name),
      test: site,
      passes: undefined,
      forged: literal,
    };
  });
}

function optionOf({ model }: Around, { file, fn }: Target, call: CallExpr): readonly string[] | undefined {
  const name = lastName(call.callee);
  if (call.callee.k === 'ref' && call.callee.path === 'super')
    return ownsStrategy(model, file, fn) ? ['secretOrKey'] : undefined;
  const origin = model.origin(file, fn, name === 'register' && call.args[0]?.k === 'ref' ? call.args[0] : call.callee);
  const taker =
    origin.kind === 'package'
      ? takers.find((one) => one.packages.test(origin.package) && one.name.test(name))
      : undefined;
  return taker?.option;
}

/** Inside a class that extends passport-jwt's strategy. */
function ownsStrategy(model: Around['model'], file: string, fn: number): boolean {
  const summary = model.get(file)?.summary;
  const base = summary?.classes[summary.functions[fn]?.owner ?? -1]?.extends;
  return (
    base?.k === 'call' &&
    base.args.some((arg) => {
      const origin = model.origin(file, 0, arg);
      return origin.kind === 'package' && origin.package === 'passport-jwt';
    })
  );
}

function keyOf(run: Run, { file, fn }: Target, call: CallExpr, names: readonly string[]): Value {
  const frame: Frame = { file, fn, vars: new Map(), exits: [] };
  for (const arg of call.args) {
    const value = evaluate(run, frame, arg);
    for (const name of names) {
      const direct = memberOf(run, value, name).filter(
        (atom) => atom.k !== 'any' && !(atom.k === 'const' && atom.v === undefined && !atom.missing),
      );
      if (direct.length > 0) return direct;
    }
    const factory = memberOf(run, value, 'useFactory').find((atom) => atom.k === 'function');
    if (factory?.k !== 'function') continue;
    const made = inline(run, { file: factory.frame.file, fn: factory.fn, outer: factory.frame }, []);
    for (const name of names) {
      const inner = memberOf(run, made, name).filter((atom) => atom.k !== 'any');
      if (inner.length > 0) return inner;
    }
  }
  return [];
}
