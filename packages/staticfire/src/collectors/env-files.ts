import { envFiles, type EnvFile, type EnvFiles, type EnvVariable } from '../facts/env-files.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { dirOf, join, nameOf } from './containers/words.ts';
import { markedSecrets } from './secrets/detect.ts';
import {
  isPlaceholder,
  isPublicKey,
  isPublicName,
  looksLikePassword,
  looksRandom,
  namesPassword,
  namesSecret,
} from './secrets/judge.ts';

const word = '(?:examples?|samples?|templates?|tpl|dist|defaults?|schema|tmpl|skeleton|placeholder)';
const envName = new RegExp(
  [
    String.raw`(?:^|\/)(?:\.env(?:[._-][\w.-]+)?|[\w.-]+\.env|\.envrc`,
    // `env-example-relational`, `dotenv.sample`, `example-env`, `sample.dotenv`
    String.raw`_?(?:dot)?env(?:[._-]\w+)*[._-]${word}(?:[._-]\w+)*?`,
    String.raw`(?:\w+[._-])*${word}(?:[._-]\w+)*[._-](?:dot)?env)(?:\.txt)?$`,
  ].join('|'),
  'i',
);
const templateName = new RegExp(String.raw`(?:^|[._-])${word}(?:[._-]|$)`, 'i');
/** Programs and documents about the environment are not env files. */
const otherKind =
  /\.(?:[cm]?[jt]sx?|json[c5]?|ya?ml|toml|md|mdx|d\.ts|html?|css|sh|py|rb|go|lock|map|snap|hbs|ejs|png|svg)$/i;
const testName = /(?:^|[._-])(?:tests?|testing|e2e|ci|jest|vitest|cypress|playwright)(?:[._-]|$)/i;
const testFolder =
  /(?:^|\/)(?:tests?|__tests__|e2e|cypress|playwright|fixtures?|__fixtures__|testdata|integration-tests?|examples?|samples?)\//i;

export const envFilesCollector = defineCollector({
  fact: envFiles,
  needs: {},
  collect({ workspace }) {
    const tracked = workspace.files.filter((file) => file.tracked).map((file) => file.path);
    const paths = [...new Set([...workspace.files.map((file) => file.path), ...workspace.ignoredFiles])]
      .filter(isEnvFile)
      .sort();
    const isTracked = new Set(tracked);
    return known<EnvFiles>({
      list: paths.flatMap((path) => readEnvFile(workspace, path, isTracked.has(path))),
      probes: probesOf(workspace),
      ignored: workspace.ignoredFiles.filter(isEnvFile),
      ignoreFiles: [...workspace.files, ...workspace.above]
        .map((file) => file.path)
        .filter((path) => nameOf(path) === '.gitignore')
        .sort(),
      outsideGit: workspace.git === undefined,
    });
  },
});

const isEnvFile = (path: string): boolean => envName.test(path) && !otherKind.test(path);

function probesOf(workspace: Workspace): EnvFiles['probes'] {
  const manifests = workspace.match(/(?:^|\/)package\.json$/).filter((path) => !testFolder.test(path));
  const dirs = [...new Set(['.', ...manifests.map(dirOf)])].sort();
  const excepted = exceptions(workspace);
  return dirs
    .flatMap((dir) => ['.env', '.env.local'].map((name) => join(dir, name)))
    .map((path) => ({ path, ignored: workspace.ignored(path), excepted: excepted.has(path) }));
}

/** Paths that an ignore file names after an exclamation mark. */
function exceptions(workspace: Workspace): ReadonlySet<string> {
  const files = workspace.match(/(?:^|\/)\.gitignore$/);
  const lines = files.flatMap((file) =>
    (workspace.read(file) ?? '').split('\n').map((line) => ({ dir: dirOf(file), line: line.trim() })),
  );
  return new Set(
    lines
      .filter(({ line }) => line.startsWith('!'))
      .map(({ dir, line }) => join(dir, line.slice(1).replace(/^\//, ''))),
  );
}

function readEnvFile(workspace: Workspace, file: string, tracked: boolean): readonly EnvFile[] {
  const text = workspace.read(file);
  if (text === undefined) return [];
  const kind = kindOf(file);
  const encrypted = /^\s*(?:#\s*)?DOTENV_PUBLIC_KEY|=\s*["']?encrypted:|^sops_/m.test(text);
  return [
    { file, dir: dirOf(file), tracked, kind, encrypted, variables: variablesOf(text, kind), offered: offeredIn(text) },
  ];
}

function kindOf(file: string): EnvFile['kind'] {
  if (templateName.test(nameOf(file))) return 'template';
  return testName.test(nameOf(file)) || testFolder.test(file) ? 'test' : 'real';
}

function variablesOf(text: string, kind: EnvFile['kind']): readonly EnvVariable[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, index) => {
    const pair = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/.exec(line);
    if (!pair) return [];
    const [, name = '', rest = ''] = pair;
    const comment = /\s#/.test(rest) || /^\s*#/.test(lines[index - 1] ?? '');
    return [{ name, line: index + 1, ...judge(name, unquoted(rest), kind), comment }];
  });
}

/** `# PORT=3000`: how example files name what may be left unset. */
const offeredIn = (text: string): readonly string[] =>
  [...text.matchAll(/^[ \t]*#[# \t]*(?:export[ \t]+)?([A-Z][A-Z0-9_]*)[ \t]*=/gm)].flatMap(([, name]) => name ?? []);

function unquoted(rest: string): string {
  const quoted = /^\s*(["'`])([\s\S]*?)\1/.exec(rest);
  return quoted ? (quoted[2] ?? '') : rest.replace(/(?:^|\s)#.*$/, '').trim();
}

type Judged = Pick<EnvVariable, 'value' | 'what' | 'weight'>;

/** A value is looked at here and forgotten. */
function judge(name: string, value: string, kind: EnvFile['kind']): Judged {
  if (value === '') return { value: 'empty' };
  if (/\$\{?\w|^op:\/\/|^vault:|^encrypted:|^ref\+|^arn:/.test(value)) return { value: 'reference' };
  const marked = markedSecrets(value, 'config').find((hit) => hit.weight !== 'doubtful');
  if (marked) return { value: 'secret', what: marked.what, weight: marked.weight };
  if (isPlaceholder(value)) return { value: 'placeholder' };
  if (kind !== 'real' || isPublicName(name) || isPublicKey(value) || !namesSecret(name)) return { value: 'plain' };
  if (looksRandom(withoutMark(value)))
    return { value: 'secret', what: namesPassword(name) ? 'password' : 'key or token', weight: 'real-looking' };
  return namesPassword(name) && looksLikePassword(value)
    ? { value: 'secret', what: 'password', weight: 'real-looking' }
    : { value: 'plain' };
}

/** `sk_test_…`: a vendor's mark says nothing about the rest. */
const withoutMark = (value: string): string => value.replace(/^(?:[a-z]{1,6}[-_]){1,3}/, '');
