import type { Origin } from '../../../code/model.ts';
import { sessions } from './sessions.ts';
import type { Source } from './source.ts';
import { signatures, tokens } from './tokens.ts';

/** In the order in which they are asked. */
const all: readonly Source[] = [...signatures, ...sessions, ...tokens];

/** Packages that some source names, so that the others are passed over at once. */
const some = new RegExp(`(?:${[...new Set(all.map(({ packages }) => packages.source))].join('|')})`);

/** The source that a call's callee is; undefined when the table has none. */
export function sourceOf(origin: Origin): Source | undefined {
  if (origin.kind !== 'package') return undefined;
  if (!some.test(origin.package) && !some.test(`${origin.package}/${origin.subpath}`)) return undefined;
  const path = [origin.name, origin.member].filter((part) => part !== '' && part !== '*').join('.') || 'default';
  const names = origin.subpath === '' ? [origin.package] : [`${origin.package}/${origin.subpath}`, origin.package];
  return all.find((one) => one.path.test(path) && names.some((name) => one.packages.test(name)));
}
