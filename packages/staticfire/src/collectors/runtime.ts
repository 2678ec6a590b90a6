import { containers, type Containers } from '../facts/containers.ts';
import { onChange, pipelines, type Pipelines } from '../facts/pipelines.ts';
import { type Manifest, project, type Project } from '../facts/project.ts';
import { nodeRuntime, type IgnoredPin, type NodeRuntime, type NodeSource } from '../facts/runtime.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { dirOf } from './pipelines/paths.ts';
import { builtImages } from './runtime/images.ts';
import { imageVersion, readVersion } from './runtime/versions.ts';

/** All that names a version of Node.js: images, pipelines, platforms, version files and package.json. */
export const runtimeCollector = defineCollector({
  fact: nodeRuntime,
  needs: { containers, pipelines, project },
  collect: ({ workspace, facts }) => {
    const sources = [
      ...imageSources(facts.containers),
      ...platformSources(workspace),
      ...pipelineSources(facts.pipelines),
      ...fileSources(workspace),
      ...facts.project.manifests.flatMap(manifestSources),
    ];
    const value: NodeRuntime = {
      sources,
      ignored: ignoredPins(facts.pipelines),
      other: otherRuntime(facts.containers, facts.project, sources),
    };
    return known(value);
  },
});

const source = (kind: NodeSource['kind'], text: string, at: NodeSource['at'], dir: string): readonly NodeSource[] => {
  const read = readVersion(text);
  return read ? [{ kind, text: text.trim(), majors: read.majors, floating: read.floating, at, dir }] : [];
};

function imageSources(all: Containers): readonly NodeSource[] {
  const built = builtImages(all);
  const images = built
    .flatMap((dockerfile) =>
      dockerfile.stages.map((stage) => ({
        image: stage.image,
        at: stage.at,
        dir: dockerfile.contexts[0].dir,
        base: stage.base,
      })),
    )
    .filter((stage) => stage.base === undefined);
  const services = all.compose
    .filter((service) => service.purpose === 'production' && service.image && !service.build)
    .map((service) => ({ image: service.image ?? '', at: service.at, dir: dirOf(service.file) }));
  const set = built.flatMap((dockerfile) =>
    dockerfile.stages.flatMap((stage) => stage.runs.flatMap((run) => nodesource(run.text, run.at, dockerfile.dir))),
  );
  return [...[...images, ...services].flatMap(({ image, at, dir }) => imageSource('image', image, at, dir)), ...set];
}

const nodesource = (text: string, at: NodeSource['at'], dir: string): readonly NodeSource[] => {
  const version = /nodesource\.com\/(?:setup_|node_)(\d+|lts|current)/.exec(text)?.[1];
  return version ? source('image', version, at, dir) : [];
};

function imageSource(
  kind: NodeSource['kind'],
  image: string,
  at: NodeSource['at'],
  dir: string,
): readonly NodeSource[] {
  const found = imageVersion(image);
  return found ? [{ kind, text: found.text, majors: found.read.majors, floating: found.read.floating, at, dir }] : [];
}

function pipelineSources(all: Pipelines): readonly NodeSource[] {
  const jobs = all.workflows.flatMap((workflow) => workflow.jobs);
  const live = jobs.filter((job) => onChange(job.when));
  const used = live.length > 0 ? live : jobs;
  const images = used.flatMap((job) => (job.image ? imageSource('pipeline', job.image.name, job.image.at, '.') : []));
  const steps = used.flatMap((job) =>
    job.steps.flatMap((step) =>
      setsUpNode(step.uses)
        ? source(
            'pipeline',
            step.with['node-version'] ?? step.with['versionSpec'] ?? step.with['version'] ?? '',
            step.at,
            step.dir,
          )
        : [],
    ),
  );
  return distinct([...images, ...steps]);
}

const setsUpNode = (uses: string | undefined): boolean =>
  /^(actions\/setup-node|volta-cli\/action|NodeTool|UseNode|buildjet\/setup-node)(@|$)/i.test(uses ?? '');

function distinct(sources: readonly NodeSource[]): readonly NodeSource[] {
  const seen = new Set<string>();
  return sources.filter((each) => {
    const key = `${each.at.file}:${each.at.line} ${each.text}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** `node-version` handed to an action that does not know it. */
const ignoredPins = (all: Pipelines): readonly IgnoredPin[] =>
  all.workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) =>
      job.steps.flatMap((step) => {
        const text = step.with['node-version'];
        return text && /^actions\/(checkout|cache|upload-artifact|download-artifact)@/.test(step.uses ?? '')
          ? [{ text, action: step.uses?.split('@')[0] ?? '', at: step.at }]
          : [];
      }),
    ),
  );

const versionFile = /(^|\/)(\.nvmrc|\.node-version|\.tool-versions|\.?mise\.toml|\.prototools)$/;

function fileSources(workspace: Workspace): readonly NodeSource[] {
  const files = [...workspace.above.map((file) => file.path), ...workspace.match(versionFile)].filter((path) =>
    versionFile.test(path),
  );
  return files.flatMap((file) => {
    const rows = (workspace.read(file) ?? '').split('\n');
    const at = rows.findIndex((row) => versionIn(file, row) !== undefined);
    return at < 0
      ? []
      : source('version-file', versionIn(file, rows[at] ?? '') ?? '', { file, line: at + 1 }, dirOf(file));
  });
}

function versionIn(file: string, row: string): string | undefined {
  if (/\.nvmrc$|\.node-version$/.test(file)) return /^\s*[^#\s]/.test(row) ? row.trim() : undefined;
  if (file.endsWith('.tool-versions')) return /^\s*node(?:js)?\s+(\S+)/.exec(row)?.[1];
  return /^\s*"?node(?:js)?"?\s*=\s*["']([^"']+)["']/.exec(row)?.[1];
}

function manifestSources(manifest: Manifest): readonly NodeSource[] {
  const at = (...path: readonly string[]): NodeSource['at'] => ({
    file: manifest.file,
    line: manifest.lineOf(...path) ?? 1,
  });
  const volta = manifest.raw['volta'];
  const pinned =
    typeof volta === 'object' && volta !== null
      ? Object.entries(volta).find(([key]) => key === 'node')?.[1]
      : undefined;
  return [
    ...source('engines', manifest.engines['node'] ?? '', at('engines', 'node'), manifest.dir),
    ...(typeof pinned === 'string' ? source('volta', pinned, at('volta', 'node'), manifest.dir) : []),
  ];
}

/** Platform files that choose a runtime, by the words that do it. */
const platformRules: readonly (readonly [RegExp, RegExp])[] = [
  [/(^|\/)netlify\.toml$/, /^\s*NODE_VERSION\s*=\s*["']?([\w./*-]+)/],
  [/(^|\/)(serverless|template|sam)\.ya?ml$/, /^\s*(?:runtime|Runtime)\s*:\s*["']?nodejs(\d+)/],
  [/(^|\/)app\.ya?ml$/, /^\s*runtime\s*:\s*["']?nodejs(\d+)/],
  [/(^|\/)(nixpacks|railway)\.toml$/, /^\s*NIXPACKS_NODE_VERSION\s*=\s*["']?([\w.]+)/],
];

function platformSources(workspace: Workspace): readonly NodeSource[] {
  return platformRules.flatMap(([file, row]) =>
    workspace.match(file).flatMap((path) => {
      const rows = (workspace.read(path) ?? '').split('\n');
      const at = rows.findIndex((each) => row.test(each));
      return at < 0
        ? []
        : source('platform', row.exec(rows[at] ?? '')?.[1] ?? '', { file: path, line: at + 1 }, dirOf(path));
    }),
  );
}

/** Bun's lockfile or images, and nothing that speaks of Node.js. */
function otherRuntime(all: Containers, packages: Project, sources: readonly NodeSource[]): string | undefined {
  if (sources.some((each) => each.kind !== 'engines')) return undefined;
  const images = all.dockerfiles.flatMap((dockerfile) => dockerfile.stages.map((stage) => stage.image));
  if (images.some((image) => /(^|\/)bun(:|$)/.test(image))) return 'Bun';
  if (images.some((image) => /(^|\/)deno(:|$)/.test(image))) return 'Deno';
  const started = packages.manifests.some((manifest) =>
    /(^|\s)bun\s+(run\s+)?\S/.test(manifest.scripts['start'] ?? ''),
  );
  return started && packages.lockfiles.some((lockfile) => lockfile.manager === 'bun') ? 'Bun' : undefined;
}
