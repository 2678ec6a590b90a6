import { lineOf } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { Limit } from '../../facts/exposure.ts';
import type { Context } from '../reading/context.ts';
import { stepOf, type Stage } from '../reading/stages.ts';
import type { Asked } from './asked.ts';

/** The limiter of Better Auth: on in production unless it is switched off, with tighter rules for signing in. */
export function builtIn(context: Context, endpoint: Endpoint, stages: readonly Stage[]): readonly Asked[] {
  const stage =
    stages.find((one) => runsBetterAuth(one)) ?? (servesBetterAuth(context, endpoint) ? stages.at(-1) : undefined);
  if (!stage && !servesBetterAuth(context, endpoint)) return [];
  const settings = settingsOf(context);
  if (settings?.off) return ['the limiter of better-auth is switched off'];
  const limit: Limit = {
    what: 'by better-auth, tighter for signing in',
    by: 'better-auth',
    at: settings?.at ?? endpoint.at,
    store: settings?.shared ? 'shared' : 'memory',
    outage: { kind: 'none', why: '', at: undefined },
    inHandler: true,
    trail: stage ? [stepOf(stage)] : [],
  };
  return [limit];
}

const runsBetterAuth = ({ origin, reached }: Stage): boolean =>
  (origin?.kind === 'package' && origin.package === 'better-auth') ||
  (reached?.functions ?? []).some(({ calls }) =>
    calls.some(
      ({ site, origin: of }) =>
        /^(?:handler|toNodeHandler|toNextJsHandler|svelteKitHandler|default|)$/.test(site.name) &&
        of.kind === 'package' &&
        of.package === 'better-auth',
    ),
  );

function servesBetterAuth({ site }: Context, { serves, at, handler }: Endpoint): boolean {
  if (serves) {
    const origin = site.code.origin(serves.file, serves.fn, serves.expr);
    if (origin.kind === 'package') return origin.package === 'better-auth';
  }
  return (
    handler === undefined &&
    (site.code.get(at.file)?.head.imports ?? []).some(({ from }) => /^better-auth(?:\/|$)/.test(from))
  );
}

interface Settings {
  readonly off: boolean;
  readonly shared: boolean;
  readonly at: { readonly file: string; readonly line: number };
}

function settingsOf({ site }: Context): Settings | undefined {
  for (const file of site.live.files) {
    if (!site.code.get(file)?.head.imports.some(({ from }) => from.startsWith('better-auth'))) continue;
    for (const call of site.sites(file).calls) {
      if (call.name !== 'betterAuth') continue;
      const [options] = call.expr.args;
      const limit = propOf(options, 'rateLimit');
      const enabled = propOf(limit, 'enabled');
      return {
        off: enabled?.k === 'bool' && !enabled.v,
        shared: propOf(options, 'secondaryStorage') !== undefined,
        at: { file, line: lineOf(call.expr.at) },
      };
    }
  }
  return undefined;
}
