import type { AnyControl } from '../model/control.ts';
import { buildContext } from './container/build-context.ts';
import { image } from './container/image.ts';
import { nonRoot } from './container/non-root.ts';
import { signalDelivery } from './container/signal-delivery.ts';
import { securityPolicy } from './operations/security-policy.ts';
import { hardCoded } from './secrets/hard-coded.ts';
import { ignoreRules } from './secrets/ignore-rules.ts';
import { trackedEnvFile } from './secrets/tracked-env-file.ts';

/** Sorted by id. The registry test compares this list with the files on disk. */
export const controls = [
  buildContext,
  image,
  nonRoot,
  signalDelivery,
  securityPolicy,
  hardCoded,
  ignoreRules,
  trackedEnvFile,
] as const satisfies readonly AnyControl[];
