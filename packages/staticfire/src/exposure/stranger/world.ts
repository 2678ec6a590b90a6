import { act, deny, wasDenied } from '../../code/polarity/bind.ts';
import type { Call } from '../../code/polarity/calls.ts';
import { inline } from '../../code/polarity/inline.ts';
import { resolvePath } from '../../code/polarity/members.ts';
import type { Run } from '../../code/polarity/run.ts';
import {
  anything,
  constant,
  input,
  never,
  nothing,
  optionalInput,
  request,
  unfound,
  type Atom,
  type Frame,
  type Value,
} from '../../code/polarity/values.ts';
import type { World } from '../../code/polarity/world.ts';
import { answers, changes, reveals } from './effects.ts';
import { lostCall } from './lost.ts';
import { asksForSecret, textAsks } from './lookups.ts';
import { followed, spared, type Memory } from './memory.ts';
import { partOf, saysWho } from './request.ts';
import { answerOf } from './answers.ts';
import { meet, type Sight } from './sight.ts';
import { inheritedAnswer, inheritedMethod, ownerOf } from './classes.ts';
import { certain, onText } from './texts.ts';

/** The world as it is for somebody who may send anything and was given no credential. */
export function strangersWorld(memory: Memory, sight: Sight, budget: number): World {
  return {
    budget,
    outside: memory.outside,
    spared: (run, callee, args, caller) => spared({ memory, sight }, run, callee, args, caller),
    followed: (run, callee, args, caller, follow) => followed({ memory, sight }, run, callee, args, caller, follow),
    next: (run, frame, call) => next(sight, run, frame, call),
    answer: (run, frame, call) => known(sight, run, frame, call),
    lost: (run, frame, call) => lostCall(sight, run, frame, call),
    caught: (run, { name, args }) => (name === 'catch' ? callback(run, args[0]) : undefined),
    cut: (run) => [{ k: 'any', lost: run.site }],
    member: (run, atom, name) => member(sight, run, atom, name),
    assigned: (_, frame, path, value) => assigned(sight, frame, path, value),
    tagged: (run, _, template, holes) => tagged(sight, run, template, holes),
    compared: (run, left, right) => compared(sight, run, left, right),
    tested: (run, value) => tested(sight, run, value),
  };
}

const callback = (run: Run, value: Value | undefined): Value | undefined => {
  const atom = value?.find((one) => one.k === 'function');
  return atom?.k === 'function'
    ? inline(run, { file: atom.frame.file, fn: atom.fn, outer: atom.frame }, [[{ k: 'any', present: true }]])
    : undefined;
};

/** `next()`, `next({ ctx })`; with an error it turns the caller away. */
function next(sight: Sight, run: Run, frame: Frame, { expr, path, args }: Call): Value | undefined {
  const value = path === '' || path.includes('.') ? undefined : resolvePath(run, frame, path);
  if (!value?.some((atom) => atom.k === 'next')) return undefined;
  const [first] = args;
  const goesOn =
    !first ||
    expr.args[0]?.k === 'obj' ||
    first.every(
      (atom) =>
        atom.k === 'unfound' ||
        atom.k === 'input' ||
        (atom.k === 'const' && (!atom.v || atom.v === 'route' || atom.v === 'router')),
    );
  if (!goesOn) {
    deny(frame, true);
    return [{ k: 'denial', auth: true }];
  }
  if (!wasDenied(frame)) sight.passed ??= run.site;
  return [{ k: 'any', present: true }];
}

function known(sight: Sight, run: Run, frame: Frame, call: Call): Value | undefined {
  const { name, path, receiver, args } = call;
  if (receiver && receiver.length > 0 && receiver.every((atom) => atom.k === 'unfound')) return [unfound];
  const text = onText(call);
  if (text) return text;
  if (name === 'some' && receiver?.length === 1 && receiver[0]?.k === 'list')
    return some(run, receiver[0].items, args[0]);
  const parsed = parsing(call);
  if (parsed) return parsed;
  const onWhole = receiver?.some((atom) => atom.k === 'input' && atom.whole)
    ? ofRequest(sight, run, frame, call)
    : undefined;
  if (onWhole) return onWhole;
  const above = path.startsWith('super.') ? ofBase(sight, run, frame, call) : undefined;
  if (above) return above;
  const answered = answerOf(sight, run, frame, call);
  if (answered) return answered;
  if (asksForSecret(call) && run.names.callee(frame.file, frame.fn, call.expr.callee).kind !== 'function') {
    meet(sight, run, 'token', 'a secret of the caller, looked up in the store');
    return /^(?:exists|count|sismember)$/.test(name) ? constant(0) : [unfound];
  }
  if (changes(call) && !wasDenied(frame)) act(frame);
  return undefined;
}

/** `schema.parse(x)`: what a caller sent stays theirs, what is not there does not become more. */
function parsing({ name, receiver, args }: Call): Value | undefined {
  const [first] = args;
  if (!first || !/^(?:parse|parseAsync|safeParse|safeParseAsync)$/.test(name)) return undefined;
  if (!receiver?.some((atom) => atom.k === 'object' || atom.k === 'any')) return undefined;
  if (first.every((atom) => atom.k === 'unfound')) return name.startsWith('safe') ? [unfound] : never;
  return [input];
}

/** `super.canActivate(context)`: the method of the class above, in the repository or in a library of guards. */
function ofBase(sight: Sight, run: Run, frame: Frame, { name, args }: Call): Value | undefined {
  const owner = ownerOf(run.model, frame);
  if (!owner) return undefined;
  const method = inheritedMethod(run.model, owner, name);
  return method ? inline(run, method, args, frame) : inheritedAnswer(sight, run, owner);
}

const some = (run: Run, items: Value, test: Value | undefined): Value | undefined => {
  const atom = test?.find((one) => one.k === 'function');
  if (atom?.k !== 'function') return undefined;
  const { frame, fn } = atom;
  return certain(items.map((item) => inline(run, { file: frame.file, fn, outer: frame }, [[item]])));
};

const contexts =
  /^(?:switchToHttp|switchToWs|switchToRpc|getRequest|getClient|getContext|getNext|getResponse|getHttpContext|clone|getReq|getRes)$/;
const asks = /^(?:isAuthenticated|isLoggedIn|isSignedIn|isUnauthenticated)$/;

/** Methods of a request or context. */
function ofRequest(sight: Sight, run: Run, frame: Frame, call: Call): Value | undefined {
  const { name, args } = call;
  const [first] = args;
  const key = first?.length === 1 && first[0]?.k === 'const' && typeof first[0].v === 'string' ? first[0].v : undefined;
  if (name === 'get' && key !== undefined && (saysWho(key) || sight.state.has(key)))
    return partOf(key, sight.address, sight.state);
  if (name === 'set' && key !== undefined && args[1]) remember(sight, key, args[1]);
  if (contexts.test(name)) return [request];
  if (asks.test(name)) {
    meet(sight, run, 'session', 'session of passport');
    return constant(name === 'isUnauthenticated');
  }
  if (/^(?:jwtVerify|verifyJwt|basicAuth|authenticate|requireUser|protect)$/.test(name)) {
    meet(sight, run, 'token', 'token, verified by a plugin of the framework');
    return never;
  }
  if (/^(?:auth|getSession|safeGetSession|getUser|validate)$/.test(name) && args.length < 2) {
    meet(sight, run, 'session', 'session of the request');
    return [unfound];
  }
  if (!answers(call)) return undefined;
  if (args.some((arg) => reveals(arg)) && !wasDenied(frame)) act(frame);
  return [nothing];
}

/** A member that says who calls is nothing to a stranger, unless a link before set it from what they sent. */
function member(sight: Sight, run: Run, atom: Atom, name: string): Value | undefined {
  switch (atom.k) {
    case 'input':
      if (!atom.whole) return /^(?:user|session|auth)$/.test(name) ? optionalInput : undefined;
      if (/^(?:path|pathname|originalUrl|baseUrl|method|routerPath)$/.test(name)) sight.particular = true;
      if (saysWho(name) && !sight.state.has(name)) meet(sight, run, 'session', `${name} of the request`);
      return partOf(name, sight.address, sight.state);
    case 'unfound':
      if (/^(?:error|issues|reason|message)$/.test(name)) return [{ k: 'any', present: true }];
      if (/^(?:length|size|rowCount|count)$/.test(name)) return constant(0);
      return [unfound];
    case 'any':
      if (atom.lost) return [atom];
      return secretName.test(name) ? [{ k: 'secret', of: name }] : undefined;
    case 'identity':
      return [atom];
    default:
      return undefined;
  }
}

/** What stores keep and do not tell. */
const secretName =
  /^(?:\w*password\w*|\w*secret\w*|otp\w*|\w+(?:Token|_token)|token|\w*api_?key\w*|(?:reset|verification|verify|confirmation|activation|invite)_?code|pin|nonce)$/i;

function assigned(sight: Sight, frame: Frame, path: string, value: Value): void {
  const [head = '', ...rest] = path.split('.');
  const name = rest.at(-1);
  if (name === undefined) return;
  if (
    /^(?:body|response\.body)$/.test(rest.join('.')) &&
    /^(?:ctx|context|c)$/.test(head) &&
    reveals(value) &&
    !wasDenied(frame)
  )
    act(frame);
  if (saysWho(name) || name === 'tokenData') remember(sight, name, value);
}

/** Only what a stranger can bring about is kept: what they send, and what is there for everyone. */
function remember(sight: Sight, name: string, value: Value): void {
  const kept = value.filter((atom) => atom.k !== 'unfound' && !(atom.k === 'const' && (atom.v ?? null) === null));
  if (kept.length === 0) return;
  sight.state.set(name, kept.length === value.length ? kept : [...kept, nothing]);
}

function tagged(sight: Sight, run: Run, template: Parameters<World['tagged']>[2], holes: readonly Value[]): Value {
  if (holes.some((hole) => hole.some((atom) => atom.k === 'input')) && textAsks(template.parts.join('$1'))) {
    meet(sight, run, 'token', 'a secret of the caller, looked up in the store');
    return [unfound];
  }
  return holes.some((hole) => hole.some((atom) => atom.k === 'unfound')) ? [unfound] : anything;
}

/** What the caller sends is compared with a text of the code that looks like a credential: whoever reads the code has it. */
function compared(sight: Sight, run: Run, left: Value, right: Value): void {
  const literal = (value: Value): boolean =>
    value.length === 1 &&
    value[0]?.k === 'const' &&
    typeof value[0].v === 'string' &&
    /^(?=.*[-_\d])\S{8,}$/.test(value[0].v);
  const sent = (value: Value): boolean => value.some((atom) => atom.k === 'input' && !atom.whole);
  if ((literal(left) && sent(right)) || (literal(right) && sent(left))) sight.literals.push(run.site);
}

function tested(sight: Sight, run: Run, value: Value): void {
  for (const atom of value)
    if (atom.k === 'any' && atom.lost && !sight.losses.some(({ site }) => site === atom.lost))
      sight.losses.push({ site: atom.lost, name: '', path: [...run.path] });
}
