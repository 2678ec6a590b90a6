import { bringing, excludes } from '../../facts/build-context.ts';
import type { Context, Copy, Dockerfile, Stage } from '../../facts/containers.ts';
import type { Install, Image } from '../../facts/images.ts';
import type { Workspace } from '../../model/workspace.ts';
import { treeOf } from '../containers/tree.ts';
import { join } from '../containers/words.ts';

const products =
  /(?:^|\/)(?:dist|build|out|output|target|node_modules|\.next|\.output|\.nuxt|\.svelte-kit|generated|coverage|deps|pkg|meta|bin|vendor|public|certs?|secrets?)(?:\/|$)/;

/** COPY sources that do not stand in the context and are no product of a build. */
export function missingSources(workspace: Workspace, dockerfile: Dockerfile, context: Context): Image['missing'] {
  if (context.lost) return [];
  const plain = /^[\w@./+-]+$/;
  const tree = treeOf(workspace);
  return dockerfile.stages
    .flatMap((stage) => stage.copies)
    .filter((copy) => copy.from === undefined)
    .flatMap((copy) =>
      copy.sources.map((source) => ({ source: source.replace(/^(?:\.?\/)+/, '').replace(/\/$/, ''), at: copy.at })),
    )
    .filter(
      ({ source }) => plain.test(source) && source !== '.' && !source.startsWith('http') && !products.test(source),
    )
    .filter(
      ({ source }) =>
        !tree.has(join(context.dir, source)) &&
        !isOnDisk(workspace, join(context.dir, source)) &&
        !workspace.ignored(join(context.dir, source)),
    );
}

const isOnDisk = (workspace: Workspace, path: string): boolean =>
  workspace.ignoredFiles.some((file) => file === path || file.startsWith(`${path}/`));

const frozen: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\bnpm\s+(?:[-\w=/]+\s+)*?ci\b/, ['package-lock.json', 'npm-shrinkwrap.json']],
  [/\bpnpm\s+(?:[-\w=/]+\s+)*?(?:i|install)\b[^&|;]*--frozen-lockfile(?!=false)/, ['pnpm-lock.yaml']],
  [/\byarn\s+(?:install\s+)?[^&|;]*--immutable(?!=false)/, ['yarn.lock']],
  [/\bbun\s+(?:i|install)\b[^&|;]*--frozen-lockfile/, ['bun.lock', 'bun.lockb']],
];

/** Installs that fail without a lockfile, and whether one is there by then. */
export function installsOf(workspace: Workspace, dockerfile: Dockerfile, context: Context): readonly Install[] {
  return dockerfile.stages.flatMap((stage) =>
    stage.runs.flatMap((run) => {
      const found = frozen.find(([pattern]) => pattern.test(run.text));
      if (!found) return [];
      const command = found[0].exec(run.text)?.[0] ?? '';
      const lockfile =
        context.lost || /--mount=type=bind/.test(run.text)
          ? undefined
          : lockfileAt(workspace, dockerfile, context, stage, run.at.line ?? 0, found[1]);
      return [{ command, at: run.at, needs: found[1], lockfile }];
    }),
  );
}

function lockfileAt(
  workspace: Workspace,
  dockerfile: Dockerfile,
  context: Context,
  stage: Stage,
  line: number,
  names: readonly string[],
): Install['lockfile'] {
  const before = chain(dockerfile, stage)
    .flatMap((s) => s.copies)
    .filter((copy) => (copy.at.line ?? 0) < line);
  if (before.length === 0 || before.some(isFromElsewhere)) return undefined;
  const brought = names.map((name) => place(before, name)).filter((path) => path !== undefined);
  if (brought.some((path) => workspace.has(join(context.dir, path)) && !excludes(context, path))) return 'there';
  const manifest = before.some((copy) =>
    copy.sources.some((source) => /(?:^|\/)package[\w*.]*$|^\.?\/?$/.test(source)),
  );
  if (!manifest) return undefined;
  return names.some((name) => workspace.has(join(context.dir, name)) && excludes(context, name))
    ? 'ignored'
    : 'missing';
}

/** Where in the context a COPY finds a file of this name: at the top, or as it is written. */
function place(copies: readonly Copy[], name: string): string | undefined {
  if (bringing(copies, name)) return name;
  const written = copies
    .flatMap((copy) => copy.sources)
    .find((source) => source.replace(/\*+$/, '').endsWith(`/${name}`) || source.endsWith(`/${name}`));
  if (written) return written.replace(/^(?:\.?\/)+/, '').replace(/\*+$/, '');
  const folder = copies
    .flatMap((copy) => copy.sources)
    .find((source) => /\/(?:package\*|package\*\.json|\*\.json|\*)$/.test(source));
  return folder === undefined ? undefined : join(folder.replace(/^(?:\.?\/)+/, '').replace(/\/[^/]*$/, ''), name);
}

const isFromElsewhere = (copy: Copy): boolean => copy.from !== undefined;

function chain(dockerfile: Dockerfile, stage: Stage): readonly Stage[] {
  const base = stage.base === undefined ? undefined : dockerfile.stages[stage.base];
  return base ? [stage, ...chain(dockerfile, base)] : [stage];
}
