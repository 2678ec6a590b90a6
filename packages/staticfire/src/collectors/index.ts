import type { AnyCollector } from '../model/collector.ts';
import { auditRecordsCollector } from './audit-records.ts';
import { callReachCollector } from './call-reach.ts';
import { callsCollector } from './calls.ts';
import { codeCollector } from './code.ts';
import { comparisonsCollector } from './comparisons.ts';
import { containersCollector } from './containers.ts';
import { coverageCollector } from './coverage.ts';
import { crossOriginCollector } from './cross-origin.ts';
import { databasesCollector } from './databases.ts';
import { declarationsCollector } from './declarations.ts';
import { endpointsCollector } from './endpoints.ts';
import { envFilesCollector } from './env-files.ts';
import { environmentCollector } from './environment.ts';
import { environmentCodeCollector } from './environment-code.ts';
import { errorAnswersCollector } from './error-answers.ts';
import { exposureCollector } from './exposure.ts';
import { foreignKeysCollector } from './foreign-keys.ts';
import { guardCodeCollector } from './guard-code.ts';
import { guardsCollector } from './guards.ts';
import { healthCollector } from './health.ts';
import { imagesCollector } from './images.ts';
import { literalCredentialsCollector } from './literal-credentials.ts';
import { liveCollector } from './live.ts';
import { locksCollector } from './locks.ts';
import { logCallsCollector } from './log-calls.ts';
import { migrationSetsCollector } from './migration-sets.ts';
import { migrationsCollector } from './migrations.ts';
import { nestModulesCollector } from './nest-modules.ts';
import { outboundCollector } from './outbound.ts';
import { packageImportsCollector } from './package-imports.ts';
import { personalDataCollector } from './personal-data.ts';
import { pipelinesCollector } from './pipelines.ts';
import { prismaSchemasCollector } from './prisma.ts';
import { projectCollector } from './project.ts';
import { proxyTrustCollector } from './proxy-trust.ts';
import { queryTextsCollector } from './query-texts.ts';
import { reachCollector } from './reach.ts';
import { reachabilityCollector } from './reachability.ts';
import { responseHeadersCollector } from './response-headers.ts';
import { runbooksCollector } from './runbooks.ts';
import { runtimeCollector } from './runtime.ts';
import { safeguardsCollector } from './safeguards.ts';
import { scheduleDemandsCollector } from './schedule-demands.ts';
import { schedulesCollector } from './schedules.ts';
import { secretsCollector } from './secrets.ts';
import { securityPolicyCollector } from './security-policy.ts';
import { servicesCollector } from './services.ts';
import { sessionCookiesCollector } from './session-cookies.ts';
import { shutdownCollector } from './shutdown.ts';
import { sightCollector } from './sight.ts';
import { sitesCollector } from './sites.ts';
import { tableUsesCollector } from './table-uses.ts';
import { tablesCollector } from './tables.ts';
import { telemetryCollector } from './telemetry.ts';
import { testFilesCollector } from './test-files.ts';
import { trackersCollector } from './trackers.ts';
import { updatesCollector } from './updates.ts';
import { verificationCollector } from './verification.ts';

/** Sorted by the id of their fact. The engine orders them by what they need. */
export const collectors = [
  auditRecordsCollector,
  callReachCollector,
  callsCollector,
  codeCollector,
  comparisonsCollector,
  containersCollector,
  coverageCollector,
  crossOriginCollector,
  databasesCollector,
  declarationsCollector,
  endpointsCollector,
  envFilesCollector,
  environmentCollector,
  environmentCodeCollector,
  errorAnswersCollector,
  exposureCollector,
  foreignKeysCollector,
  guardCodeCollector,
  guardsCollector,
  healthCollector,
  imagesCollector,
  literalCredentialsCollector,
  liveCollector,
  locksCollector,
  logCallsCollector,
  migrationSetsCollector,
  migrationsCollector,
  nestModulesCollector,
  runtimeCollector,
  outboundCollector,
  packageImportsCollector,
  personalDataCollector,
  pipelinesCollector,
  prismaSchemasCollector,
  projectCollector,
  proxyTrustCollector,
  queryTextsCollector,
  reachCollector,
  reachabilityCollector,
  responseHeadersCollector,
  runbooksCollector,
  safeguardsCollector,
  scheduleDemandsCollector,
  schedulesCollector,
  secretsCollector,
  securityPolicyCollector,
  servicesCollector,
  sessionCookiesCollector,
  shutdownCollector,
  sightCollector,
  sitesCollector,
  tableUsesCollector,
  tablesCollector,
  telemetryCollector,
  testFilesCollector,
  trackersCollector,
  updatesCollector,
  verificationCollector,
] as const satisfies readonly AnyCollector[];
