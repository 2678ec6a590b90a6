import { parse, type ParseError } from 'jsonc-parser';
import { project } from '../facts/project.ts';
import { type UpdateBot, updates } from '../facts/updates.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { allFiles, type Source, sourceOf, toGitRoot } from './pipelines/source.ts';
import { get, lineOfKey, text, texts, type Yaml } from './pipelines/yaml.ts';

/** Dependabot and Renovate, where their services look for them. */
export const updatesCollector = defineCollector({
  fact: updates,
  needs: { project },
  collect: ({ workspace, facts }) => {
    const source = sourceOf(workspace);
    const files = allFiles(source).filter((file) => file.tracked && !elsewhere.test(file.path));
    const dependabot = files
      .filter((file) => /(^|\/)\.github\/dependabot\.ya?ml$/.test(file.path))
      .map((file) => dependabotIn(source, file.path));
    const renovate = files.filter((file) => renovateFile.test(file.path)).map((file) => renovateIn(source, file.path));
    const inManifest = facts.project.manifests.filter(
      (manifest) =>
        manifest.raw['renovate'] !== undefined && toGitRoot(manifest.file, source.prefix) === 'package.json',
    );
    const keys = inManifest.map((manifest): UpdateBot =>
      bot('Renovate', manifest.file, manifest.lineOf('renovate') ?? 1, renovateIdle(manifest.raw['renovate'])),
    );
    return known([...dependabot, ...renovate, ...keys]);
  },
});

const renovateFile = /(^|\/)(renovate\.json5?|\.renovaterc(\.json5?)?|\.(github|gitlab)\/renovate\.json5?)$/;
const elsewhere = /(^|\/)(templates?|examples?|fixtures?|__fixtures__|vendor)\//i;

type Idle = NonNullable<UpdateBot['idle']>;

const bot = (tool: UpdateBot['tool'], file: string, line: number, idle: Idle | undefined): UpdateBot => ({
  tool,
  at: { file, line },
  ...(idle ? { idle } : {}),
});

function dependabotIn(source: Source, file: string): UpdateBot {
  const path = toGitRoot(file, source.prefix);
  if (!path.startsWith('.github/'))
    return bot('Dependabot', file, 1, {
      kind: 'misplaced',
      text: 'GitHub reads it only in .github at the root of the repository',
    });
  const { documents, error } = source.yaml(file);
  if (error)
    return bot('Dependabot', file, error.line, { kind: 'broken', text: `it is not valid YAML: ${error.detail}` });
  const entries = get(documents[0], 'updates')?.items ?? [];
  const own = entries.filter((entry) => ['npm', 'bun'].includes(text(get(entry, 'package-ecosystem')) ?? ''));
  const line = own[0]?.line ?? 1;
  if (own.length === 0)
    return bot('Dependabot', file, 1, {
      kind: 'other-ecosystems',
      text: `it names ${ecosystems(entries)} and not npm`,
    });
  return bot(
    'Dependabot',
    file,
    line,
    own.every(isOff)
      ? { kind: 'off', text: '`open-pull-requests-limit: 0` leaves only those for known vulnerabilities' }
      : undefined,
  );
}

const isOff = (entry: Yaml): boolean =>
  text(get(entry, 'open-pull-requests-limit')) === '0' && lineOfKey(entry, 'open-pull-requests-limit') !== undefined;
const ecosystems = (entries: readonly Yaml[]): string =>
  [...new Set(entries.flatMap((entry) => texts(get(entry, 'package-ecosystem'))))].join(', ') || 'no ecosystem';

function renovateIn(source: Source, file: string): UpdateBot {
  const path = toGitRoot(file, source.prefix);
  if (!/^(\.github\/|\.gitlab\/)?[^/]+$/.test(path))
    return bot('Renovate', file, 1, {
      kind: 'misplaced',
      text: 'Renovate reads it only at the root of the repository, in .github or in .gitlab',
    });
  const errors: ParseError[] = [];
  const config: unknown = parse(source.workspace.read(file) ?? '', errors, { allowTrailingComma: true });
  if (errors.length > 0 && !/json5|rc$/.test(file))
    return bot('Renovate', file, 1, { kind: 'broken', text: 'it is not valid JSON' });
  return bot('Renovate', file, 1, renovateIdle(config));
}

function renovateIdle(config: unknown): Idle | undefined {
  const fields = new Map(typeof config === 'object' && config !== null ? Object.entries(config) : []);
  if (fields.get('enabled') === false) return { kind: 'off', text: '`enabled` is false' };
  const managers: unknown = fields.get('enabledManagers');
  const named = Array.isArray(managers) && !managers.some((manager) => ['npm', 'bun'].includes(String(manager)));
  return named ? { kind: 'other-ecosystems', text: 'its `enabledManagers` leave npm out' } : undefined;
}
