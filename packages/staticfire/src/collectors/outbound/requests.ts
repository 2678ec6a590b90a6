import type { CallSite } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { pathOf } from '../../code/walk.ts';
import { clients, fetchClient, nodeHttp, type Client } from './clients.ts';
import type { Ground } from './ground.ts';

/** A call that sends, with the library it sends with; `node` for the modules of Node.js. */
export interface Request {
  readonly call: CallSite;
  readonly client: Client | 'node';
}

/** Every call of live code that goes to another server. */
export function requestsOf(ground: Ground): readonly Request[] {
  return [...fetches(ground), ...ofLibraries(ground), ...ofNode(ground)].filter(({ call }) => !isOwn(ground, call));
}

function fetches(ground: Ground): readonly Request[] {
  return ground.calls.named('fetch').flatMap((call): Request[] => {
    const origin = ground.calls.origin(call);
    const global =
      origin.kind === 'global' &&
      (origin.name === 'fetch' ? origin.member === '' : /^(?:globalThis|global|window|self)$/.test(origin.name));
    return global && call.path !== '' && fetchClient ? [{ call, client: fetchClient }] : [];
  });
}

function ofLibraries(ground: Ground): readonly Request[] {
  const used = clients.filter((client) => [...ground.calls.packages.keys()].some((name) => client.packages.test(name)));
  return used.flatMap((client) => {
    const names = new Set([...client.sends, ...localNames(ground, client)]);
    return ground.calls.named(...names).flatMap((call) => (sends(ground, call, client) ? [{ call, client }] : []));
  });
}

/** The names under which live files import a library's exports. */
export function localNames(ground: Ground, client: Client): readonly string[] {
  const files = [...ground.calls.packages].flatMap(([name, places]) => (client.packages.test(name) ? places : []));
  return files.flatMap(({ file }) => {
    const source = ground.model.get(file);
    return (source?.head.imports ?? []).flatMap((imported) => {
      const target = source?.resolve(imported.from);
      return target?.kind === 'package' && client.packages.test(target.name)
        ? imported.names.map((name) => name.local)
        : [];
    });
  });
}

function sends(ground: Ground, call: CallSite, client: Client): boolean {
  const origin = ground.calls.origin(call);
  if (origin.kind !== 'package' || !client.packages.test(origin.package)) return false;
  if (call.expr.new || isMaking(ground, call, client)) return false;
  const last = origin.member === '' ? (origin.name === '*' ? 'default' : origin.name) : call.name;
  return client.sends.includes(last);
}

/** Does this call make a client? */
export function isMaking(ground: Ground, call: CallSite, client: Client): boolean {
  const origin = ground.calls.origin(call);
  if (origin.kind !== 'package' || !client.packages.test(origin.package)) return false;
  if (call.expr.new) return origin.member === '' || /^[A-Z]/.test(call.name);
  const last = origin.member === '' ? (origin.name === '*' ? 'default' : origin.name) : call.name;
  return !origin.instance && client.makes.includes(last) && !(origin.called && last === 'default');
}

function ofNode(ground: Ground): readonly Request[] {
  return ground.calls.named('request', 'get').flatMap((call): Request[] => {
    const origin = ground.calls.origin(call);
    const node = origin.kind === 'builtin' && nodeHttp.has(origin.package) && !origin.called && !origin.instance;
    return node ? [{ call, client: 'node' }] : [];
  });
}

/** A path without a host, a file of the build or data: it goes nowhere, or only a browser can ask for it. */
function isOwn({ model, calls }: Ground, call: CallSite): boolean {
  const [first] = call.expr.args;
  const origin = calls.origin(call);
  // A client that was made adds its own host.
  if (!first || (origin.kind === 'package' && (origin.instance || origin.called))) return false;
  const text = textOf(model.literal(call.file, call.fn, first), first);
  if (text !== undefined) return /^(?:\/(?!\/)|\.\.?\/|data:|blob:|file:)/.test(text);
  return bundled(first);
}

function textOf(literal: unknown, expr: Expr): string | undefined {
  if (typeof literal === 'string') return literal;
  if (expr.k === 'template' && expr.parts[0] !== '') return expr.parts[0];
  return expr.k === 'bin' && expr.op === '+' && expr.l.k === 'str' ? expr.l.v : undefined;
}

/** `new URL('./font.ttf', import.meta.url)` */
const bundled = (expr: Expr): boolean =>
  expr.k === 'call' && pathOf(expr.callee) === 'URL' && pathOf(expr.args[1]) === 'import.meta.url';
