import type { Expr } from '../summary.ts';
import { pathOf } from '../walk.ts';
import { deny } from './bind.ts';
import { isShort } from './concern.ts';
import { cryptoCall } from './crypto.ts';
import { denial, denialByName, statusOf, thrownAuth } from './denial.ts';
import { evaluate } from './evaluate.ts';
import { inline, type Callee } from './inline.ts';
import { resolvePath } from './members.ts';
import { methodCall } from './methods.ts';
import { refuse, type Run } from './run.ts';
import { readSetting, settingGetter } from './settings.ts';
import {
  anything,
  constant,
  isCaller,
  isMissing,
  markMissing,
  never,
  nothing,
  present,
  secretOf,
  truth,
  union,
  type Frame,
  type Value,
} from './values.ts';

export type CallExpr = Extract<Expr, { k: 'call' }>;

/** A call with what it is made on and with. */
export interface Call {
  readonly expr: CallExpr;
  /** Dotted path of the callee, '' when it has none. */
  readonly path: string;
  /** Last name of the callee. */
  readonly name: string;
  readonly receiver: Value | undefined;
  readonly args: readonly Value[];
}

export function evaluateCall(run: Run, frame: Frame, expr: CallExpr): Value {
  const args = expr.args.map((arg) => evaluate(run, frame, arg));
  if (args.some((arg) => arg.length === 0)) return never;
  const path = pathOf(expr.callee);
  const dot = path.lastIndexOf('.');
  const name = expr.callee.k === 'member' ? expr.callee.name : path.slice(dot + 1);
  const receiver =
    expr.callee.k === 'member'
      ? evaluate(run, frame, expr.callee.of)
      : dot > 0
        ? resolvePath(run, frame, path.slice(0, dot))
        : undefined;
  const call: Call = { expr, path, name, receiver, args };
  if (receiver?.length === 0) return run.world?.caught(run, call) ?? never;
  const made = expr.new ? instance(run, frame, expr) : undefined;
  return (
    run.world?.next(run, frame, call) ??
    made ??
    setting(run, call) ??
    answer(frame, call) ??
    run.world?.answer(run, frame, call) ??
    followed(run, frame, call) ??
    cryptoCall(run, frame, call) ??
    methodCall(run, call) ??
    run.world?.lost(run, frame, call) ??
    unknownCall(run, frame, call)
  );
}

function instance(run: Run, frame: Frame, expr: CallExpr): Value | undefined {
  const origin = run.names.callee(frame.file, frame.fn, expr.callee);
  return origin.kind === 'class' && origin.member === ''
    ? [{ k: 'instance', file: origin.file, cls: origin.cls }]
    : undefined;
}

/** `config.get('API_KEY')` and what makes settings of `process.env`. */
function setting(run: Run, { expr, path, name, receiver, args }: Call): Value | undefined {
  const [first, second] = args;
  const key = first?.length === 1 && first[0]?.k === 'const' && typeof first[0].v === 'string' ? first[0].v : undefined;
  if (
    settingGetter.test(path) &&
    key &&
    /^[A-Z][A-Z0-9_]*$/.test(key) &&
    !receiver?.some((atom) => atom.k === 'object' || atom.k === 'input')
  ) {
    const value = readSetting(run, key);
    if (!run.missing.has(key)) return value;
    if (name === 'getOrThrow') return never;
    return second && second.some((atom) => atom.k !== 'object') ? markMissing(second) : value;
  }
  if (args.some((arg) => arg.some((atom) => atom.k === 'settings')) && !expr.new)
    return schemaOf(run, expr, receiver, args);
  if (/(?:^|\.)createEnv$/.test(path))
    return args[0]?.flatMap((atom): Value =>
      atom.k === 'object' ? [{ k: 'settings', schema: { expr: serverOf(atom.expr), frame: atom.frame } }] : anything,
    );
  return undefined;
}

const serverOf = (expr: Extract<Expr, { k: 'obj' }>): Expr => {
  const parts = expr.props.filter((p) => ['server', 'client', 'shared'].includes(p.key));
  return { ...expr, props: parts.flatMap((p) => (p.value.k === 'obj' ? p.value.props : [])) };
};

/** `schema.parse(process.env)`, `cleanEnv(process.env, {…})`. */
function schemaOf(run: Run, expr: CallExpr, receiver: Value | undefined, args: readonly Value[]): Value | undefined {
  if (
    /^(?:config|log|info|debug|keys|entries|assign|freeze|String|stringify)$/.test(
      pathOf(expr.callee).split('.').at(-1) ?? '',
    )
  )
    return undefined;
  const described = args.flat().find((atom) => atom.k === 'object');
  if (described?.k === 'object') return [{ k: 'settings', schema: { expr: described.expr, frame: described.frame } }];
  const shape = receiver?.find((atom) => atom.k === 'object') ?? args.flat().find((atom) => atom.k === 'object');
  if (shape?.k === 'object') return [{ k: 'settings', schema: { expr: shape.expr, frame: shape.frame } }];
  const resolved = run.names.callee(run.site.file, run.site.fn, expr.callee).kind === 'function';
  return resolved
    ? undefined
    : [{ k: 'settings', schema: { expr: { k: 'other' }, frame: { file: '', fn: 0, vars: new Map(), exits: [] } } }];
}

/** Calls that answer the caller: with an error they deny, `next()` lets through. */
function answer(frame: Frame, { expr, path, name, receiver, args }: Call): Value | undefined {
  if (receiver?.some((atom) => atom.k === 'denial')) return receiver.filter((atom) => atom.k === 'denial');
  const set = /^(?:status|code|sendStatus|writeHead|setStatus|setResponseStatus|sendError)$/.test(name)
    ? statusOf(expr.args[0], args[0])
    : undefined;
  if (set) return [denial(set)];
  if (/^(?:next|done|cb|callback|reject)$/.test(path)) return called(frame, expr, args);
  if (/^(?:close|destroy|disconnect|terminate)$/.test(name) && /socket|client|ws|conn/i.test(path))
    return [denial('auth')];
  const response =
    /^(?:Response|NextResponse|HttpResponse|Response\.json|NextResponse\.json|NextResponse\.redirect|Response\.redirect|json|text|body|html|send|error|createError|throw|abort|new|rewrite)$/;
  if (path === 'process.exit') return never;
  if (/(?:^|\.)throw$/.test(path) || name === 'assert') return name === 'throw' ? never : undefined;
  for (const [index, arg] of expr.args.entries()) {
    if (arg.k === 'obj' && (expr.new || response.test(name))) {
      const status = arg.props.find((p) => p.key === 'status' || p.key === 'statusCode');
      const kind =
        status && statusOf(status.value, undefined)
          ? statusOf(status.value, valueOf(status.value))
          : status && statusOf(status.value, valueOf(status.value));
      if (kind) return [denial(kind)];
    }
    if (index > 0 && response.test(name) && statusOf(arg, args[index]))
      return [denial(statusOf(arg, args[index]) ?? 'other')];
  }
  return undefined;
}

const valueOf = (expr: Expr): Value | undefined => (expr.k === 'num' ? constant(expr.v) : undefined);

function called(frame: Frame, expr: CallExpr, args: readonly Value[]): Value {
  const [first] = args;
  const without = !first || first.every((atom) => atom.k === 'const' && (atom.v ?? null) === null);
  const refused = without && args[1]?.every((atom) => atom.k === 'const' && atom.v === false);
  if (without && !refused) return [nothing];
  const auth = expr.args.some(thrownAuth);
  deny(frame, auth);
  return [{ k: 'denial', auth }];
}

/** Calls of functions of the repository. */
function followed(run: Run, frame: Frame, { expr, receiver, name, args }: Call): Value | undefined {
  if (expr.new) return undefined;
  const local =
    receiver === undefined
      ? evaluate(run, frame, expr.callee)
      : receiver.some((atom) => atom.k === 'object' || atom.k === 'instance')
        ? evaluate(run, frame, expr.callee)
        : [];
  const functions = local.filter((atom) => atom.k === 'function');
  if (functions.length > 0) {
    return functions.reduce<Value>(
      (all, atom) =>
        atom.k === 'function'
          ? union(all, followInto(run, { file: atom.frame.file, fn: atom.fn, outer: atom.frame }, args, frame))
          : all,
      [],
    );
  }
  if (
    receiver?.some(
      (atom) => atom.k === 'const' || atom.k === 'secret' || atom.k === 'list' || (atom.k === 'input' && name !== ''),
    )
  )
    return undefined;
  const origin = run.names.callee(frame.file, frame.fn, expr.callee);
  return origin.kind === 'function' && !origin.called && origin.member === ''
    ? followInto(run, { file: origin.file, fn: origin.fn }, args, frame)
    : undefined;
}

/** Only what can have to do with a secret is followed: it is given one, or stands near where one is read. */
function followInto(run: Run, callee: Callee, args: readonly Value[], frame: Frame): Value {
  const concerned =
    run.world !== undefined ||
    run.near.has(callee.file) ||
    callee.file === frame.file ||
    args.some((arg) => isMissing(arg) || secretOf(arg) !== undefined);
  if (!concerned && !isShort(run.model.get(callee.file)?.summary.functions[callee.fn])) return anything;
  const spared = run.world?.spared(run, callee, args, frame);
  if (spared) return spared;
  if (run.world) return run.world.followed(run, callee, args, frame, () => inline(run, callee, args, frame));
  const { budget } = run;
  run.budget = Math.min(budget, share);
  const given = run.budget;
  const value = inline(run, callee, args, frame);
  const spent = given - run.budget;
  run.budget = budget - spent;
  return spent > given ? (args.some(isMissing) ? [{ k: 'lost' }] : anything) : value;
}

/** How much of the effort one call may take. */
const share = 1500;

const verifies =
  /^(?:verify|validate|check|compare|isValid|isAuthori[sz]ed|authenticate|assert|ensure|matches|unwrap|construct)/i;
const harmless =
  /^(?:log|info|warn|error|debug|trace|write|push|set|add|emit|captureException|captureMessage|print|setHeader|append|use|on)$/;

/** A function of another package: what it does with a secret is guessed by its name, never in the accused's disfavour. */
function unknownCall(run: Run, frame: Frame, { expr, name, args }: Call): Value {
  const byName = denialByName(name, expr.args);
  if (byName) return [denial(byName)];
  if (harmless.test(name)) return anything;
  if (
    /^(?:object|strictObject|looseObject|strictObject|Object|type)$/.test(name) &&
    args[0]?.some((atom) => atom.k === 'object')
  )
    return args[0];
  const of = args.map(secretOf).find((found) => found !== undefined);
  if (verifies.test(name) && of !== undefined) {
    refuse(run)(of);
    return never;
  }
  if (args.some(isMissing))
    return verifies.test(name) &&
      args.every((arg) => arg.every((atom) => atom.k !== 'const' || typeof atom.v !== 'string'))
      ? never
      : [{ k: 'lost' }];
  if (/^(?:Boolean)$/.test(name) && args[0]) {
    const { yes, no } = truth(args[0]);
    return [...(yes ? constant(true) : []), ...(no ? constant(false) : [])];
  }
  if (of !== undefined && !expr.new) return [{ k: 'secret', of }];
  void frame;
  return expr.new || (isCaller(args.flat()) && /^(?:String|decodeURIComponent)$/.test(name)) ? present : anything;
}
