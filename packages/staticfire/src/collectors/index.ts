import type { AnyCollector } from '../model/collector.ts';
import { codeCollector } from './code.ts';
import { containersCollector } from './containers.ts';
import { coverageCollector } from './coverage.ts';
import { envFilesCollector } from './env-files.ts';
import { environmentCollector } from './environment.ts';
import { environmentCodeCollector } from './environment-code.ts';
import { imagesCollector } from './images.ts';
import { literalCredentialsCollector } from './literal-credentials.ts';
import { liveCollector } from './live.ts';
import { locksCollector } from './locks.ts';
import { pipelinesCollector } from './pipelines.ts';
import { projectCollector } from './project.ts';
import { reachCollector } from './reach.ts';
import { reachabilityCollector } from './reachability.ts';
import { runtimeCollector } from './runtime.ts';
import { secretsCollector } from './secrets.ts';
import { securityPolicyCollector } from './security-policy.ts';
import { servicesCollector } from './services.ts';
import { updatesCollector } from './updates.ts';

/** Sorted by the id of their fact. The engine orders them by what they need. */
export const collectors = [
  codeCollector,
  containersCollector,
  coverageCollector,
  envFilesCollector,
  environmentCollector,
  environmentCodeCollector,
  imagesCollector,
  literalCredentialsCollector,
  liveCollector,
  locksCollector,
  runtimeCollector,
  pipelinesCollector,
  projectCollector,
  reachCollector,
  reachabilityCollector,
  secretsCollector,
  securityPolicyCollector,
  servicesCollector,
  updatesCollector,
] as const satisfies readonly AnyCollector[];
