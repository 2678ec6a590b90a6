import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import { lineOf } from '../../code/summary.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import type { LiveCode } from '../../facts/live.ts';
import type { Service } from '../../facts/services.ts';
import type { Shutdown } from '../../facts/shutdown.ts';
import { functionsIn } from './handlers.ts';

export interface Provided {
  readonly provided: NonNullable<Shutdown['provided']> | undefined;
  /** Functions that whoever provides it runs on the way down. */
  readonly starts: readonly Spot[];
}

/** Frameworks whose own server stops in order when asked to: nothing of the repository starts the process. */
const ownServers: Readonly<Record<string, string>> = {
  next: "Next.js's own server",
  nuxt: "Nitro's own server",
  'tanstack-start': "the framework's own server",
  'solid-start': "the framework's own server",
  sveltekit: "the framework's own server",
  'react-router': "the framework's own server",
  remix: "the framework's own server",
};

const ownCommands: readonly { readonly pattern: RegExp; readonly by: string }[] = [
  { pattern: /\bfastify start\b/, by: 'fastify-cli' },
  { pattern: /\bmedusa start\b/, by: 'the start command of Medusa' },
  { pattern: /\bstrapi start\b/, by: 'the start command of Strapi' },
  { pattern: /\b(?:remix-serve|react-router-serve)\b/, by: "the framework's own server" },
];

/** Libraries that take the signal, and whether they close the server themselves. */
const libraries: Readonly<Record<string, boolean>> = {
  '@godaddy/terminus': true,
  'async-exit-hook': false,
  'close-with-grace': false,
  death: false,
  'exit-hook': false,
  'express-graceful-shutdown': true,
  'fastify-graceful-shutdown': true,
  'http-graceful-shutdown': true,
  lightship: false,
  'nestjs-graceful-shutdown': true,
  'node-graceful': false,
  'node-graceful-shutdown': false,
  'signal-exit': false,
};

export function providedBy(model: CodeModel, own: Service, live: LiveCode, calls: LiveCalls): Provided {
  const hooks = hookFunctions(model, live, calls);
  return (
    byPlatform(own) ?? byNest(calls, hooks) ?? byLibrary(model, calls, hooks) ?? { provided: undefined, starts: hooks }
  );
}

function byPlatform(own: Service): Provided | undefined {
  const [entry] = own.entries;
  const command = own.start?.command ?? '';
  const at = own.start?.at ?? { file: entry.file };
  const started = ownCommands.find(({ pattern }) => pattern.test(command));
  if (started) return { provided: { by: started.by, at, closesServer: true, complete: true }, starts: [] };
  const framework = own.frameworks.find((id) => id in ownServers);
  if (framework === undefined || own.entries.some((e) => e.kind === 'process')) return undefined;
  return { provided: { by: ownServers[framework] ?? framework, at, closesServer: true, complete: true }, starts: [] };
}

function byNest(calls: LiveCalls, starts: readonly Spot[]): Provided | undefined {
  const [hook] = calls.named('enableShutdownHooks');
  if (!hook) return undefined;
  return {
    provided: {
      by: 'enableShutdownHooks of NestJS',
      at: { file: hook.file, line: lineOf(hook.expr.at) },
      closesServer: true,
      complete: false,
    },
    starts,
  };
}

function byLibrary(model: CodeModel, calls: LiveCalls, hooks: readonly Spot[]): Provided | undefined {
  for (const [name, [at]] of calls.packages) {
    const closesServer = libraries[name];
    if (closesServer === undefined || !at) continue;
    const used = usesOf(model, calls, at.file, name);
    if (used.length > 0)
      return {
        provided: { by: name, at, closesServer, complete: false },
        starts: [...hooks, ...used.flatMap((u) => u.starts)],
      };
  }
  return undefined;
}

/** Live calls of the library, and the functions handed to them. */
function usesOf(model: CodeModel, calls: LiveCalls, file: string, name: string): { starts: Spot[] }[] {
  const locals = (model.get(file)?.head.imports ?? [])
    .filter((i) => i.from === name)
    .flatMap((i) => i.names.map((n) => n.local));
  const handles = [
    ...locals,
    'register',
    'createTerminus',
    'registerShutdownHandler',
    'createLightship',
    'addListener',
    'onExit',
    'on',
    'forRoot',
  ];
  return calls.named(...handles).flatMap((call) => {
    const origin = calls.origin(call);
    const own = origin.kind === 'package' && origin.package === name;
    const registered = call.name === 'register' && call.expr.args[0] && fromPackage(model, call, name);
    return own || registered ? [{ starts: functionsIn(model, call, call.expr.args) }] : [];
  });
}

function fromPackage(model: CodeModel, call: ReturnType<LiveCalls['named']>[number], name: string): boolean {
  const [plugin] = call.expr.args;
  const origin = plugin && model.origin(call.file, call.fn, plugin);
  return origin?.kind === 'package' && origin.package === name;
}

/** What runs when the application closes: Nest's life cycle methods and Fastify's onClose hooks. */
function hookFunctions(model: CodeModel, live: LiveCode, calls: LiveCalls): Spot[] {
  const methods = live.files.flatMap((file) =>
    (model.get(file)?.summary.classes ?? []).flatMap((cls) =>
      cls.members.flatMap((m) =>
        m.fn !== undefined && /^(?:onModuleDestroy|onApplicationShutdown|beforeApplicationShutdown)$/.test(m.name)
          ? [{ file, fn: m.fn }]
          : [],
      ),
    ),
  );
  const hooks = calls
    .named('addHook')
    .filter((call) => call.expr.args[0]?.k === 'str' && call.expr.args[0].v === 'onClose');
  const closed = calls
    .named('on', 'once')
    .filter(
      (call) => call.expr.args[0]?.k === 'str' && call.expr.args[0].v === 'close' && /server|app/i.test(call.path),
    );
  return [...methods, ...[...hooks, ...closed].flatMap((call) => functionsIn(model, call, call.expr.args.slice(1)))];
}
