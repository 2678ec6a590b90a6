import { pathOf } from '../walk.ts';
import type { Call } from './calls.ts';
import { equality } from './equality.ts';
import { inline } from './inline.ts';
import { memberOf } from './members.ts';
import { refuse, type Run } from './run.ts';
import {
  booleans,
  constant,
  input,
  never,
  nothing,
  present,
  Unclear,
  type Atom,
  type Frame,
  type Value,
} from './values.ts';

/** What well-known functions do with keys, known by what the libraries do with a missing, empty or literal one. */
export function cryptoCall(run: Run, frame: Frame, call: Call): Value | undefined {
  const { name, path, args } = call;
  switch (name) {
    case 'timingSafeEqual':
    case 'safeEqual':
    case 'safeCompare':
    case 'constantTimeEqual':
    case 'tsscmp':
    case 'scmp':
    case 'timingSafeCompare':
      return sameBytes(run, args);
    case 'createHmac':
    case 'Hmac':
      return keyed(run, args[1], true);
    case 'createHash':
      return [{ k: 'hash' }];
    case 'importKey':
      return keyed(run, args[1], false);
    case 'sign':
      return path.endsWith('subtle.sign') ? args[1] : undefined;
    case 'createSecretKey':
      return args[0]?.filter(isText);
    case 'encode':
      return args[0]?.map((atom): Atom =>
        atom.k === 'const' && (atom.v ?? null) === null ? { ...atom, v: '' } : atom,
      );
    case 'from':
      return /(?:^|\.)Buffer\.from$/.test(path) ? args[0]?.filter(isText) : undefined;
    case 'Webhook':
      return call.expr.new ? webhook(args[0]) : undefined;
    case 'constructEvent':
    case 'constructEventAsync':
      return args.length > 2 ? accepted(run, args[2] ?? [], true) : undefined;
    case 'jwtVerify':
    case 'verify':
    case 'verifyAsync':
      return verification(run, frame, call);
    default:
      return undefined;
  }
}

const isText = (atom: Atom): boolean => !(atom.k === 'const' && (atom.v ?? null) === null);

/** Bytes of what is not there cannot be made: it throws before it compares. */
function sameBytes(run: Run, [a = [], b = []]: readonly Value[]): Value {
  const left = a.filter(isText);
  const right = b.filter(isText);
  if (left.length === 0 || right.length === 0) return never;
  const { yes, no } = equality(left, right, refuse(run));
  return booleans(yes, no);
}

/** What comes of a key: anyone can compute it when the key is empty or a literal; without a key it throws. */
function keyed(run: Run, key: Value | undefined, emptyWorks: boolean): Value {
  return (key ?? []).flatMap((atom): Value => {
    if (atom.k === 'setting') return [{ k: 'secret', of: atom.of }];
    if (atom.k !== 'const') return [atom.k === 'secret' || atom.k === 'lost' ? atom : { k: 'any', present: true }];
    if (typeof atom.v !== 'string' || (atom.v === '' && !emptyWorks)) return never;
    run.forged = true;
    return [input];
  });
}

function webhook(key: Value | undefined): Value {
  return (key ?? []).flatMap((atom): Value =>
    atom.k === 'const'
      ? atom.v
        ? [atom.missing ? { k: 'lost' } : input]
        : never
      : atom.k === 'secret'
        ? [atom]
        : present,
  );
}

/** A verification with a key. Whoever knows the key passes; the others make it throw. */
function accepted(run: Run, key: Value, emptyWorks: boolean): Value {
  let all: Value = [];
  for (const atom of key) {
    if (atom.k === 'lost') throw new Unclear();
    if (atom.k === 'secret' || atom.k === 'setting') refuse(run)(atom.of);
    else if (atom.k === 'const') {
      if (typeof atom.v !== 'string' || (atom.v === '' && !emptyWorks)) continue;
      run.forged ||= atom.missing === true;
      all = present;
    }
    // A key that is not known is not taken for one that the caller knows.
  }
  return all;
}

/** `jwt.verify(token, key)` with or without a callback, `jwtVerify(token, key)`, `subtle.verify(algorithm, key, …)`. */
function verification(run: Run, frame: Frame, { path, name, args, expr }: Call): Value | undefined {
  if (path.endsWith('subtle.verify'))
    return accepted(run, args[1] ?? [], false).length > 0 ? booleans(true, true) : constant(false);
  if (/hono|^verify$/.test(path) && args.length > 3) return undefined;
  const isJwt = name === 'jwtVerify' || /jwt|jsonwebtoken|jose/i.test(path) || fromJwt(run, frame, pathOf(expr.callee));
  if (!isJwt || args.length < 2) return undefined;
  const key = keyOf(run, args[1] ?? []);
  if (key.length === 0) return undefined;
  const value = accepted(run, key, false);
  const callback = args
    .slice(2)
    .flat()
    .find((atom) => atom.k === 'function');
  if (callback?.k !== 'function') return value;
  const target = { file: callback.frame.file, fn: callback.fn, outer: callback.frame };
  if (value.length > 0) inline(run, target, [constant(null), present], frame, true);
  else inline(run, target, [present, [nothing]], frame, true);
  return present;
}

function fromJwt(run: Run, frame: Frame, path: string): boolean {
  const named = run.names.lookup(frame.file, frame.fn, path.split('.')[0] ?? '');
  return (
    named !== undefined &&
    'package' in named &&
    /^(?:jsonwebtoken|jose|jws|@tsndr\/cloudflare-worker-jwt|fast-jwt)$/.test(named.package)
  );
}

/** The key itself, or that of Nest's `{ secret }`. */
function keyOf(run: Run, arg: Value): Value {
  const [only] = arg;
  if (only?.k === 'object')
    return only.expr.props.some((prop) => prop.key === 'secret') ? memberOf(run, arg, 'secret') : never;
  return only?.k === 'function' ? never : arg;
}
