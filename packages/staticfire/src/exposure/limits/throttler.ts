import { lineOf, type Expr } from '../../code/summary.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { Limit } from '../../facts/exposure.ts';
import type { Context } from '../reading/context.ts';
import { nameOf, stepOf, type Stage } from '../reading/stages.ts';
import type { Asked } from './asked.ts';

type Throttler = (endpoint: Endpoint, stages: readonly Stage[]) => readonly Asked[];

/** The guard of @nestjs/throttler: bound in the chain, and not skipped by the handler or its class. */
export function createThrottler(context: Context): Throttler {
  let shared: boolean | undefined;
  return (endpoint, stages) => {
    const guard = stages.find((stage) => isGuard(context, stage));
    if (!guard) return [];
    const marks = decoratorsOf(context, endpoint);
    if (marks.some((one) => nameOf(one) === 'SkipThrottle' && !onlyFalse(one)))
      return ['@SkipThrottle() leaves it out'];
    shared ??= hasSharedStore(context);
    const own = marks.find((one) => nameOf(one) === 'Throttle');
    const at =
      own && endpoint.handler && 'at' in own ? { file: endpoint.handler.file, line: lineOf(own.at) } : guard.place;
    const limit: Limit = {
      what: `${own ? 'a limit of its own, ' : ''}${shared ? '' : 'in memory, '}by @nestjs/throttler`,
      by: '@nestjs/throttler',
      at,
      store: shared ? 'shared' : 'memory',
      outage: shared
        ? { kind: 'errors', why: 'an error of its storage goes to every request', at: guard.place }
        : { kind: 'none', why: '', at: undefined },
      inHandler: own !== undefined,
      trail: [stepOf(guard)],
    };
    return [limit];
  };
}

function isGuard(context: Context, { link, origin }: Stage): boolean {
  if (!link || !origin) return false;
  if (origin.kind === 'package') return origin.package === '@nestjs/throttler' && origin.name.endsWith('Guard');
  if (origin.kind !== 'class') return false;
  const cls = context.site.code.get(origin.file)?.summary.classes[origin.cls];
  return cls?.extends !== undefined && /Throttler\w*Guard$/.test(nameOf(cls.extends));
}

/** What decorates the handler, then its class. */
function decoratorsOf(context: Context, { handler }: Endpoint): readonly Expr[] {
  const summary = handler && context.site.code.get(handler.file)?.summary;
  const owner = summary?.functions[handler?.fn ?? -1]?.owner;
  const cls = owner === undefined ? undefined : summary?.classes[owner];
  const member = cls?.members.find(({ fn }) => fn === handler?.fn);
  return [...(member?.decorators ?? []), ...(cls?.decorators ?? [])];
}

/** `@SkipThrottle({ default: false })` takes nothing out. */
function onlyFalse(decorator: Expr): boolean {
  const [options] = decorator.k === 'call' ? decorator.args : [];
  return options?.k === 'obj' && options.props.every(({ value }) => value.k === 'bool' && !value.v);
}

function hasSharedStore({ site }: Context): boolean {
  return site.live.files.some((file) =>
    site
      .sites(file)
      .calls.some(
        (call) =>
          (/^forRoot(?:Async)?$/.test(call.name) &&
            call.path.startsWith('ThrottlerModule') &&
            mentionsStorage(call.expr.args[0])) ||
          (call.expr.new === true && /Throttler\w*(?:Redis|Storage)|RedisThrottler/.test(call.name)),
      ),
  );
}

const mentionsStorage = (options: Expr | undefined): boolean =>
  options?.k === 'obj' && options.props.some(({ key }) => key === 'storage');
