import { parseAllDocuments } from 'yaml';
import type { Command, Workload } from '../../facts/containers.ts';
import { fields } from './compose.ts';

type Fields = Readonly<Record<string, unknown>>;

const kinds = /^kind:\s*["']?(Deployment|StatefulSet|DaemonSet|Job|CronJob|Pod|ReplicaSet|Rollout)\b/m;

/** Where Kubernetes manifests and Helm charts are kept. */
export const workloadFile =
  /(?:^|\/)(?:k8s|kube|kubernetes|deploy|deployment|deployments|helm|charts?|manifests|infra|infrastructure|argocd|kustomize|overlays|base|ops)\/.*\.ya?ml$|(?:^|\/)[^/]*(?:deployment|statefulset|cronjob|k8s)[^/]*\.ya?ml$/i;

/** The containers of a manifest's workloads. A Helm template is read by its words. */
export function readWorkloads(file: string, text: string): readonly Workload[] {
  const kind = kinds.exec(text)?.[1];
  if (!kind || !/^\s*(?:- )?containers:/m.test(text)) return [];
  if (text.includes('{{')) return [template(file, text, kind)];
  return parseAllDocuments(text, { merge: true, logLevel: 'silent' }).flatMap((document) => {
    const errors: readonly unknown[] = 'errors' in document ? document.errors : [];
    return 'toJS' in document && errors.length === 0 ? workloadsOf(file, text, fields(document.toJS())) : [];
  });
}

function template(file: string, text: string, kind: string): Workload {
  const nonRoot = /runAsNonRoot:\s*true|runAsUser:\s*[1-9]|securityContext:\s*\n?\s*\{\{-?\s*toYaml/.test(text);
  return {
    file,
    kind,
    name: undefined,
    image: undefined,
    command: undefined,
    nonRoot,
    template: true,
    at: { file, line: lineOf(text, kinds) },
  };
}

function workloadsOf(file: string, text: string, root: Fields | undefined): readonly Workload[] {
  const kind = root?.['kind'];
  if (typeof kind !== 'string' || !kinds.test(`kind: ${kind}`)) return [];
  const pod = podOf(root);
  const containers = pod?.['containers'];
  if (!pod || !Array.isArray(containers)) return [];
  return containers.flatMap((value) => {
    const container = fields(value);
    return container ? [workloadOf(file, text, kind, pod, container)] : [];
  });
}

/** The pod's spec: under `template`, under `jobTemplate` for a CronJob, at the top for a Pod. */
function podOf(root: Fields | undefined): Fields | undefined {
  const spec = fields(root?.['spec']);
  if (!spec) return undefined;
  const job = fields(spec['jobTemplate']);
  if (job) return podOf(job);
  const inner = fields(spec['template']);
  return inner ? podOf(inner) : spec;
}

function workloadOf(file: string, text: string, kind: string, pod: Fields, container: Fields): Workload {
  const image = typeof container['image'] === 'string' ? container['image'] : undefined;
  const at = {
    file,
    line: lineOf(text, new RegExp(`name:\\s*["']?${String(container['name']).replaceAll(/\W/g, '.')}\\b`)),
  };
  const list = [...wordsOf(container['command']), ...wordsOf(container['args'])];
  const command: Command | undefined =
    Array.isArray(container['command']) && list.length > 0
      ? { form: 'exec', words: list, text: list.join(' '), at }
      : undefined;
  const nonRoot = [pod['securityContext'], container['securityContext']].map(fields).some(forbidsRoot);
  return {
    file,
    kind,
    name: String(container['name']),
    image,
    command,
    nonRoot,
    template: false,
    at,
  };
}

const forbidsRoot = (context: Fields | undefined): boolean =>
  context?.['runAsNonRoot'] === true || (typeof context?.['runAsUser'] === 'number' && context['runAsUser'] > 0);

const wordsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

function lineOf(text: string, pattern: RegExp): number {
  const index = text.search(pattern);
  return index === -1 ? 1 : text.slice(0, index).split('\n').length;
}
