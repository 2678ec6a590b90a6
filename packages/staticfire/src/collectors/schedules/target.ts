import { posix } from 'node:path';
import type { Spot } from '../../code/production.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { Schedule } from '../../facts/schedules.ts';
import type { Service } from '../../facts/services.ts';
import type { Found } from './found.ts';
import type { Ground } from './ground.ts';
import { endpointFor } from './match.ts';
import { moduleAt } from './platforms.ts';

/** A schedule of this service with what it starts; nothing when it belongs to another service or to none. */
export function targeted(ground: Ground, found: Found): readonly Schedule[] {
  switch (found.target.kind) {
    case 'request':
      return requested(ground, found, found.target);
    case 'program':
      return started(ground, found, found.target);
    case 'module':
      return exported(ground, found, found.target);
  }
}

type Base = Pick<Schedule, 'by' | 'from' | 'times' | 'at' | 'name' | 'sends' | 'signs'>;

const baseOf = ({ by, from, times, at, name, sends, signs, internal }: Found): Base => ({
  by,
  from,
  times,
  at,
  name,
  sends: internal ? [] : sends,
  signs,
});

const isWithin = (file: string, dir: string): boolean => dir === '.' || file === dir || file.startsWith(`${dir}/`);

function requested(
  ground: Ground,
  found: Found,
  { method, host, path }: Extract<Found['target'], { kind: 'request' }>,
): readonly Schedule[] {
  const { endpoint, other } = endpointFor(ground.endpoints, method, path);
  const target = { kind: 'request' as const, method, path: path.split('?')[0] ?? path, endpoint: endpoint ?? other };
  const starts = handlersOf(endpoint ?? other);
  const base = { ...baseOf(found), target, starts, unclear: undefined };
  if (endpoint) return [{ ...base, broken: undefined }];
  if (!isOwn(ground, found, host, path)) return [];
  if (other) {
    const why = `${target.path} answers ${other.method}, and the schedule sends ${method}`;
    const trail = [{ note: `${other.method} ${other.path} is served here`, at: other.at }];
    return [{ ...base, broken: { kind: 'method', why, trail } }];
  }
  const unclear = unclearPath(ground, found, target.path);
  if (unclear !== undefined) return [{ ...base, broken: undefined, unclear }];
  const why = `no endpoint of the service has the path ${target.path}`;
  return [{ ...base, broken: { kind: 'missing', why, trail: [] } }];
}

const handlersOf = (endpoint: Endpoint | undefined): readonly Spot[] => (endpoint?.handler ? [endpoint.handler] : []);

/** Third parties are told by their host, monitors by what they are called. */
const foreign =
  /slack|discord|telegram|hooks?\b|webhook|sentry|github|gitlab|healthchecks?|hc-ping|cronitor|betterstack|betteruptime|uptime|datadog|newrelic|pagerduty|opsgenie|registry|npm|docker|google|amazonaws|cloudflare|stripe/i;

/** Is it meant for this service, although no endpoint fits? */
function isOwn(ground: Ground, { dir }: Found, host: string, path: string): boolean {
  const served = ground.services.list.filter((one) => one.kind === 'http' || one.frameworks.length > 0);
  if (host === '') return ownsConfig(ground, served, dir);
  const literal = /^(?:https?:\/\/)?[\w-]+(?:\.[\w-]+)+(?::\d+)?$/.test(host);
  if (foreign.test(host) || literal || served.length !== 1) return false;
  return served[0]?.id === ground.service.id && /^\/(?:api|cron|jobs?|tasks?|internal|webhooks?|v\d+)\b/.test(path);
}

/** A file of a platform in the service's folder, or above the only service that could be meant. */
function ownsConfig({ service: own }: Ground, served: readonly Service[], dir: string): boolean {
  if (own.root === dir) return served.filter((one) => one.root === dir).length === 1 || served.length === 1;
  return isWithin(own.root, dir) && served.length === 1 && served[0]?.id === own.id;
}

/** Endpoints that no reader knows, or that could not be read, may have the path. */
function unclearPath(
  { endpoints: own, service, workspace, code }: Ground,
  { dir }: Found,
  path: string,
): string | undefined {
  const file = moduleAt(workspace, posix.join(dir, path.replace(/^\//, '')))[0];
  if (file !== undefined && path.startsWith('/api')) return `${file} may serve it`;
  if (own.unread.length > 0) return `the endpoints of ${own.unread.join(', ')} are not read`;
  const [lost] = own.lost;
  if (lost) return `an endpoint in ${lost.at.file} could not be read: ${lost.why}`;
  const root = service.root === '.' ? '' : `${service.root}/`;
  const configs = ['next.config.js', 'next.config.mjs', 'next.config.ts', 'next.config.cjs', 'vercel.json'];
  const rewriting = configs.find((name) =>
    /["']?\b(?:rewrites|routes)\b["']?\s*[(:]/.test(workspace.read(root + name) ?? ''),
  );
  if (rewriting !== undefined) return `${root + rewriting} rewrites paths`;
  const page = code.files.find((one) => pageOf(one) === path);
  return page === undefined ? undefined : `${page} is a page, which may do the work`;
}

/** The URL of a page of Next. */
function pageOf(file: string): string | undefined {
  const match = /(?:^|\/)(?:app|pages)\/(?:(.*)\/)?(?:page|index)\.[jt]sx?$/.exec(file);
  return match
    ? `/${(match[1] ?? '')
        .split('/')
        .filter((part) => !/^\(.*\)$/.test(part))
        .join('/')}`
    : undefined;
}

/** Where programs are made when the service is built. */
const built = /(?:^|\/)(?:dist|build|out|lib|output|\.output|\.next|target)\//;

function started(
  ground: Ground,
  found: Found,
  { command, file }: Extract<Found['target'], { kind: 'program' }>,
): readonly Schedule[] {
  const path = file?.replace(/^\.\//, '');
  if (path === undefined || path.startsWith('..') || path.includes('$')) return [];
  const owner = ownerOf(ground, path);
  if (owner !== ground.service.id) return [];
  const exists =
    ground.workspace.has(path) || ground.workspace.ignored(path) || built.test(`/${path}`) || path.startsWith('/');
  const target = { kind: 'program' as const, command, file: exists ? path : undefined };
  const starts = ground.code.get(path) ? [{ file: path, fn: 0 }] : [];
  const base = { ...baseOf(found), target, starts, unclear: undefined };
  if (exists) return [{ ...base, broken: undefined }];
  return [{ ...base, broken: { kind: 'missing', why: `${path} is not in the repository`, trail: [] } }];
}

/** The service in whose folder a file lies, else the only one. */
function ownerOf({ services: all }: Ground, path: string): string | undefined {
  const around = all.list.filter((one) => isWithin(path, one.root)).toSorted((a, b) => b.root.length - a.root.length);
  return around[0]?.id ?? (all.list.length === 1 ? all.list[0]?.id : undefined);
}

function exported(
  ground: Ground,
  found: Found,
  { file, written, exported: name }: Extract<Found['target'], { kind: 'module' }>,
): readonly Schedule[] {
  if (ownerOf(ground, file ?? `${found.dir}/x`.replace(/^\.\//, '')) !== ground.service.id) return [];
  const target = { kind: 'program' as const, command: written, file };
  const base = { ...baseOf(found), target, unclear: undefined };
  if (file === undefined) {
    if (built.test(`/${written}`)) return [{ ...base, starts: [], broken: undefined }];
    const why = `${written} is not in the repository`;
    return [{ ...base, starts: [], broken: { kind: 'missing', why, trail: [] } }];
  }
  const starts = handlerIn(ground, file, name);
  if (starts.length > 0) return [{ ...base, starts, broken: undefined }];
  const any = ground.code.get(file)?.head.exports ?? [];
  if (name !== 'scheduled' || any.some((one) => one.name === '*')) return [{ ...base, starts: [], broken: undefined }];
  const unclear = exportsObject(ground, file) ? undefined : `what ${file} exports could not be followed`;
  const why = `${file} exports no scheduled handler`;
  return [
    { ...base, starts: [], unclear, broken: unclear === undefined ? { kind: 'missing', why, trail: [] } : undefined },
  ];
}

/** The exported function, or that member of the default export. */
function handlerIn({ code }: Ground, file: string, name: string): readonly Spot[] {
  const direct = code.exported(file, name);
  if (direct?.kind === 'function') return [{ file: direct.file, fn: direct.fn }];
  const whole = code.exported(file, 'default');
  if (whole?.kind === 'function' && name === 'default') return [{ file: whole.file, fn: whole.fn }];
  if (whole?.kind === 'class') {
    const fn = code.get(whole.file)?.summary.classes[whole.cls]?.members.find((one) => one.name === name)?.fn;
    return fn === undefined ? [] : [{ file: whole.file, fn }];
  }
  if (whole?.kind !== 'value' || whole.expr.k !== 'obj') return [];
  const value = whole.expr.props.find((prop) => prop.key === name)?.value;
  if (!value) return [];
  const origin = code.origin(whole.file, whole.fn, value);
  return origin.kind === 'function' ? [{ file: origin.file, fn: origin.fn }] : [{ file: whole.file, fn: whole.fn }];
}

/** The default export is an object literal with all its keys in sight. */
function exportsObject({ code }: Ground, file: string): boolean {
  const whole = code.exported(file, 'default');
  return whole?.kind === 'value' && whole.expr.k === 'obj' && !whole.expr.props.some((prop) => prop.key === '...');
}
