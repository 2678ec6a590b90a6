import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import type { OutboundCall } from '../../facts/outbound.ts';
import type { Client } from './clients.ts';
import type { Ground } from './ground.ts';
import { saidBy, strongest, type Said } from './limits.ts';
import { isMaking, localNames } from './requests.ts';

interface Made {
  readonly said: Said;
  readonly at: OutboundCall['made'];
}

/** Tells through which client a call goes and what that client was made with. */
export interface Makers {
  of(call: CallSite, client: Client): Made;
}

interface Maker {
  readonly call: CallSite;
  readonly said: Said;
  readonly at: NonNullable<OutboundCall['made']>;
}

export function createMakers(ground: Ground): Makers {
  const known = new Map<Client, readonly Maker[]>();
  const global = globalLimits(ground);
  return {
    of(call, client) {
      const makers = known.get(client) ?? makersOf(ground, client);
      known.set(client, makers);
      const set = global(client);
      const made = chosen(ground, call, client, makers);
      return made.said.kind === 'silent' && set ? { ...made, said: set } : made;
    },
  };
}

function makersOf(ground: Ground, client: Client): readonly Maker[] {
  const names = new Set([...client.makes, ...localNames(ground, client)]);
  const sites = [...new Set(ground.calls.named(...names))];
  return sites.flatMap((call) => {
    if (!isMaking(ground, call, client)) return [];
    const at = { file: call.file, line: lineOf(call.expr.at), name: call.bound || call.name };
    return [
      {
        call,
        at,
        said: saidBy(
          ground,
          call,
          call.expr.args.filter((arg) => !isText(ground, call, arg)),
          client.keys,
        ),
      },
    ];
  });
}

/** The maker of this call's client; where it cannot be told, what all of them have in common. */
function chosen(ground: Ground, call: CallSite, client: Client, makers: readonly Maker[]): Made {
  if (makers.length === 0 || !throughInstance(ground, call, client)) return { said: { kind: 'silent' }, at: undefined };
  const found = makerExpr(ground, call);
  const named = makers.filter((maker) => sameExport(ground, maker.call, call));
  const own =
    named.find((maker) => found && holds(found, maker.call.expr)) ?? (named.length === 1 ? named[0] : undefined);
  if (own) return { said: own.said, at: own.at };
  return common(named, call);
}

/** What all clients that it could go through have in common. */
function common(makers: readonly Maker[], call: CallSite): Made {
  if (makers.length === 0) return { said: { kind: 'silent' }, at: undefined };
  const limited = makers.filter((maker) => maker.said.kind === 'limited');
  if (limited.length === makers.length) return { said: limited[0]?.said ?? { kind: 'lost' }, at: undefined };
  if (limited.length > 0) return { said: { kind: 'lost' }, at: undefined };
  const said = strongest(makers.map((maker) => maker.said));
  return { said, at: nearest(makers, call.file)?.at };
}

/** A key or an address: it holds no options. */
function isText(ground: Ground, call: CallSite, arg: Expr): boolean {
  if (arg.k === 'str' || arg.k === 'template') return true;
  if (arg.k === 'bin' && arg.op !== '&&') return isText(ground, call, arg.l);
  if (arg.k !== 'ref' && arg.k !== 'member') return false;
  const name = arg.k === 'ref' ? arg.path.slice(arg.path.lastIndexOf('.') + 1) : arg.name;
  if (/key|token|secret|ur[il]$|sid$|dsn|host|password|id$/i.test(name)) return true;
  return ground.model.origin(call.file, call.fn, arg).kind === 'global';
}

/** `axios.get` goes through the library itself, `client.get` through a client that was made. */
function throughInstance(ground: Ground, call: CallSite, client: Client): boolean {
  const origin = ground.calls.origin(call);
  if (origin.kind !== 'package') return false;
  return origin.instance || origin.called || client.packages.test('@nestjs/axios');
}

/** The one that stands nearest in the tree. */
function nearest(makers: readonly Maker[], file: string): Maker | undefined {
  const shared = (maker: Maker): number => {
    const [a, b] = [maker.call.file.split('/'), file.split('/')];
    const end = a.findIndex((part, index) => part !== b[index]);
    return end === -1 ? a.length : end;
  };
  return makers.toSorted((a, b) => shared(b) - shared(a))[0];
}

/** `client.send` with `new S3Client()` behind it comes from the same export as that. */
function sameExport(ground: Ground, maker: CallSite, call: CallSite): boolean {
  const [made, used] = [ground.calls.origin(maker), ground.calls.origin(call)];
  if (made.kind !== 'package' || used.kind !== 'package' || made.package !== used.package) return false;
  // What is known by its type alone may come from any of them.
  if (used.instance && !used.called) return true;
  return made.name === used.name || /^(?:\*|default)$/.test(made.name) || made.package.startsWith('@nestjs/');
}

/** `given ?? new Client()` holds the client that was made. */
const holds = (expr: Expr, made: Expr): boolean =>
  expr === made ||
  (expr.k === 'bin' && (holds(expr.l, made) || holds(expr.r, made))) ||
  (expr.k === 'cond' && (holds(expr.then, made) || holds(expr.else, made))) ||
  (expr.k === 'await' && holds(expr.of, made)) ||
  (expr.k === 'assign' && holds(expr.value, made));

/** The expression that made what a method is called on. */
function makerExpr(ground: Ground, call: CallSite): Expr | undefined {
  const found = ground.names.resolve(call, call.expr.callee);
  return found?.k === 'expr' ? found.expr : undefined;
}

/** `axios.defaults.timeout = 5000`, `setGlobalDispatcher(new Agent({ headersTimeout, bodyTimeout }))`, `sgMail.setTimeout(5000)`. */
function globalLimits(ground: Ground): (client: Client) => Said | undefined {
  const axios = ground.calls
    .settings('timeout')
    .some((setting) => /(?:axios|http|client|api)\w*\.defaults\.timeout$/i.test(setting.path));
  const dispatcher = ground.calls.named('setGlobalDispatcher').some((call) => {
    const said = call.expr.args.flatMap((arg) =>
      arg.k === 'call'
        ? [saidBy(ground, call, arg.args, /^headersTimeout$/), saidBy(ground, call, arg.args, /^bodyTimeout$/)]
        : [],
    );
    return said.length > 0 && said.every((one) => one.kind === 'limited');
  });
  const timed = new Set(
    ground.calls.named('setTimeout').flatMap((call) => {
      const origin = ground.calls.origin(call);
      return origin.kind === 'package' ? [origin.package] : [];
    }),
  );
  return (client) => {
    if (client.name === 'axios' && axios) return { kind: 'limited', by: 'the defaults of axios set a timeout' };
    if (client.name === 'fetch' && dispatcher)
      return { kind: 'limited', by: 'the global dispatcher sets its timeouts' };
    return [...timed].some((name) => client.packages.test(name))
      ? { kind: 'limited', by: 'setTimeout() of the library' }
      : undefined;
  };
}
