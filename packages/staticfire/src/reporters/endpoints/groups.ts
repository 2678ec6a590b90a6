import type { MappedEndpoint } from '../../model/endpoint-map.ts';
import { cell } from './page.ts';

/** Endpoints that are shown as one line. */
export interface Group {
  readonly first: MappedEndpoint;
  /** What their paths share, with a star behind. */
  readonly label: string;
  readonly many: number;
}

const fewest = 4;
const least = 40;

/** Many endpoints with the same answers below the same part of the path become one line; few stay apart. */
export function grouped(list: readonly MappedEndpoint[], apart: boolean): readonly Group[] {
  if (apart || list.length < least) return list.map(alone);
  const groups = new Map<string, MappedEndpoint[]>();
  for (const one of list) {
    const key = [headOf(one), ...answers.map((name) => cell(one, name)), one.open?.kind].join('\0');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (!first || members.length < fewest) return members.map(alone);
    return [{ first, label: `${headOf(first)}${first.surface === 'http' ? '/*' : '*'}`, many: members.length }];
  });
}

const answers = ['authentication', 'authorization', 'input', 'limit', 'signature'];
const alone = (first: MappedEndpoint): Group => ({ first, label: '', many: 1 });

/** '/api/admin' of '/api/admin/users/:id'; the file of a function. */
function headOf({ surface, path }: MappedEndpoint): string {
  if (surface !== 'http')
    return path.includes('#') ? path.slice(0, path.indexOf('#') + 1) : path.slice(0, path.lastIndexOf('.') + 1);
  const parts = path.split('/').slice(1);
  const depth = /^(?:api|v\d+|rest)$/.test(parts[0] ?? '') ? (/^v\d+$/.test(parts[1] ?? '') ? 3 : 2) : 1;
  return `/${parts.slice(0, depth).join('/')}`;
}
