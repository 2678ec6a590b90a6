import type {
  ComposeService,
  Context,
  Dockerfile,
  PlatformProcess,
} from "../../facts/containers.ts";
import type { Workspace } from "../../model/workspace.ts";
import { dirOf, join, nameOf, words } from "./words.ts";

/** A build that some file declares: which Dockerfile, in which folder. */
interface Build extends Context {
  readonly dockerfile: string;
}

type Parsed = Omit<Dockerfile, "contexts">;

/** Adds to each Dockerfile the folders it is built in. */
export function withContexts(
  workspace: Workspace,
  parsed: readonly Parsed[],
  compose: readonly ComposeService[],
  platforms: readonly PlatformProcess[],
): readonly Dockerfile[] {
  const builds = [
    ...compose.flatMap(composeBuild),
    ...platforms.flatMap(platformBuild),
    ...commandBuilds(workspace),
  ];
  return parsed.map((dockerfile) => {
    const [first, ...rest] = builds
      .filter((build) => build.dockerfile === dockerfile.file)
      .map(contextOf);
    return {
      ...dockerfile,
      contexts: first ? [first, ...rest] : [inferred(workspace, dockerfile)],
    };
  });
}

const contextOf = ({ dir, why, at, target, purpose }: Build): Context => ({
  dir,
  why,
  at,
  target,
  purpose,
});

function composeBuild(service: ComposeService): readonly Build[] {
  if (!service.build) return [];
  const purpose = service.mountsSource ? "development" : service.purpose;
  const why = `the compose service ${service.name} builds it`;
  return [
    {
      dockerfile: service.build.dockerfile,
      dir: service.build.context,
      target: service.build.target,
      why,
      at: service.at,
      purpose,
    },
  ];
}

function platformBuild(process: PlatformProcess): readonly Build[] {
  if (!process.dockerfile) return [];
  const why = `${nameOf(process.file)} builds it`;
  return [
    {
      dockerfile: process.dockerfile,
      dir: process.dockerContext ?? ".",
      target: undefined,
      why,
      at: process.at,
      purpose: "production",
    },
  ];
}

const commandFile =
  /(?:^|\/)(?:\.github\/workflows\/[^/]+\.ya?ml|package\.json|Makefile|[\w.-]+\.sh|\.gitlab-ci\.yml|Jenkinsfile|cloudbuild\.ya?ml|azure-pipelines[\w.-]*\.ya?ml|justfile|Taskfile\.ya?ml|\.circleci\/config\.yml)$/;

/** `docker build` in workflows, scripts and makefiles, and the build-push action. */
function commandBuilds(workspace: Workspace): readonly Build[] {
  const paths = [...workspace.files, ...workspace.above]
    .map((file) => file.path)
    .filter((path) => commandFile.test(path));
  return paths.flatMap((path) => {
    const text = workspace.read(path);
    return text?.includes("docker")
      ? [...dockerBuilds(path, text), ...actionBuilds(path, text)]
      : [];
  });
}

const folderOf = (path: string): string =>
  /\.github\/|\.circleci\//.test(path)
    ? path.replace(/\/?\.(?:github|circleci)\/.*$/, "") || "."
    : dirOf(path);

function dockerBuilds(path: string, text: string): readonly Build[] {
  return [...text.matchAll(/\bdocker(?: buildx)? build\b((?:\\\r?\n|[^\n])*)/g)].flatMap(
    (match) => {
      const line = text.slice(0, match.index).split("\n").length;
      const args = words(
        (match[1] ?? "")
          .replaceAll(/\\\r?\n/g, " ")
          .replace(/(?:&&|;|\|).*$/, "")
          .replaceAll(/\\?"/g, ""),
      );
      return buildOf(path, args, line);
    },
  );
}

function buildOf(path: string, args: readonly string[], line: number): readonly Build[] {
  const valued =
    /^(?:-f|--file|-t|--tag|--build-arg|--target|--platform|--cache-from|--cache-to|--label|--secret|--progress|--output|-o|--network|--iidfile|--builder|--ssh)$/;
  const option = (pattern: RegExp): string | undefined => {
    const index = args.findIndex((word) => pattern.test(word));
    const word = args[index];
    return word?.includes("=")
      ? word.slice(word.indexOf("=") + 1)
      : index === -1
        ? undefined
        : args[index + 1];
  };
  const context = args.find(
    (word, index) => !word.startsWith("-") && !valued.test(args[index - 1] ?? ""),
  );
  if (context === undefined || /[$:]/.test(context)) return [];
  const folder = folderOf(path);
  const dir = join(folder, context);
  const file = option(/^(?:-f|--file)(?:=|$)/);
  const dockerfile = file === undefined ? join(dir, "Dockerfile") : join(folder, file);
  return [
    {
      dockerfile,
      dir,
      target: option(/^--target(?:=|$)/),
      why: `${nameOf(path)} builds it`,
      at: { file: path, line },
      purpose: "production",
    },
  ];
}

function actionBuilds(path: string, text: string): readonly Build[] {
  return [
    ...text.matchAll(
      /uses:\s*["']?docker\/build-push-action@[^\n]*\n((?:(?!\n\s*- )[\s\S])*?)(?=\n\s*- |$)/g,
    ),
  ].flatMap((match) => {
    const value = (key: string): string | undefined =>
      new RegExp(`^\\s+${key}:\\s*["']?([^"'\\n#]+)`, "m").exec(match[1] ?? "")?.[1]?.trim();
    const context = (value("context") ?? ".").replaceAll(/\$\{\{\s*github\.workspace\s*\}\}/g, ".");
    if (/\$\{\{/.test(context + (value("file") ?? ""))) return [];
    const dir = join(folderOf(path), context);
    const file = value("file");
    const dockerfile = file === undefined ? join(dir, "Dockerfile") : join(folderOf(path), file);
    const line = text.slice(0, match.index).split("\n").length;
    return [
      {
        dockerfile,
        dir,
        target: value("target"),
        why: `${nameOf(path)} builds it`,
        at: { file: path, line },
        purpose: "production" as const,
      },
    ];
  });
}

/** The folder, from the Dockerfile's upwards, in which most of its COPY sources exist. */
function inferred(workspace: Workspace, dockerfile: Parsed): Context {
  const sources = dockerfile.stages
    .flatMap((stage) => stage.copies)
    .filter((copy) => copy.from === undefined)
    .flatMap((copy) => copy.sources);
  const named = sources
    .map((source) => source.replace(/^\.?\//, "").replace(/\/$/, ""))
    .filter((source) => source !== "" && source !== "." && !source.includes("$"));
  const scored = ancestors(dockerfile.dir).map((dir) => ({
    dir,
    score: named.filter((source) => exists(workspace, join(dir, source))).length,
  }));
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  const why =
    best.score > 0
      ? `${best.score} of its ${named.length} COPY sources stand there`
      : "it stands there";
  return { dir: best.dir, why, at: undefined, target: undefined, purpose: dockerfile.purpose };
}

const ancestors = (dir: string): readonly [string, ...string[]] =>
  dir === "." ? ["."] : [dir, ...ancestors(dirOf(dir))];

function exists(workspace: Workspace, path: string): boolean {
  if (workspace.has(path)) return true;
  const pattern = path
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
  return (
    workspace.match(new RegExp(path.includes("*") ? `^${pattern}(?:/|$)` : `^${pattern}/`)).length >
    0
  );
}
