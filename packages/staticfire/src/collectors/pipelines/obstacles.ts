import type { Obstacle } from '../../facts/pipelines.ts';
import type { Place } from '../../model/place.ts';
import { manifestIn, type Packages, workspaceRoot } from './packages.ts';
import { joined, upwards } from './paths.ts';
import { packagesOf } from './programs.ts';
import { declaredRange, locked, lockfileFor, majorOf } from './versions.ts';

export interface Ending {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly dir: string;
  readonly packages: Packages;
  /** npx and its like bring the program themselves. */
  readonly fetched: boolean;
}

/** Why this command ends in an error before it does its work, where that is certain. */
export const obstacleOf = (ending: Ending): Obstacle | undefined =>
  frozenWithoutLockfile(ending) ?? removedLint(ending) ?? missingProgram(ending) ?? unreadableConfig(ending);

const has = (words: readonly string[], ...flags: readonly string[]): boolean =>
  words.some((word) => flags.includes(word));

/** The manager whose lockfile a frozen install demands. */
export function frozenManager(words: readonly string[]): 'npm' | 'pnpm' | 'yarn' | 'bun' | undefined {
  const [program, verb = ''] = words;
  if (program === 'npm' && ['ci', 'clean-install', 'ic', 'install-clean', 'cit'].includes(verb)) return 'npm';
  if (program === 'pnpm' && (verb === 'ci' || has(words, '--frozen-lockfile', '--frozen-lockfile=true'))) return 'pnpm';
  if (program === 'yarn' && has(words, '--immutable', '--frozen-lockfile', '--immutable-cache')) return 'yarn';
  return program === 'bun' && (verb === 'ci' || has(words, '--frozen-lockfile')) ? 'bun' : undefined;
}

function frozenWithoutLockfile({ words, dir, packages }: Ending): Obstacle | undefined {
  const manager = frozenManager(words);
  if (!manager || (manager === 'yarn' && !has(words, '--immutable', '--immutable-cache')) || !manifestIn(packages, dir))
    return undefined;
  const root = workspaceRoot(packages, dir)?.dir ?? dir;
  const lockfile = lockfileFor(packages, dir, manager);
  if (
    lockfile?.tracked &&
    (lockfile.dir === dir ||
      upwards(dir, packages.prefix).indexOf(lockfile.dir) <= upwards(dir, packages.prefix).indexOf(root))
  )
    return undefined;
  const name = { npm: 'package-lock.json', pnpm: 'pnpm-lock.yaml', yarn: 'yarn.lock', bun: 'bun.lock' }[manager];
  const ignored = packages.workspace.ignored(joined(dir, name)) || packages.workspace.ignored(joined(root, name));
  return {
    kind: 'missing-lockfile',
    text: `\`${words.slice(0, 3).join(' ')}\` needs ${name}, which ${ignored ? 'git ignores' : 'the repository does not track'}`,
    ...(ignored && packages.workspace.has('.gitignore') ? { at: ignoreLine(packages, name) } : {}),
  };
}

function ignoreLine({ workspace }: Packages, name: string): Place {
  const rows = (workspace.read('.gitignore') ?? '').split('\n');
  const at = rows.findIndex((row) => row.trim().replace(/^\//, '') === name);
  return { file: '.gitignore', ...(at >= 0 ? { line: at + 1 } : {}) };
}

function removedLint({ words, dir, packages }: Ending): Obstacle | undefined {
  if (words[0] !== 'next' || words[1] !== 'lint') return undefined;
  const major = majorOf(packages, dir, 'next');
  if (major === undefined || major < 16) return undefined;
  return {
    kind: 'removed-command',
    text: `\`next lint\` was removed in Next.js 16, and ${major} is installed`,
    ...declaration(packages, dir, 'next'),
  };
}

function declaration(packages: Packages, dir: string, name: string): { at: Place } | Record<never, never> {
  const manifest = manifestIn(packages, dir);
  const line = manifest?.lineOf('devDependencies', name) ?? manifest?.lineOf('dependencies', name);
  return manifest && line ? { at: { file: manifest.file, line } } : {};
}

/** The program's package is declared by no package.json on the way up and unknown to the lockfile. */
function missingProgram({ words, dir, packages, fetched }: Ending): Obstacle | undefined {
  const [program = ''] = words;
  const bringing = packagesOf(program);
  if (fetched || bringing.length === 0) return undefined;
  const known = bringing.some(
    (name) => declaredRange(packages, dir, name) !== undefined || locked(packages, dir, name) !== false,
  );
  return known
    ? undefined
    : {
        kind: 'missing-program',
        text: `${program} is in no package.json above ${dir === '.' ? 'the root' : dir} and not in the lockfile`,
      };
}

const flatNames = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((extension) => `eslint.config.${extension}`);
const legacyNames = ['.eslintrc', '.eslintrc.js', '.eslintrc.cjs', '.eslintrc.json', '.eslintrc.yml', '.eslintrc.yaml'];

function unreadableConfig({ words, env, dir, packages }: Ending): Obstacle | undefined {
  if (
    words[0] !== 'eslint' ||
    packages.prefix !== '' ||
    words.some((word) => /^(-c|--config)(=|$)|^--no-config-lookup$/.test(word))
  )
    return undefined;
  const major = majorOf(packages, dir, 'eslint');
  if (major === undefined) return undefined;
  const flat = find(packages, dir, flatNames);
  const legacy = find(packages, dir, legacyNames) ?? embedded(packages, dir);
  if (env['ESLINT_USE_FLAT_CONFIG'] === 'false' && major < 10) return undefined;
  if (major >= 9 && !flat)
    return { kind: 'unreadable-config', text: flatMissing(major, legacy), ...(legacy ? { at: legacy } : {}) };
  if (major < 9 && !flat && !legacy && !has(words, '--no-eslintrc'))
    return {
      kind: 'unreadable-config',
      text: `ESLint ${major} finds no configuration in ${dir === '.' ? 'the root' : dir} or above`,
    };
  return undefined;
}

const flatMissing = (major: number, legacy: Place | undefined): string =>
  legacy
    ? `ESLint ${major} reads eslint.config.js and not ${legacy.file}, and stops without it`
    : `ESLint ${major} stops without an eslint.config.js, and there is none`;

function find(packages: Packages, dir: string, names: readonly string[]): Place | undefined {
  const file = upwards(dir, packages.prefix)
    .flatMap((folder) => names.map((name) => joined(folder, name)))
    .find((path) => packages.workspace.has(path));
  return file ? { file, line: 1 } : undefined;
}

function embedded(packages: Packages, dir: string): Place | undefined {
  const chain = upwards(dir, packages.prefix).flatMap((folder) =>
    packages.project.manifests.filter((manifest) => manifest.dir === folder),
  );
  const manifest = chain.find((each) => each.raw['eslintConfig'] !== undefined);
  const line = manifest?.lineOf('eslintConfig');
  return manifest ? { file: manifest.file, ...(line ? { line } : {}) } : undefined;
}
