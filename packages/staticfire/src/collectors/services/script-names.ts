/** What a script's name says of the command: the one that production runs, one more process, or development. */
export interface Rank {
  /** Smaller is closer to production: 0 and up for main starts, 10 for further processes, 20 for development. */
  readonly order: number;
  readonly role: 'main' | 'further' | 'development';
  /** What distinguishes a further process: `start:worker` is 'worker'. */
  readonly suffix: string;
}

const developing = new Set([
  'dev',
  'develop',
  'development',
  'watch',
  'debug',
  'local',
  'hmr',
  'hot',
  'inspect',
  'nodemon',
  'debugger',
  'mode',
]);
const starting = new Set(['start', 'serve', 'run', 'server', 'launch', 'up', 'boot']);
const production = new Set(['prod', 'production', 'release', 'live']);
const processes = new Set([
  'worker',
  'workers',
  'queue',
  'queues',
  'cron',
  'scheduler',
  'jobs',
  'consumer',
  'consumers',
  'processor',
  'daemon',
  'bot',
  'listener',
  'indexer',
  'server',
  'api',
  'web',
  'app',
  'gateway',
  'socket',
  'ws',
]);
const other = new Set([
  'test',
  'tests',
  'testing',
  'e2e',
  'ci',
  'integration',
  'lint',
  'types',
  'typecheck',
  'build',
  'generate',
  'codegen',
  'clean',
  'storybook',
  'docs',
  'mock',
  'mocks',
  'proxy',
  'ngrok',
  'tunnel',
  'db',
  'database',
  'migrate',
  'seed',
  'deploy',
  'coverage',
  'bench',
  'benchmark',
  'example',
  'examples',
  'demo',
  'playground',
  'stop',
  'analyze',
  'preview',
  'email',
  'emails',
]);

export function rankOf(name: string): Rank | undefined {
  const parts = name.toLowerCase().split(/[:\-_.]/);
  const [first = '', second] = parts;
  if (parts.some((part) => other.has(part))) return undefined;
  if (parts.some((part) => developing.has(part)))
    return starting.has(first) || developing.has(first)
      ? { order: 20 + parts.length, role: 'development', suffix: '' }
      : undefined;
  if (production.has(first) && parts.length <= 2) return { order: 0, role: 'main', suffix: '' };
  if (starting.has(first) && second !== undefined && production.has(second) && parts.length === 2)
    return { order: 0, role: 'main', suffix: '' };
  if (name === 'start') return { order: 1, role: 'main', suffix: '' };
  if (starting.has(first) && parts.length === 1) return { order: 3, role: 'main', suffix: '' };
  const suffix = parts.filter((part) => !starting.has(part) && !production.has(part) && part !== 'docker').join('-');
  const further =
    starting.has(first) ||
    processes.has(first) ||
    starting.has(parts.at(-1) ?? '') ||
    processes.has(parts.at(-1) ?? '');
  return further ? { order: 10, role: 'further', suffix } : undefined;
}
