import { posix } from 'node:path';
import type { HealthRole } from '../../facts/health.ts';
import type { Place } from '../../model/place.ts';
import type { Workspace } from '../../model/workspace.ts';

/** A path that the platform asks to know how the service is. */
export interface Probe {
  readonly path: string;
  readonly role: HealthRole;
  readonly by: string;
  readonly at: Place;
}

const named =
  /^(?:[\w.-]*Dockerfile[\w.-]*|(?:docker-)?compose[\w.-]*\.ya?ml|fly[\w.-]*\.toml|render\.ya?ml|railway\.(?:json|toml)|app\.(?:json|ya?ml)|[\w-]*deployment[\w-]*\.ya?ml)$/i;
const folder = /(?:^|\/)(?:\.?k8s|kube\w*|helm|charts?|deploy\w*|manifests?|infra\w*)\//i;

/** Files that name probes: of images, platforms and clusters. */
const mayProbe = (file: string): boolean =>
  named.test(posix.basename(file)) || (/\.ya?ml$/.test(file) && folder.test(file));

/** Probes that container, platform and cluster files name. */
export function probesIn(workspace: Workspace): readonly Probe[] {
  return workspace
    .match(/(?:\.ya?ml|\.toml|\.json|Dockerfile[\w.-]*)$/i)
    .filter(mayProbe)
    .flatMap((file) => inText(file, workspace.read(file) ?? ''));
}

/** Words after which the next path belongs to that probe. */
const heads: readonly (readonly [RegExp, HealthRole, string])[] = [
  [/^\s*(?:- )?livenessProbe\s*:/, 'liveness', 'livenessProbe'],
  [/^\s*(?:- )?readinessProbe\s*:/, 'readiness', 'readinessProbe'],
  [/^\s*(?:- )?startupProbe\s*:/, 'general', 'startupProbe'],
  [/^\s*(?:\[\[?.*checks?\]?\]|healthcheck\s*:|HEALTHCHECK\b)/, 'general', 'health check'],
  [/^\s*["']?health_?[cC]heck_?[pP]ath["']?\s*[:=]/, 'general', 'health check'],
];

const address =
  /(?:https?:\/\/(?:[\w.[\]-]+|\$\{?\w+\}?)(?::(?:\d+|\$\{?\w+[^}\s]*\}?))?(\/[\w/.-]*))|(?:path|[cC]heck_?[pP]ath)["']?\s*[:=]\s*["']?(\/[\w/.-]*)/;
const reach = 12;

function inText(file: string, text: string): readonly Probe[] {
  if (!/probe|health|checks?\b/i.test(text)) return [];
  let head: { readonly role: HealthRole; readonly by: string; readonly left: number } | undefined;
  return text.split('\n').flatMap((line, index): readonly Probe[] => {
    const started = heads.find(([pattern]) => pattern.test(line));
    if (started) head = { role: started[1], by: started[2], left: reach };
    if (!head || head.left === 0 || /^\s*#/.test(line)) return [];
    const match = address.exec(line);
    const path = match?.[1] ?? match?.[2];
    const { role, by } = head;
    head = path === undefined ? { ...head, left: head.left - 1 } : undefined;
    return path === undefined
      ? []
      : [{ path, role, by: `${by} of ${posix.basename(file)}`, at: { file, line: index + 1 } }];
  });
}
