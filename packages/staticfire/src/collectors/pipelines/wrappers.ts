import { isAssignment } from './shell.ts';

export interface Unwrapped {
  /** Program and arguments. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Fetched when it is not installed: npx and its like. */
  readonly fetched: boolean;
  /** The program must be a command, not a script of package.json. */
  readonly bin: boolean;
}

const coverageOptions = [
  '--reporter',
  '-r',
  '--include',
  '-n',
  '--exclude',
  '-x',
  '--lines',
  '--branches',
  '--functions',
  '--statements',
  '--report-dir',
  '--temp-directory',
  '--config',
  '--src',
  '-e',
  '--extension',
];

/** Wrappers that run the command behind their options; those listed take a value. */
const wrappers: Readonly<Record<string, readonly string[]>> = {
  env: ['-u', '--unset'],
  'cross-env': [],
  'cross-env-shell': [],
  time: [],
  sudo: ['-u'],
  nice: ['-n'],
  command: [],
  exec: [],
  '!': [],
  then: [],
  'xvfb-run': ['-s', '--server-args', '-n'],
  nyc: coverageOptions,
  c8: coverageOptions,
  npx: ['-p', '--package'],
  bunx: [],
  retry: [],
  'dotenv-cli': ['-e', '-v', '-p', '-c'],
  dotenv: ['-e', '-v', '-p', '-c'],
  'env-cmd': ['-f', '--file', '-e'],
};

/** Wrappers whose command stands behind `--`. */
const separated = new Set([
  'dotenv',
  'dotenv-cli',
  'dotenvx',
  'infisical',
  'doppler',
  'op',
  'chamber',
  'aws-vault',
  'with-env',
  'varlock',
  'vaulted',
]);

/** Takes off what stands before the program that does the work. */
export function unwrap(words: readonly string[]): Unwrapped {
  let state: Unwrapped = { words, env: {}, fetched: false, bin: false };
  for (let round = 0; round < 12; round++) {
    const next = step(state);
    if (next === state) break;
    state = next;
  }
  return { ...state, words: normalised(state.words) };
}

function step(state: Unwrapped): Unwrapped {
  const [program = '', ...args] = state.words;
  if (isAssignment(program))
    return {
      ...state,
      words: args,
      env: { ...state.env, [program.slice(0, program.indexOf('='))]: program.slice(program.indexOf('=') + 1) },
    };
  if (program === 'timeout' || program === 'gtimeout')
    return { ...state, words: afterOptions(args, ['-k', '-s']).slice(1) };
  if (separated.has(program) && args.includes('--')) return { ...state, words: args.slice(args.indexOf('--') + 1) };
  if (program === 'corepack' && ['npm', 'pnpm', 'yarn'].includes(args[0] ?? '')) return { ...state, words: args };
  const exec = execOf(program, args);
  if (exec)
    return {
      ...state,
      words: exec,
      fetched: program !== 'pnpm' && program !== 'yarn' ? true : args[0] === 'dlx',
      bin: true,
    };
  if (!Object.hasOwn(wrappers, program)) return state;
  const inner = afterOptions(args, wrappers[program] ?? []);
  const npx = program === 'npx' || program === 'bunx';
  return inner.length === 0
    ? state
    : { ...state, words: unpinned(inner, npx), fetched: state.fetched || npx, bin: state.bin || npx };
}

/** `npm exec`, `pnpm exec`, `pnpm dlx`, `yarn exec`, `yarn dlx`, `bun x`. */
function execOf(program: string, args: readonly string[]): readonly string[] | undefined {
  const at = args.findIndex((arg) => !arg.startsWith('-'));
  const verb = args[at] ?? '';
  if (
    at > 1 ||
    !({ npm: ['exec', 'x'], pnpm: ['exec', 'dlx'], yarn: ['exec', 'dlx'], bun: ['x'] }[program] ?? []).includes(verb)
  )
    return undefined;
  if (args.slice(0, at).some((arg) => /^(-r|--recursive|--filter|-F|-C|--dir)/.test(arg))) return undefined;
  const rest = args.slice(at + 1);
  return unpinned(afterOptions(rest, ['-p', '--package', '-w', '--workspace']), true);
}

function afterOptions(args: readonly string[], valued: readonly string[]): readonly string[] {
  let at = 0;
  while (at < args.length && (args[at] ?? '').startsWith('-')) {
    if (args[at] === '--') return args.slice(at + 1);
    at += valued.includes(args[at] ?? '') ? 2 : 1;
  }
  return args.slice(at);
}

/** `eslint@9` is eslint. */
const unpinned = (words: readonly string[], npx: boolean): readonly string[] => {
  const [program = '', ...rest] = words;
  return npx
    ? [
        program
          .replace(/^(@?[^@]+)@.*$/, '$1')
          .replace(/^@biomejs\/biome$/, 'biome')
          .replace(/^@nestjs\/cli$/, 'nest'),
        ...rest,
      ]
    : words;
};

/** A program called by its path in node_modules, by itself or through node, is that program. */
function normalised(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => /node_modules\//.test(word));
  const known = at >= 0 && (at === 0 || words[0] === 'node') ? words[at] : undefined;
  const name =
    known &&
    (/node_modules\/\.bin\/([\w-]+)/.exec(known)?.[1] ?? /node_modules\/(?:@[\w-]+\/)?([\w-]+)\//.exec(known)?.[1]);
  return name ? [name === 'typescript' ? 'tsc' : name, ...words.slice(at + 1)] : words;
}
