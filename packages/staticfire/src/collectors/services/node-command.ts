import { afterOptions, baseOf } from './unwrap.ts';
import { simpleCommands, type Words } from './shell.ts';

/** A program file that some runtime executes. */
export interface Invocation {
  /** As written; undefined when it is read from elsewhere (`node .`, `nodemon` alone). */
  readonly target: string;
  /** Files loaded before it. */
  readonly preloads: readonly string[];
  /** Restarted at each change: for development. */
  readonly watching: boolean;
}

const runtimes = new Set([
  'node',
  'nodejs',
  'tsx',
  'ts-node',
  'ts-node-esm',
  'ts-node-transpile-only',
  'ts-node-script',
  'ts-node-dev',
  'tsnd',
  'babel-node',
  'swc-node',
  'esno',
  'esmo',
  'esr',
  'vite-node',
  'jiti',
  'sucrase-node',
  'tsimp',
  'nodemon',
  'bun',
  'deno',
  'node-dev',
  'tsc-watch',
  'ts-node-esm-dev',
  'esbuild-runner',
  '@swc-node/register',
]);
const watchers = new Set(['ts-node-dev', 'tsnd', 'nodemon', 'node-dev', 'tsc-watch']);
/** Options whose value is the next word. */
const valued = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-P',
  '--project',
  '--tsconfig',
  '-C',
  '--conditions',
  '--watch-path',
  '--env-file',
  '-w',
  '--watch',
  '-e',
  '--ext',
  '-i',
  '--ignore',
  '--delay',
  '-d',
  '--dir',
  '-O',
  '--compilerOptions',
  '--cwd',
  '--title',
  '--config',
  '-c',
  '--extensions',
  '-x',
  '--exec',
  '--ignore-watch',
  '--compiler',
  '-H',
  '--signal',
  '--port',
]);
const preloading = new Set(['-r', '--require', '--import', '--loader', '--experimental-loader']);

export const isRuntime = (program: string): boolean => runtimes.has(program);

/** What a runtime's command executes; undefined when it runs no file: `node -e …`, `tsx --version`. */
export function invocation(words: Words, nodeOptions: string): Invocation | undefined {
  const [first = '', ...args] = words;
  const program = baseOf(first);
  const started =
    program === 'bun' || program === 'deno'
      ? withoutVerb(args)
      : args[0] === 'watch' && program === 'tsx'
        ? args.slice(1)
        : args;
  if (started === undefined) return undefined;
  const preloads = preloadsIn(simpleCommands(nodeOptions)[0] ?? []);
  const watching =
    watchers.has(program) ||
    (program === 'tsx' && args[0] === 'watch') ||
    started.includes('--watch') ||
    started.includes('--hot');
  const parsed = parse(started, program);
  return parsed && { target: parsed.target, preloads: [...preloads, ...parsed.preloads], watching };
}

function withoutVerb(args: Words): Words | undefined {
  const rest = afterOptions(args, []);
  const [verb = ''] = rest;
  if (verb === 'run') return args.filter((arg) => arg !== 'run');
  return /^(?:build|test|install|i|add|x|create|init|pm|task|fmt|lint|check|compile|bundle|link|update)$/.test(verb)
    ? undefined
    : args;
}

function parse(args: Words, program: string): { target: string; preloads: readonly string[] } | undefined {
  const preloads: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-')) return { target: arg, preloads };
    if (program !== 'nodemon' && /^(?:-e|--eval|-p|--print|-pe|--version|-v|--help|--test)$/.test(arg))
      return undefined;
    const [name = '', inline] =
      arg.startsWith('--') && arg.includes('=')
        ? [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]
        : [arg];
    if (!takesValue(name, program)) continue;
    const value = inline ?? args[(at += 1)] ?? '';
    if (preloading.has(name)) preloads.push(value);
  }
  return { target: '', preloads };
}

/** `--watch` takes a folder only with nodemon; `-e` is an extension list only there. */
function takesValue(name: string, program: string): boolean {
  if (['-w', '--watch', '-e', '-x', '--exec', '-i', '-d', '-c', '-H', '--signal'].includes(name))
    return program === 'nodemon';
  return valued.has(name);
}

const preloadsIn = (words: Words): readonly string[] =>
  words.flatMap((word, index) => {
    const inline = /^(?:--require|--import|--loader|--experimental-loader)=(.+)$/.exec(word)?.[1];
    if (inline !== undefined) return [inline];
    return preloading.has(word) ? [words[index + 1] ?? ''] : [];
  });
