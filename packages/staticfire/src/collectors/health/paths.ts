import type { HealthRole } from '../../facts/health.ts';

const live = /^(?:livez?|liveness|alive|is-?alive|live-?check)$/i;
const ready = /^(?:readyz?|readiness|is-?ready|ready-?check|readiness-?check)$/i;
const whole =
  /^_?(?:health|healthz|healthy|heartbeat|system[-_]?health|(?:service|app|api|server)[-_]?health)(?:[-_]?checks?)?$/i;
/** Names that other things have too: they count right below the root or the prefix of the interface. */
const short = /^_?(?:status|ping|up|uptime|alive|startupz?|health[-_]?status|ok)$/i;
const prefix = /^(?:api|rest|v\d+|_?internal|actuator|system|public|\{.*\}|trpc|graphql)$/i;
/** Not for probes: someone signs in to see it. */
const inner = /^(?:admin|dashboard|me|users?|account)$/i;

/** What a path asks for, by its name; undefined when it is no health check. */
export function roleOfPath(path: string): HealthRole | undefined {
  const parts = path.split('/').filter(Boolean);
  const last = parts.at(-1);
  if (last === undefined || parts.slice(0, -1).some((part) => part.startsWith(':') || inner.test(part)))
    return undefined;
  const before = parts.slice(0, -1);
  const near = before.every((part) => prefix.test(part) || whole.test(part));
  if (live.test(last)) return near || whole.test(before.at(-1) ?? '') ? 'liveness' : undefined;
  if (ready.test(last)) return near || whole.test(before.at(-1) ?? '') ? 'readiness' : undefined;
  if (whole.test(last)) return 'general';
  return near && short.test(last) ? 'general' : undefined;
}
