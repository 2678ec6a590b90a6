import type { ComposeService, PlatformProcess, Purpose } from '../../facts/containers.ts';
import type { Place } from '../../model/place.ts';
import type { Workspace } from '../../model/workspace.ts';
import { dirOf, join, nameOf, words } from './words.ts';

/** A build that some file declares: which Dockerfile, in which folder. */
export interface Build {
  readonly dockerfile: string;
  readonly dir: string;
  readonly target: string | undefined;
  readonly why: string;
  readonly at: Place;
  readonly purpose: Purpose;
}

export function composeBuild(service: ComposeService): readonly Build[] {
  if (!service.build) return [];
  const { dockerfile, context: dir, target } = service.build;
  const purpose = service.mountsSource ? 'development' : service.purpose;
  return [{ dockerfile, dir, target, why: `the compose service ${service.name} builds it`, at: service.at, purpose }];
}

export function platformBuild(process: PlatformProcess): readonly Build[] {
  const { dockerfile, dockerContext: dir = '.', at } = process;
  return dockerfile
    ? [{ dockerfile, dir, target: undefined, why: `${nameOf(process.file)} builds it`, at, purpose: 'production' }]
    : [];
}

const commandFile =
  /(?:^|\/)(?:\.(?:github|gitea|forgejo|depot)\/workflows\/[^/]+\.ya?ml|package\.json|Makefile|[\w.-]+\.sh|\.gitlab-ci\.yml|Jenkinsfile|cloudbuild\.ya?ml|azure-pipelines[\w.-]*\.ya?ml|justfile|Taskfile\.ya?ml|\.circleci\/config\.yml)$/;

/** `docker build` in workflows, scripts and makefiles, and the build-push action. */
export function commandBuilds(workspace: Workspace): readonly Build[] {
  const paths = [...workspace.files, ...workspace.above]
    .map((file) => file.path)
    .filter((path) => commandFile.test(path));
  return paths.flatMap((path) => {
    const text = workspace.read(path);
    return text?.includes('docker') ? [...dockerBuilds(path, text), ...actionBuilds(path, text)] : [];
  });
}

const folderOf = (path: string): string =>
  /\.(?:github|gitea|forgejo|depot|circleci)\//.test(path)
    ? path.replace(/\/?\.(?:github|gitea|forgejo|depot|circleci)\/.*$/, '') || '.'
    : dirOf(path);

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

const hole = '{hole}';
const filled = (text: string): string =>
  text.replaceAll(/\$\{\{\s*github\.workspace\s*\}\}/g, '.').replaceAll(/\$\{\{.*?\}\}|\$\{\w+\}|\$\w+/g, hole);

function dockerBuilds(path: string, text: string): readonly Build[] {
  return [...text.matchAll(/\bdocker(?: buildx)? build\b((?:\\\r?\n|[^\n])*)/g)].flatMap((match) => {
    const line = filled(match[1] ?? '')
      .replaceAll(/\\\r?\n/g, ' ')
      .replace(/(?:&&|;|\|).*$/, '')
      .replaceAll(/\\?"/g, '');
    return commandBuild(path, words(line), lineAt(text, match.index));
  });
}

const valued =
  /^(?:-f|--file|-t|--tag|--build-arg|--target|--platform|--cache-from|--cache-to|--label|--secret|--progress|--output|-o|--network|--iidfile|--builder|--ssh)$/;

function commandBuild(path: string, args: readonly string[], line: number): readonly Build[] {
  const context = args.find((word, index) => !word.startsWith('-') && !valued.test(args[index - 1] ?? ''));
  if (context === undefined || context.includes(':')) return [];
  const folder = folderOf(path);
  const file = optionOf(args, /^(?:-f|--file)(?:=|$)/);
  return declared(path, line, join(folder, context), file && join(folder, file), optionOf(args, /^--target(?:=|$)/));
}

function optionOf(args: readonly string[], pattern: RegExp): string | undefined {
  const index = args.findIndex((word) => pattern.test(word));
  const word = args[index];
  return word?.includes('=') ? word.slice(word.indexOf('=') + 1) : index === -1 ? undefined : args[index + 1];
}

function actionBuilds(path: string, text: string): readonly Build[] {
  return [
    ...text.matchAll(/uses:\s*["']?docker\/build-push-action@[^\n]*\n((?:(?!\n\s*- )[\s\S])*?)(?=\n\s*- |$)/g),
  ].flatMap((match) => {
    const block = filled(match[1] ?? '');
    const value = (key: string): string | undefined =>
      new RegExp(`^\\s+${key}:\\s*["']?([^"'\\n#]+)`, 'm').exec(block)?.[1]?.trim();
    const folder = folderOf(path);
    const file = value('file');
    return declared(
      path,
      lineAt(text, match.index),
      join(folder, value('context') ?? '.'),
      file && join(folder, file),
      value('target'),
    );
  });
}

function declared(
  path: string,
  line: number,
  dir: string,
  file: string | undefined,
  target: string | undefined,
): readonly Build[] {
  const dockerfile = file ?? join(dir, 'Dockerfile');
  if (dir.includes(hole) || dockerfile.includes(hole)) return [];
  const at = { file: path, line };
  return [
    {
      dockerfile,
      dir,
      target: target?.includes(hole) ? undefined : target,
      why: `${nameOf(path)} builds it`,
      at,
      purpose: 'production',
    },
  ];
}
