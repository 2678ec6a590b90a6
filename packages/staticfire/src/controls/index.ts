import type { AnyControl } from '../model/control.ts';
import { endpointAuthentication } from './auth/endpoint-authentication.ts';
import { failOpenGuard } from './auth/fail-open-guard.ts';
import { webhookSignature } from './auth/webhook-signature.ts';
import { canFail } from './ci/can-fail.ts';
import { pipeline } from './ci/pipeline.ts';
import { bootValidation } from './config/boot-validation.ts';
import { exampleFile } from './config/example-file.ts';
import { placeholderDefaults } from './config/placeholder-defaults.ts';
import { buildContext } from './container/build-context.ts';
import { image } from './container/image.ts';
import { nonRoot } from './container/non-root.ts';
import { signalDelivery } from './container/signal-delivery.ts';
import { indexes } from './database/indexes.ts';
import { migrationSafety } from './database/migration-safety.ts';
import { migrations } from './database/migrations.ts';
import { poolLimits } from './database/pool-limits.ts';
import { tls } from './database/tls.ts';
import { centralHandler } from './errors/central-handler.ts';
import { tracker } from './errors/tracker.ts';
import { liveness } from './health/liveness.ts';
import { readiness } from './health/readiness.ts';
import { stubCheck } from './health/stub-check.ts';
import { cookies } from './http/cookies.ts';
import { corsAllowlist } from './http/cors-allowlist.ts';
import { proxyTrustControl } from './http/proxy-trust.ts';
import { securityHeaders } from './http/security-headers.ts';
import { schemaValidation } from './input/schema-validation.ts';
import { sql } from './input/sql.ts';
import { scheduleAuthorization } from './jobs/schedule-authorization.ts';
import { scheduleTarget } from './jobs/schedule-target.ts';
import { rateLimit } from './limits/rate-limit.ts';
import { sensitiveEndpoints } from './limits/sensitive-endpoints.ts';
import { storeOutage } from './limits/store-outage.ts';
import { structured } from './logging/structured.ts';
import { runbook } from './operations/runbook.ts';
import { securityPolicy } from './operations/security-policy.ts';
import { auditRetention } from './privacy/audit-retention.ts';
import { erasure } from './privacy/erasure.ts';
import { dataExport } from './privacy/export.ts';
import { coverage } from './report/coverage.ts';
import { deadSafeguard } from './report/dead-safeguard.ts';
import { outboundTimeout } from './resilience/outbound-timeout.ts';
import { comparison } from './secrets/comparison.ts';
import { hardCoded } from './secrets/hard-coded.ts';
import { ignoreRules } from './secrets/ignore-rules.ts';
import { trackedEnvFile } from './secrets/tracked-env-file.ts';
import { signalHandling } from './shutdown/signal-handling.ts';
import { lockfile } from './supply-chain/lockfile.ts';
import { runtime } from './supply-chain/runtime.ts';
import { undeclared } from './supply-chain/undeclared.ts';
import { updates } from './supply-chain/updates.ts';
import { vulnerabilityScan } from './supply-chain/vulnerability-scan.ts';
import { metrics } from './telemetry/metrics.ts';
import { tracing } from './telemetry/tracing.ts';
import { coverageThreshold } from './tests/coverage-threshold.ts';
import { present } from './tests/present.ts';
import { skipped } from './tests/skipped.ts';

/** Sorted by id. The registry test compares this list with the files on disk. */
export const controls = [
  endpointAuthentication,
  failOpenGuard,
  webhookSignature,
  canFail,
  pipeline,
  bootValidation,
  exampleFile,
  placeholderDefaults,
  buildContext,
  image,
  nonRoot,
  signalDelivery,
  indexes,
  migrationSafety,
  migrations,
  poolLimits,
  tls,
  centralHandler,
  tracker,
  liveness,
  readiness,
  stubCheck,
  cookies,
  corsAllowlist,
  proxyTrustControl,
  securityHeaders,
  schemaValidation,
  sql,
  scheduleAuthorization,
  scheduleTarget,
  rateLimit,
  sensitiveEndpoints,
  storeOutage,
  structured,
  runbook,
  securityPolicy,
  auditRetention,
  erasure,
  dataExport,
  coverage,
  deadSafeguard,
  outboundTimeout,
  comparison,
  hardCoded,
  ignoreRules,
  trackedEnvFile,
  signalHandling,
  lockfile,
  runtime,
  undeclared,
  updates,
  vulnerabilityScan,
  metrics,
  tracing,
  coverageThreshold,
  present,
  skipped,
] as const satisfies readonly AnyControl[];
