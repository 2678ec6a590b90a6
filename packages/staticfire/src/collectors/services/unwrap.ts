import type { Words } from './shell.ts';

export interface Unwrapped {
  /** The program that does the work and its arguments. */
  readonly words: Words;
  /** Options for Node.js that stand in the environment. */
  readonly nodeOptions: string;
}

/** Programs that run the command behind their options, with the options that take a value. */
const wrappers: Readonly<Record<string, readonly string[]>> = {
  env: ['-u', '--unset'],
  'cross-env': [],
  'cross-env-shell': [],
  exec: [],
  command: [],
  eval: [],
  nohup: [],
  time: [],
  nice: ['-n'],
  ionice: ['-c', '-n'],
  stdbuf: [],
  sudo: ['-u', '-g'],
  setsid: [],
  tini: ['-p', '-e'],
  'dumb-init': ['-r', '--rewrite'],
  catatonit: [],
  'docker-init': [],
  npx: ['-p', '--package'],
  bunx: [],
  pnpx: [],
  dotenv: ['-e', '-v', '-p', '-c'],
  'dotenv-cli': ['-e', '-v', '-p', '-c'],
  dotenvx: ['-f', '-e', '--env-file'],
  'env-cmd': ['-f', '--file', '-e', '--environments', '-r', '--rc-file'],
  'xvfb-run': ['-s', '--server-args', '-n'],
  'heapdump-run': [],
  'pino-pretty': [],
  then: [],
  do: [],
  else: [],
  '!': [],
};

/** Their first plain words are theirs, before the command begins. */
const positional: Readonly<Record<string, number>> = {
  gosu: 1,
  'su-exec': 1,
  runuser: 1,
  timeout: 1,
  gtimeout: 1,
  'wait-for-it': 1,
  'wait-for-it.sh': 1,
  'wait-for': 1,
};

/** The command stands behind `--`. */
const separated = new Set([
  'doppler',
  'infisical',
  'op',
  'chamber',
  'aws-vault',
  'vaulted',
  'varlock',
  'with-env',
  'teller',
  'sops',
  'wait-on',
  'start-server-and-test',
  'sst',
  'wait-port',
  'heroku',
]);

/** Takes off assignments and wrappers. */
export function unwrap(words: Words): Unwrapped {
  let at = words;
  let nodeOptions = '';
  for (let round = 0; round < 16; round += 1) {
    const [program = '', ...args] = at;
    const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(program);
    if (assignment?.[1] === 'NODE_OPTIONS') nodeOptions += ` ${assignment[2] ?? ''}`;
    const inner = assignment ? args : innerOf(baseOf(program), args);
    if (inner === undefined || inner.length === 0) break;
    at = inner;
  }
  return { words: at, nodeOptions };
}

/** The file name of a program: `/sbin/tini` is tini, `node_modules/.bin/next` is next. */
export const baseOf = (program: string): string => program.slice(program.lastIndexOf('/') + 1);

function innerOf(program: string, args: Words): Words | undefined {
  const bar = args.indexOf('--');
  if ((separated.has(program) || program in positional || program in wrappers) && bar >= 0) return args.slice(bar + 1);
  if (program in positional) return afterOptions(args, ['-t', '-s', '-k', '-u']).slice(positional[program]);
  if (program === 'dotenvx' && args[0] === 'run') return afterOptions(args.slice(1), wrappers['dotenvx'] ?? []);
  return program in wrappers ? afterOptions(args, wrappers[program] ?? []) : undefined;
}

export function afterOptions(args: Words, valued: readonly string[]): Words {
  let at = 0;
  while (at < args.length && (args[at] ?? '').startsWith('-')) {
    if (args[at] === '--') return args.slice(at + 1);
    at += valued.includes(args[at] ?? '') ? 2 : 1;
  }
  return args.slice(at);
}
