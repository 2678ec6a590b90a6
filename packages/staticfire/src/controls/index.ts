import type { AnyControl } from '../model/control.ts';
import { canFail } from './ci/can-fail.ts';
import { pipeline } from './ci/pipeline.ts';
import { bootValidation } from './config/boot-validation.ts';
import { exampleFile } from './config/example-file.ts';
import { placeholderDefaults } from './config/placeholder-defaults.ts';
import { buildContext } from './container/build-context.ts';
import { image } from './container/image.ts';
import { nonRoot } from './container/non-root.ts';
import { signalDelivery } from './container/signal-delivery.ts';
import { securityPolicy } from './operations/security-policy.ts';
import { hardCoded } from './secrets/hard-coded.ts';
import { ignoreRules } from './secrets/ignore-rules.ts';
import { trackedEnvFile } from './secrets/tracked-env-file.ts';
import { lockfile } from './supply-chain/lockfile.ts';
import { runtime } from './supply-chain/runtime.ts';
import { updates } from './supply-chain/updates.ts';
import { vulnerabilityScan } from './supply-chain/vulnerability-scan.ts';
import { coverageThreshold } from './tests/coverage-threshold.ts';

/** Sorted by id. The registry test compares this list with the files on disk. */
export const controls = [
  canFail,
  pipeline,
  bootValidation,
  exampleFile,
  placeholderDefaults,
  buildContext,
  image,
  nonRoot,
  signalDelivery,
  securityPolicy,
  hardCoded,
  ignoreRules,
  trackedEnvFile,
  lockfile,
  runtime,
  updates,
  vulnerabilityScan,
  coverageThreshold,
] as const satisfies readonly AnyControl[];
