import type { Spot } from '../code/production.ts';
import type { Reachability } from '../facts/live.ts';
import type { Services } from '../facts/services.ts';

/** Is the function in use in a service, be it this one or another that loads the same file? */
export function usedBySome({ reach, of }: Reachability, { list }: Services, { file, fn }: Spot): boolean {
  const ids = reach.servicesOf(file);
  return list.some((one) => ids.includes(one.id) && (fn === 0 || of(one).hasFunction(file, fn)));
}
