import type { Service, Services } from '../../facts/services.ts';

/** In the service, or in no service: shared by those that use it. */
export function concerns(own: Service, all: Services, file: string): boolean {
  const inside = (root: string): boolean => root !== '.' && file.startsWith(`${root}/`);
  return inside(own.root) || own.root === '.' || !all.list.some((other) => other.id !== own.id && inside(other.root));
}
