import type { Call } from '../../code/polarity/calls.ts';
import { inline } from '../../code/polarity/inline.ts';
import { resolvePath } from '../../code/polarity/members.ts';
import type { Run } from '../../code/polarity/run.ts';
import {
  constant,
  never,
  nothing,
  request,
  unfound,
  type Atom,
  type Frame,
  type Value,
} from '../../code/polarity/values.ts';
import type { Origin } from '../../code/model.ts';
import { sourceOf } from './sources/index.ts';
import type { Source } from './sources/source.ts';
import { meet, type Sight } from './sight.ts';

/** What a call of a library gives to a stranger. */
export function answerOf(sight: Sight, run: Run, frame: Frame, call: Call): Value | undefined {
  const origin = run.names.callee(frame.file, frame.fn, call.expr.callee);
  if (origin.kind !== 'package' && origin.kind !== 'builtin') return undefined;
  return (
    decorating(sight, run, frame, origin, call) ??
    ofFramework(sight, origin, call) ??
    ofSource(sight, run, frame, origin, call)
  );
}

function ofSource(sight: Sight, run: Run, frame: Frame, origin: Origin, call: Call): Value | undefined {
  const source = sourceOf(origin);
  if (!source) return undefined;
  const { args, name } = call;
  // Who knows the key can sign: what is verified with a literal is followed, and tells.
  const literal = args[1]?.length === 1 && args[1][0]?.k === 'const' && typeof args[1][0].v === 'string';
  if (literal && source.kind === 'token' && /^(?:verify|jwtVerify)$/.test(name)) return undefined;
  meet(sight, run, source.kind, source.what);
  const withCallback = name === 'verify' && args.slice(2).some((arg) => arg.some((atom) => atom.k === 'function'));
  return withCallback ? undefined : answer(run, frame, source, call);
}

function answer(run: Run, frame: Frame, source: Source, call: Call): Value {
  const handed = call.args.flat().find((atom) => atom.k === 'function');
  switch (source.answer) {
    case 'nothing':
      // `auth(handler)` of a library whose `auth()` reads the session.
      return handed ? [handed] : [unfound];
    case 'throws':
      return never;
    case 'false':
      return constant(false);
    case 'runs':
      return handed ? [handed] : [unfound];
    case 'denies':
      return denied(run, frame, source, call);
  }
}

/** Strategies of passport that let everyone on. */
const open = /^anonymous$/;

function denied(run: Run, frame: Frame, source: Source, { args, name }: Call): Value {
  const strategies = (args[0] ?? []).flatMap((atom): Atom[] => (atom.k === 'list' ? [...atom.items] : [atom]));
  if (name === 'authenticate' && strategies.some((atom) => atom.k === 'const' && open.test(String(atom.v))))
    return [{ k: 'next' }];
  const callback = name === 'authenticate' ? args.at(-1)?.find((atom) => atom.k === 'function') : undefined;
  if (callback?.k === 'function') {
    const target = { file: callback.frame.file, fn: callback.fn, outer: callback.frame };
    inline(run, target, [constant(null), constant(false), [{ k: 'any', present: true }]], frame, true);
    return [{ k: 'denial', auth: true }];
  }
  void source;
  return [{ k: 'denial', auth: true }];
}

/** Functions of frameworks that leave, answer or hand over the request. */
function ofFramework(
  sight: Sight,
  origin: Extract<Origin, { kind: 'package' | 'builtin' }>,
  { name, args }: Call,
): Value | undefined {
  const from = origin.package;
  if (
    /^(?:next|@sveltejs\/kit|@remix-run\/.+|react-router|@tanstack\/.+|astro)$/.test(from) &&
    /^(?:redirect|permanentRedirect|notFound|unauthorized|forbidden|error)$/.test(name)
  )
    return from === 'next' || from.startsWith('@sveltejs') || from.startsWith('@tanstack') ? never : undefined;
  if (from === '@nestjs/core' && /^(?:get|getAllAndOverride|getAllAndMerge)$/.test(name))
    return metadata(sight, args[0]);
  if (from.startsWith('@nestjs/') && name === 'create') return [request];
  if (/^(?:async_hooks|nestjs-cls)$/.test(from) && /^(?:getStore|get)$/.test(name)) return [request];
  if (from === '@clerk/nextjs' && name === 'createRouteMatcher') return undefined;
  return undefined;
}

/** Decorators that set what guards read. */
function decorating(
  sight: Sight,
  run: Run,
  frame: Frame,
  origin: Extract<Origin, { kind: 'package' | 'builtin' }>,
  { expr, args, path }: Call,
): Value | undefined {
  if (!origin.package.startsWith('@nestjs/')) return undefined;
  if (origin.name === 'SetMetadata' && args[0]) {
    const [key] = args[0];
    if (key?.k === 'const') sight.spoken.set(String(key.v), args[1] ?? [nothing]);
    return [{ k: 'any', present: true }];
  }
  if (origin.member !== 'createDecorator') return undefined;
  if (!origin.called) return constant(`decorator ${frame.file}:${'at' in expr ? expr.at : 0}`);
  const [key] = path === '' ? [] : resolvePath(run, frame, path);
  if (key?.k === 'const') sight.spoken.set(String(key.v), args[0] ?? constant(true));
  return [{ k: 'any', present: true }];
}

/** What a guard reads of the decorators on its route. */
function metadata(sight: Sight, key: Value | undefined): Value {
  sight.particular = true;
  const [atom] = key ?? [];
  return (atom?.k === 'const' ? sight.metadata.get(String(atom.v)) : undefined) ?? [nothing];
}
