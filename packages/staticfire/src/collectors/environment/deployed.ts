import type { Containers } from '../../facts/containers.ts';
import { sensitivityOf } from '../../facts/environment-names.ts';
import type { DeployedLiteral, EnvRead } from '../../facts/environment.ts';
import type { PrismaSchema } from '../../facts/prisma.ts';
import type { Workspace } from '../../model/workspace.ts';

/** Signing secrets that stand as literals in the compose files that run the service. */
export function composeLiterals(
  workspace: Workspace,
  { compose }: Containers,
  reads: ReadonlySet<string>,
): readonly DeployedLiteral[] {
  return compose.flatMap((service) => {
    if (service.purpose !== 'production' || service.mountsSource) return [];
    const lines = (workspace.read(service.file) ?? '').split('\n');
    const text = (line: number | undefined): string => (line === undefined ? '' : (lines[line - 1] ?? ''));
    const mode = service.environment.find((e) => e.name === 'NODE_ENV');
    if (mode && /development|test|local/.test(text(mode.line))) return [];
    return service.environment.flatMap(({ name, line }): DeployedLiteral[] => {
      if (line === undefined || !reads.has(name) || sensitivityOf(name) !== 'signing' || !isLiteral(text(line), name))
        return [];
      return [{ name, at: { file: service.file, line }, in: 'compose' }];
    });
  });
}

/** `NAME=value`, `NAME: value`; not `${NAME}`, not empty, not taken from the shell. */
function isLiteral(line: string, name: string): boolean {
  const value =
    new RegExp(`["']?${name}["']?\\s*[:=]\\s*(.*)$`)
      .exec(line)?.[1]
      ?.trim()
      .replace(/["']$/, '')
      .replace(/^["']/, '') ?? '';
  if (/^\$\{[^}]*:?-[^}]+\}$/.test(value)) return true;
  return value !== '' && !value.startsWith('$') && !/^[*&!|>{]/.test(value) && !/^\s*#/.test(line);
}

/** What a Prisma schema says of the database's address. */
export interface SchemaAddress {
  readonly reads: readonly EnvRead[];
  readonly literals: readonly DeployedLiteral[];
}

export function schemaAddress(workspace: Workspace, schema: PrismaSchema): SchemaAddress {
  const lines = (workspace.read(schema.file) ?? '').split('\n');
  const found: { reads: EnvRead[]; literals: DeployedLiteral[] } = { reads: [], literals: [] };
  let inside = false;
  lines.forEach((text, index) => {
    if (/^\s*datasource\s/.test(text)) inside = true;
    if (/^\s*}/.test(text)) inside = false;
    const value = inside ? /^\s*url\s*=\s*(.+)$/.exec(text)?.[1]?.trim() : undefined;
    if (value === undefined) return;
    const name = /^env\(\s*["'](\w+)["']/.exec(value)?.[1];
    const at = { file: schema.file, line: index + 1 };
    if (name)
      found.reads.push({
        name,
        at,
        fn: 0,
        symbol: 'datasource',
        use: 'value',
        fallback: { kind: 'throws' },
        guarded: false,
        production: true,
        via: 'database-schema',
        alternatives: [],
      });
    else if (/^["'][^"']/.test(value)) found.literals.push({ name: 'the database address', at, in: 'database-schema' });
  });
  return found;
}
