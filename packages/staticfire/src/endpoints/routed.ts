import { express } from './express.ts';
import type { EndpointReader } from './framework.ts';
import type { Library } from './running/library.ts';
import { runService } from './running/start.ts';

/** Libraries whose routes are registered by running code. Sorted by id. */
export const libraries: readonly Library[] = [express];

/** One run of the service for all of them. */
export const routed: EndpointReader = {
  id: 'routed',
  reads: libraries.map(({ id }) => id),
  find(site) {
    const machine = runService(site, libraries);
    if (!machine) return { list: [], lost: [] };
    const found = libraries.map((library) =>
      library.endpoints(
        machine.run,
        machine.things.filter((thing) => thing.library === library.id),
      ),
    );
    return { list: found.flatMap(({ list }) => list), lost: [...found.flatMap(({ lost }) => lost), ...machine.lost] };
  },
};
