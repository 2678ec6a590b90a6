import { resolve } from 'node:path';
import type { EndpointMap, MappedEndpoint } from '../model/endpoint-map.ts';
import { protections } from '../model/protection.ts';
import { Problem } from '../model/problem.ts';
import { cacheFolder } from './cache.ts';
import { exitCodes } from './exit.ts';
import type { Io } from './io.ts';
import { writeReport } from './output.ts';
import { progressOn } from './progress.ts';
import { nearest } from './suggest.ts';
import { fileStyle, styleOf } from './terminal.ts';
import type { Tools } from './tools.ts';

export interface EndpointFlags {
  readonly format: string;
  readonly output?: string;
  readonly without?: readonly string[];
  readonly method?: string;
  readonly path?: string;
  readonly service?: string;
  readonly unknown?: boolean;
  readonly all?: boolean;
  readonly trace?: string;
  readonly cache: boolean;
}

/** Prints every endpoint with what its chain reaches, or one of them whole. */
export async function endpointsCommand(io: Io, tools: Tools, dir: string, flags: EndpointFlags): Promise<number> {
  refuseUnknown(flags);
  const map = await read(io, tools, dir, flags);
  const shown = map.endpoints.filter((one) => fits(one, flags));
  if (flags.trace !== undefined && shown.length === 0) throw notFound(flags.trace, map.endpoints);
  const text = await render(io, map, shown, flags);
  if (flags.output === undefined || flags.output === '-') await io.stdout.write(text);
  else writeReport(io, flags.output, text);
  return map.services.length === 0 ? exitCodes.nothing : exitCodes.go;
}

async function read(io: Io, tools: Tools, dir: string, flags: EndpointFlags): Promise<EndpointMap> {
  const cacheDir = flags.cache ? cacheFolder(io) : undefined;
  const progress = progressOn(io);
  const forget = io.onInterrupt(progress.clear);
  const { trace } = flags;
  try {
    return await tools.endpoints({
      dir: resolve(io.cwd, dir),
      signal: io.signal,
      progress: progress.report,
      ...(cacheDir ? { cacheDir } : {}),
      ...(flags.service === undefined ? {} : { service: flags.service }),
      ...(trace === undefined ? {} : { withCode: (one: { method: string; path: string }) => traces(trace, one) }),
    });
  } finally {
    progress.clear();
    forget();
  }
}

async function render(
  io: Io,
  map: EndpointMap,
  shown: readonly MappedEndpoint[],
  flags: EndpointFlags,
): Promise<string> {
  const style = flags.output === undefined || flags.output === '-' ? styleOf(io, io.stdout) : fileStyle;
  const view = { map, shown, all: flags.all === true, ...style };
  if (flags.trace !== undefined && flags.format === 'terminal')
    return (await import('../reporters/endpoints/trace.ts')).endpointTrace(view);
  const { mapReporters } = await import('../reporters/endpoints/index.ts');
  return mapReporters[flags.format]?.(view) ?? '';
}

function fits(one: MappedEndpoint, flags: EndpointFlags): boolean {
  if (flags.trace !== undefined) return traces(flags.trace, one);
  return (
    (flags.without ?? []).every((name) => one.protections[name]?.answer !== 'yes') &&
    (flags.method === undefined || flags.method.toUpperCase().split(',').includes(one.method.toUpperCase())) &&
    (flags.path === undefined || globOf(flags.path).test(one.path)) &&
    (flags.unknown !== true || told.some((name) => one.protections[name]?.answer === 'unknown'))
  );
}

/** The protections that the table tells. */
const told = ['authentication', 'signature', 'input', 'limit'];

/** 'POST /api/x', or a path alone; spaces and case of the method do not matter. */
function traces(wanted: string, { method, path }: { readonly method: string; readonly path: string }): boolean {
  const [first = '', ...rest] = wanted.trim().split(/\s+/);
  return rest.length === 0 ? path === first : method.toUpperCase() === first.toUpperCase() && path === rest.join(' ');
}

/** A part of a path, or a pattern with `*`. */
function globOf(text: string): RegExp {
  const escaped = text.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
  return text.includes('*') ? new RegExp(`^${escaped}$`) : new RegExp(escaped, 'i');
}

function refuseUnknown({ without }: EndpointFlags): void {
  for (const name of without ?? [])
    if (!protections.some((one) => one === name))
      throw new Problem('unknown-protection', {
        found: `there is no protection "${name}"`,
        where: '--without',
        expected: `one of: ${protections.join(', ')}`,
        todo: `Did you mean ${nearest(name, protections) ?? 'authentication'}?`,
      });
}

function notFound(wanted: string, list: readonly MappedEndpoint[]): Problem {
  const names = list.map(({ method, path }) => `${method} ${path}`);
  const meant = nearest(wanted, names);
  return new Problem('no-such-endpoint', {
    found: `no endpoint is called '${wanted}'`,
    where: '--trace',
    expected: `a method and a path as the table shows them, such as '${names[0] ?? 'GET /'}'`,
    todo: meant === undefined ? 'list them with: staticfire endpoints --all' : `did you mean '${meant}'?`,
  });
}
