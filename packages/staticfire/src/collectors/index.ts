import type { AnyCollector } from '../model/collector.ts';
import { codeCollector } from './code.ts';
import { containersCollector } from './containers.ts';
import { envFilesCollector } from './env-files.ts';
import { imagesCollector } from './images.ts';
import { literalCredentialsCollector } from './literal-credentials.ts';
import { liveCollector } from './live.ts';
import { projectCollector } from './project.ts';
import { reachCollector } from './reach.ts';
import { reachabilityCollector } from './reachability.ts';
import { secretsCollector } from './secrets.ts';
import { securityPolicyCollector } from './security-policy.ts';
import { servicesCollector } from './services.ts';

/** Sorted by the id of their fact. The engine orders them by what they need. */
export const collectors = [
  codeCollector,
  containersCollector,
  envFilesCollector,
  imagesCollector,
  literalCredentialsCollector,
  liveCollector,
  projectCollector,
  reachCollector,
  reachabilityCollector,
  secretsCollector,
  securityPolicyCollector,
  servicesCollector,
] as const satisfies readonly AnyCollector[];
