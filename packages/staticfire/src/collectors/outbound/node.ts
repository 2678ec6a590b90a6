import { optionsOf } from '../../code/options.ts';
import type { CallSite } from '../../code/sites.ts';
import type { OutboundCall } from '../../facts/outbound.ts';
import { around, type Ground } from './ground.ts';
import { saidBy } from './limits.ts';

/** `http.request`: its `timeout` only says that nothing came for a while; someone has to end the request then. */
export function nodeSays(ground: Ground, call: CallSite): OutboundCall['limit'] {
  const { args } = call.expr;
  const signal = saidBy(ground, call, args, /^signal$/);
  if (signal.kind === 'limited') return signal;
  const near = nearby(ground, call);
  const ends = near.some((other) => other.name === 'destroy' || other.name === 'abort');
  const heard = near.some(
    (other) => other.name === 'setTimeout' && other.path !== 'setTimeout' && other.expr.args.length > 1,
  );
  const listens = near.some(
    (other) => isOn(other) && other.expr.args[0]?.k === 'str' && other.expr.args[0].v === 'timeout',
  );
  const set =
    args.some((arg) => optionsOf(ground.model, call, arg).entries.some((entry) => entry.path === 'timeout')) ||
    near.some((other) => other.name === 'setTimeout' && other.path !== 'setTimeout');
  if (set && ends && (heard || listens)) return { kind: 'limited', by: 'it is destroyed when its timeout fires' };
  const timer = near.some((other) => (other.name === 'destroy' || other.name === 'abort') && inTimer(ground, other));
  if (timer) return { kind: 'limited', by: 'a timer destroys it' };
  return { kind: 'unlimited', why: set ? 'unheard' : 'none' };
}

const isOn = (call: CallSite): boolean => call.name === 'on' || call.name === 'once';

/** Calls of the function that holds the request, with those inside it. */
function nearby({ model, sites }: Ground, call: CallSite): readonly CallSite[] {
  return sites
    .of(call.file)
    .calls.filter((other) => other.fn === call.fn || around(model, call.file, other.fn).includes(call.fn));
}

const inTimer = ({ model, sites }: Ground, call: CallSite): boolean =>
  around(model, call.file, call.fn).some((fn) => sites.of(call.file).handedTo.get(fn)?.path === 'setTimeout');
