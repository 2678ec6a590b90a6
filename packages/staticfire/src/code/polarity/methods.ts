import { equality } from './equality.ts';
import { inline } from './inline.ts';
import type { Call } from './calls.ts';
import { refuse, type Run } from './run.ts';
import {
  anything,
  asCredential,
  credential,
  booleans,
  constant,
  empty,
  input,
  isMissing,
  markMissing,
  never,
  nothing,
  optionalInput,
  present,
  secretOf,
  truth,
  union,
  type Atom,
  type Value,
} from './values.ts';

const transforms =
  /^(?:trim|trimStart|trimEnd|toLowerCase|toUpperCase|toString|valueOf|normalize|slice|substring|substr|replace|replaceAll|concat|padEnd|padStart|digest|update|at|charAt|export)$/;
const exact = /^(?:trim|trimStart|trimEnd|toLowerCase|toUpperCase|toString|valueOf|normalize|digest)$/;
const tests = /^(?:startsWith|endsWith|includes|test|equals|has)$/;

/** Methods of texts, lists and requests. Undefined when none is meant. */
export function methodCall(run: Run, call: Call): Value | undefined {
  if (call.expr.new) return call.name === 'Set' ? (call.args[0] ?? [{ k: 'list', items: [] }]) : undefined;
  if (call.receiver === undefined || call.path === 'Array.from') return plain(call);
  if (/^(?:Array|Object|Math|JSON|Number|console|Promise|Reflect)\./.test(call.path)) return undefined;
  let all: Value = [];
  let meant = false;
  for (const atom of call.receiver) {
    const value = onAtom(run, call, atom);
    meant ||= value !== undefined;
    all = union(all, value ?? anything);
  }
  return meant ? all : undefined;
}

function plain({ path, args }: Call): Value | undefined {
  const [first] = args;
  if (path === 'Array.from') return first;
  if (path === 'String' && first)
    return first.map((atom): Atom => (atom.k === 'const' ? { ...atom, v: String(atom.v) } : atom));
  if (path === 'cookies' && args.length === 0) return [credential];
  if (path === 'headers' && args.length === 0) return [input];
  if (/^(?:getCookie|parseCookies)$/.test(path)) return asCredential(optionalInput);
  if (/^(?:getHeader|getRequestHeader)$/.test(path)) return optionalInput;
  if (/^(?:getQuery|getHeaders|getRequestHeaders|readBody|getWebRequest|getRequest)$/.test(path)) return [input];
  return undefined;
}

function onAtom(run: Run, call: Call, atom: Atom): Value | undefined {
  switch (atom.k) {
    case 'const':
      return onConstant(call, atom);
    case 'secret':
      return onSecret(run, call, atom);
    case 'input':
      return ofCredential(call, atom) ? asCredentials(onInput(run, call)) : onInput(run, call);
    case 'list':
      return onList(run, call, atom);
    case 'hash':
      return hashed(call);
    case 'setting':
      return transforms.test(call.name) ? [atom] : undefined;
    case 'object':
    case 'settings':
      return /^(?:parse|safeParse|extend|merge|object|strict|passthrough|loose|keys|append|unknown|pick|omit|refine|superRefine|transform)$/.test(
        call.name,
      )
        ? [atom]
        : undefined;
    default:
      return undefined;
  }
}

const asCredentials = (value: Value | undefined): Value | undefined => value && asCredential(value);

/** A cookie, or a header in which credentials are sent. */
function ofCredential({ name, path, args }: Call, atom: Extract<Atom, { k: 'input' }>): boolean {
  const [key] = args[0] ?? [];
  return (
    atom.credential === true ||
    /cookies?(?:\.get)?$/i.test(path) ||
    /cookie/i.test(name) ||
    (key?.k === 'const' &&
      /^(?:authorization|cookie|x-api-key|api-key|x-auth-token|x-access-token)$/i.test(String(key.v)))
  );
}

function onConstant({ name, args }: Call, atom: Extract<Atom, { k: 'const' }>): Value {
  const keep = (value: Value): Value => (atom.missing ? markMissing(value) : value);
  // Reached through `?.`, or after a test that was followed.
  if ((atom.v ?? null) === null) return keep([nothing]);
  if (typeof atom.v !== 'string') return anything;
  if (name === 'split') return [{ k: 'list', items: keep(atom.v.includes(',') ? anything : constant(atom.v)) }];
  if (tests.test(name))
    return booleans(atom.v !== '' || (args[0]?.some((arg) => arg.k === 'const' && arg.v === '') ?? false), true);
  if (exact.test(name))
    return keep(
      constant(
        name.startsWith('trim')
          ? atom.v.trim()
          : /Lower/.test(name)
            ? atom.v.toLowerCase()
            : /Upper/.test(name)
              ? atom.v.toUpperCase()
              : atom.v,
      ),
    );
  if (transforms.test(name)) return keep(atom.v === '' ? constant('') : anything);
  return anything;
}

function onSecret(run: Run, { name, args }: Call, atom: Extract<Atom, { k: 'secret' }>): Value | undefined {
  if (name === 'split') return [{ k: 'list', items: [atom] }];
  if (transforms.test(name) || name === 'encode') return [atom];
  if (tests.test(name)) return compared(run, [atom], args[0]);
  if (/^(?:verify|unwrap|constructEvent)/.test(name)) {
    refuse(run)(atom.of);
    return never;
  }
  return undefined;
}

/** A comparison that is true only for who knows the other side. */
function compared(run: Run, left: Value, right: Value | undefined): Value {
  if (!right) return booleans(true, true);
  const { yes } = equality(left, right, refuse(run));
  return booleans(yes, true);
}

const absentIsNull = /(?:^|\.)(?:headers|searchParams|formData|form|params)(?:\.get)?$|headers\(\)/i;

function onInput(run: Run, { name, path, args, expr }: Call): Value | undefined {
  if (name === 'split') return [{ k: 'list', items: [empty, input] }];
  if (transforms.test(name)) return [empty, input];
  if (tests.test(name))
    return secretOf(args[0] ?? []) === undefined ? booleans(true, true) : compared(run, args[0] ?? [], [input]);
  if (name === 'match' || name === 'exec') return [...constant(null), { k: 'list', items: [empty, input] }];
  if (
    /^(?:json|text|formData|arrayBuffer|blob|clone|switchToHttp|switchToWs|getRequest|getClient|getData|getHandshake|parse|valid)$/.test(
      name,
    )
  )
    return [input];
  if (/^(?:header|getHeader|param|query|cookie)$/.test(name)) return args.length > 0 ? optionalInput : [input];
  if (name !== 'get') return undefined;
  const of = expr.callee.k === 'member' ? receiverName(expr.callee.of) : path.slice(0, -4);
  if (/cookies$/i.test(of)) return [nothing, input];
  if (absentIsNull.test(of)) return [...constant(null), empty, input];
  return /^(?:req|request)$/.test(of) ? optionalInput : [empty, input];
}

function receiverName(expr: Call['expr']['callee']): string {
  if (expr.k === 'ref') return expr.path;
  if (expr.k === 'member') return expr.name;
  if (expr.k === 'await') return receiverName(expr.of);
  return expr.k === 'call' ? receiverName(expr.callee) : '';
}

function onList(run: Run, { name, args }: Call, list: Extract<Atom, { k: 'list' }>): Value | undefined {
  const [first] = args;
  const test = (item: Atom): { yes: boolean; no: boolean } => truth(applied(run, first, item));
  switch (name) {
    case 'includes':
    case 'has':
      return compared(run, list.items, first);
    case 'some':
      return booleans(
        list.items.some((item) => test(item).yes),
        true,
      );
    case 'every':
      return booleans(
        list.items.every((item) => test(item).yes),
        list.items.some((item) => test(item).no),
      );
    case 'find':
      return [...list.items.filter((item) => test(item).yes), nothing];
    case 'filter':
      return [
        {
          k: 'list',
          items: first?.some((atom) => atom.k === 'function')
            ? list.items.filter((item) => test(item).yes)
            : list.items.filter((item) => truth([item]).yes),
        },
      ];
    case 'map':
      return [
        {
          k: 'list',
          items: list.items.reduce<Value>(
            (all, item) =>
              union(all, first?.some((atom) => atom.k === 'function') ? applied(run, first, item) : [item]),
            [],
          ),
        },
      ];
    case 'slice':
    case 'values':
    case 'concat':
      return [list];
    case 'pop':
    case 'shift':
    case 'at':
      return [...list.items, nothing];
    case 'join':
      return joinedList(list.items);
    default:
      return undefined;
  }
}

function joinedList(items: Value): Value {
  const of = secretOf(items);
  if (of !== undefined) return [{ k: 'secret', of }];
  if (isMissing(items)) return [{ k: 'lost' }];
  const kept = items.find((item) => item.k === 'setting') ?? items.find((item) => item.k === 'input');
  return kept ? [kept] : anything;
}

function applied(run: Run, callback: Value | undefined, item: Atom): Value {
  const atom = callback?.find((one) => one.k === 'function');
  return atom?.k === 'function'
    ? inline(run, { file: atom.frame.file, fn: atom.fn, outer: atom.frame }, [[item]])
    : anything;
}

/** `createHash(…).update(x)`: equal texts have equal hashes and others have not; of `undefined` there is none. */
function hashed({ name, args }: Call): Value | undefined {
  if (name !== 'update') return name === 'digest' ? present : undefined;
  return (args[0] ?? []).filter((atom) => !(atom.k === 'const' && (atom.v ?? null) === null));
}
