import type { AnyControl } from '../model/control.ts';
import { Problem } from '../model/problem.ts';
import type { Service } from '../facts/services.ts';

/** The controls that `--only` and `--skip` leave: by id or area. Retired controls never run. */
export function chooseControls(
  controls: readonly AnyControl[],
  only: readonly string[],
  skip: readonly string[],
): readonly AnyControl[] {
  const named = (words: readonly string[], control: AnyControl): boolean =>
    words.includes(control.id) || words.includes(control.area);
  return controls.filter(
    (control) => control.stage !== 'retired' && (only.length === 0 || named(only, control)) && !named(skip, control),
  );
}

/** All services, or the one asked for. */
export function chooseServices(services: readonly Service[], id: string | undefined): readonly Service[] {
  if (id === undefined) return services;
  const chosen = services.filter((service) => service.id === id);
  if (chosen.length > 0) return chosen;
  const ids = services.map((service) => service.id).join(', ') || 'none';
  throw new Problem('no-such-service', {
    found: `no service is called '${id}'`,
    where: '--service',
    expected: `one of: ${ids}`,
    todo: 'Name one of these, or leave --service out to audit all.',
  });
}
