import {
  all,
  any,
  type Options,
  options,
  type Reader,
  type Request,
  script,
  until,
  value,
  type Where,
} from './requests.ts';
import { lerna, nx, turbo } from './task-runners.ts';

/** What these words ask for; a plain program when no runner stands at their head. */
export function requestOf(words: readonly string[]): Request {
  const [program = '', ...args] = words;
  const read = Object.hasOwn(readers, program) ? readers[program] : undefined;
  return read?.(args, words) ?? shellFile(words) ?? { kind: 'program', words };
}

const npm: Reader = (args) => {
  const found = options(args, [
    '--prefix',
    '-C',
    '-w',
    '--workspace',
    '--loglevel',
    '--omit',
    '--audit-level',
    '--include',
    '--registry',
  ]);
  const [verb = '', name] = found.rest;
  const dir = value(found, '--prefix', '-C') ?? '.';
  const where = npmWhere(found, dir);
  const ifPresent = any(found, '--if-present');
  if (['run', 'run-script', 'rum', 'urn'].includes(verb)) return name ? script(name, where, ifPresent) : undefined;
  if (['test', 't', 'tst'].includes(verb)) return script('test', where, ifPresent);
  if (['start', 'stop', 'restart'].includes(verb)) return script(verb, where, ifPresent);
  return { kind: 'program', words: ['npm', ...found.rest, ...flagsOf(args)], dir };
};

const npmWhere = (found: Options, dir: string): Where => {
  const filters = all(found, '-w', '--workspace');
  const members = filters.length > 0 || any(found, '--workspaces', '-ws');
  return members
    ? { kind: 'members', dir, filters, withRoot: any(found, '--include-workspace-root') }
    : { kind: 'here', dir };
};

const flagsOf = (args: readonly string[]): readonly string[] => args.filter((arg) => arg.startsWith('-'));

const pnpmVerbs = new Set(
  'install i ci add remove rm uninstall un update up upgrade link unlink import rebuild rb prune fetch patch patch-commit audit list ls outdated why licenses start publish pack server store root bin setup init deploy doctor config get set env self-update approve-builds create dlx exec dedupe cache m multi'.split(
    ' ',
  ),
);

const pnpmValued = [
  '--filter',
  '-F',
  '-C',
  '--dir',
  '--filter-prod',
  '--workspace-concurrency',
  '--reporter',
  '--audit-level',
  '--store-dir',
  '--loglevel',
];

const pnpm: Reader = (args) => {
  const every = options(args, pnpmValued);
  const [verb = '', name] = every.rest;
  const found = options(beforeScript(args, verb, name), pnpmValued);
  const filters = all(found, '--filter', '-F', '--filter-prod');
  const recursive =
    any(found, '-r', '--recursive', '-wr') || filters.length > 0 || (verb === 'm' && name !== undefined);
  const dir = value(found, '-C', '--dir') ?? '.';
  const where: Where = recursive
    ? { kind: 'members', dir, filters, withRoot: filters.length > 0 }
    : { kind: 'here', dir };
  const ifPresent = any(found, '--if-present') || (recursive && filters.length === 0 && verb === 'exec');
  if (verb === 'run' || verb === 'run-script') return name ? script(name, where, ifPresent) : undefined;
  if (verb === 'test' || verb === 't') return script('test', where, ifPresent);
  if (verb === 'exec' || verb === 'dlx') return { kind: 'program', words: afterVerb(args, verb), dir };
  if (verb === '' || pnpmVerbs.has(verb))
    return { kind: 'program', words: ['pnpm', ...(verb === '' ? [] : found.rest), ...flagsOf(args)], dir };
  return script(verb, where, ifPresent, afterVerb(args, verb, true));
};

/** What pnpm reads for itself: options behind the name of a script are handed to the script. */
function beforeScript(args: readonly string[], verb: string, name: string | undefined): readonly string[] {
  const named = verb === 'run' || verb === 'run-script' ? name : verb;
  const own = named === undefined || verb === '' || pnpmVerbs.has(verb);
  return own ? args : args.slice(0, args.indexOf(named) + 1);
}

const afterVerb = (args: readonly string[], verb: string, withIt = false): readonly string[] => {
  const rest = args.slice(args.indexOf(verb) + (withIt ? 0 : 1));
  return rest[0] === '--' ? rest.slice(1) : rest;
};

const yarnVerbs = new Set(
  'install add remove upgrade up audit npm config cache set constraints dedupe info init link unlink pack patch plugin publish rebuild stage version versions why bin check create generate-lock-entry global help import licenses list login outdated owner policies tag team upgrade-interactive node search explain sbom'.split(
    ' ',
  ),
);

const yarn: Reader = (args) => {
  const found = options(args, [
    '--cwd',
    '--level',
    '--groups',
    '--environment',
    '--severity',
    '--network-timeout',
    '--cache-folder',
    '--network-concurrency',
  ]);
  const [verb = '', name, ...more] = found.rest;
  const dir = value(found, '--cwd') ?? '.';
  const here: Where = { kind: 'here', dir };
  if (verb === 'run') return name ? script(name, here, false, afterVerb(args, name, true)) : undefined;
  if (verb === 'workspace') return yarnWorkspace(name, more, dir);
  if (verb === 'workspaces') return yarnWorkspaces(args, dir);
  if (verb === 'exec' || verb === 'dlx') return { kind: 'program', words: afterVerb(args, verb), dir };
  if (verb === '' || yarnVerbs.has(verb))
    return { kind: 'program', words: ['yarn', ...found.rest, ...flagsOf(args)], dir };
  return script(verb, here, false, afterVerb(args, verb, true));
};

function yarnWorkspace(name: string | undefined, more: readonly string[], dir: string): Request | undefined {
  const [verb, target] = more;
  const run = verb === 'run' ? target : verb;
  return name && run
    ? script(
        run,
        { kind: 'members', dir, filters: [name], withRoot: true },
        false,
        verb === 'run' ? more.slice(1) : more,
      )
    : undefined;
}

function yarnWorkspaces(args: readonly string[], dir: string): Request | undefined {
  const found = options(args, ['--from', '--include', '--exclude', '-j', '--jobs']);
  const at = found.rest.indexOf('run');
  const name = found.rest[at + 1];
  if (at < 0 || !name) return undefined;
  const filters = [...all(found, '--from', '--include'), ...all(found, '--exclude').map((glob) => `!${glob}`)];
  return script(name, { kind: 'members', dir, filters, withRoot: false }, true);
}

const bun: Reader = (args) => {
  const found = options(args, ['--filter', '-F', '--cwd', '--timeout']);
  const [verb = '', name] = found.rest;
  const filters = all(found, '--filter', '-F');
  const dir = value(found, '--cwd') ?? '.';
  const where: Where = filters.length > 0 ? { kind: 'members', dir, filters, withRoot: false } : { kind: 'here', dir };
  if (verb === 'run')
    return name && !/\.[cm]?[jt]sx?$/.test(name) ? script(name, where, false, afterVerb(args, name, true)) : undefined;
  if (
    [
      '',
      'test',
      'install',
      'i',
      'ci',
      'add',
      'remove',
      'update',
      'audit',
      'build',
      'x',
      'pm',
      'init',
      'create',
      'link',
      'publish',
      'outdated',
    ].includes(verb) ||
    /\.[cm]?[jt]sx?$/.test(verb)
  )
    return { kind: 'program', words: ['bun', ...found.rest, ...flagsOf(args)], dir };
  return script(verb, where, false, afterVerb(args, verb, true));
};

const plain = (args: readonly string[]): readonly string[] => args.filter((arg) => !arg.startsWith('-'));
const several: Reader = (args) => ({
  kind: 'scripts',
  names: until(plain(args)).map((name) => name.split(' ')[0] ?? ''),
  where: { kind: 'here', dir: '.' },
  ifPresent: false,
});

const concurrently: Reader = (args) => {
  const found = options(args, [
    '-n',
    '--names',
    '-c',
    '--prefix-colors',
    '-p',
    '--prefix',
    '-s',
    '--success',
    '-m',
    '--max-processes',
    '--restart-tries',
    '--restart-after',
    '-l',
  ]);
  const names = found.rest
    .filter((arg) => /^(npm|pnpm|yarn|bun|node):/.test(arg))
    .map((arg) => arg.slice(arg.indexOf(':') + 1));
  const texts = found.rest.filter((arg) => !/^(npm|pnpm|yarn|bun|node):/.test(arg));
  return texts.length > 0 || names.length === 0
    ? { kind: 'commands', texts: [...texts, ...names.map((name) => `npm run ${name}`)] }
    : { kind: 'scripts', names, where: { kind: 'here', dir: '.' }, ifPresent: false };
};

const make: Reader = (args) => {
  const found = options(args, ['-C', '-f', '-j']);
  return {
    kind: 'make',
    targets: found.rest.filter((word) => !word.includes('=') && !/^\d+$/.test(word)),
    dir: value(found, '-C') ?? '.',
  };
};

const shell: Reader = (args) => {
  const text = args[args.findIndex((arg) => /^-[a-z]*c$/.test(arg)) + 1];
  if (args.some((arg) => /^-[a-z]*c$/.test(arg))) return text ? { kind: 'commands', texts: [text] } : undefined;
  const path = args.find((arg) => !arg.startsWith('-') && !arg.startsWith('+'));
  return path ? { kind: 'file', path, errexit: args.some((arg) => /^-[a-z]*e/.test(arg)) } : undefined;
};

const docker: Reader = (args) => {
  const at = args.findIndex((arg) => arg === 'run' || arg === 'exec');
  const inner =
    at < 0
      ? -1
      : args.findIndex((arg, index) => index > at && /^(npm|npx|pnpm|yarn|bun|bunx|node|make|sh|bash)$/.test(arg));
  return inner > 0 ? { kind: 'program', words: args.slice(inner) } : undefined;
};

/** `start-server-and-test start http://… test`: the last word is the tests. */
const startAndTest: Reader = (args) => {
  const last = plain(args).at(-1);
  if (!last) return undefined;
  return last.includes(' ')
    ? { kind: 'commands', texts: [last] }
    : script(last, { kind: 'here', dir: '.' }, false, [last]);
};

const readers: Readonly<Record<string, Reader>> = {
  npm,
  pnpm,
  yarn,
  yarnpkg: yarn,
  bun,
  turbo,
  nx,
  lerna,
  make,
  'npm-run-all': several,
  'npm-run-all2': several,
  'run-s': several,
  'run-p': several,
  concurrently,
  'start-server-and-test': startAndTest,
  'start-test': startAndTest,
  bash: shell,
  sh: shell,
  zsh: shell,
  source: shell,
  docker,
  'docker-compose': docker,
};

function shellFile(words: readonly string[]): Request | undefined {
  const [program = ''] = words;
  return /^[\w./-]+\.(sh|bash)$/.test(program) ? { kind: 'file', path: program, errexit: false } : undefined;
}
