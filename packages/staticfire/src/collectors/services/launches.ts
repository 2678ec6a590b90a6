import { posix } from 'node:path';
import { effective, type Command, type Containers, type Dockerfile } from '../../facts/containers.ts';
import type { Start } from '../../facts/services.ts';
import { ecosystemScripts, placeInImage, type Interpreter } from './interpret.ts';
import type { Run } from './run.ts';
import { rankOf, type Rank } from './script-names.ts';
import { quoted } from './shell.ts';
import type { Candidate } from './sites.ts';

/** One way in which something is started, and what it comes down to. */
export interface Launch {
  readonly start: Start;
  readonly rank: Rank;
  readonly runs: readonly Run[];
  /** How a reader names it: 'the start script', 'the Dockerfile'. */
  readonly said: string;
}

const main = (order: number): Rank => ({ order, role: 'main', suffix: '' });
const further = (suffix: string): Rank => ({ order: 11, role: 'further', suffix });

/** Scripts and targets of each package. */
export function scriptLaunches(candidates: readonly Candidate[], interpreter: Interpreter): readonly Launch[] {
  return candidates.flatMap((candidate) => [
    ...ownScripts(candidate, interpreter),
    ...ownTargets(candidate, interpreter),
    ...processFiles(candidate, interpreter),
  ]);
}

function ownScripts(candidate: Candidate, interpreter: Interpreter): readonly Launch[] {
  const { manifest } = candidate;
  if (!manifest || manifest.dir !== candidate.dir) return [];
  return Object.entries(manifest.scripts).flatMap(([name, command]) => {
    const rank = rankOf(name);
    if (!rank) return [];
    const hook = manifest.scripts[`pre${name}`];
    const runs = interpreter.runs(hook === undefined ? command : `${hook} && ${command}`, manifest.dir);
    const line = manifest.lineOf('scripts', name);
    const at = line === undefined ? { file: manifest.file } : { file: manifest.file, line };
    return [{ start: { command, at, from: 'script' as const }, rank, runs, said: `the ${name} script` }];
  });
}

/** Targets of Nx: what serves in development is often the only start that is declared. */
function ownTargets(candidate: Candidate, interpreter: Interpreter): readonly Launch[] {
  return ['start', 'serve', 'dev'].flatMap((name) => {
    if (!(name in candidate.targets)) return [];
    const runs = interpreter.target(candidate, name);
    const rank: Rank = name === 'dev' ? { order: 22, role: 'development', suffix: '' } : main(8);
    return [
      {
        start: { command: `nx ${name} ${candidate.name}`, from: 'script' as const },
        rank,
        runs,
        said: `the ${name} target`,
      },
    ];
  });
}

function processFiles(candidate: Candidate, interpreter: Interpreter): readonly Launch[] {
  return [
    'ecosystem.config.js',
    'ecosystem.config.cjs',
    'ecosystem.config.mjs',
    'ecosystem.json',
    'pm2.json',
    'pm2.config.js',
    'process.json',
  ].flatMap((name) => {
    const file = posix.join(candidate.dir, name);
    const text = candidate.workspace.has(file) ? candidate.workspace.read(file) : undefined;
    return ecosystemScripts(text ?? '').map(({ script, cwd }, index) => ({
      start: { command: script, at: { file }, from: 'platform' as const },
      rank: index === 0 ? main(5) : further(''),
      runs: interpreter.runs(script, cwd === undefined ? candidate.dir : posix.join(candidate.dir, cwd)),
      said: name,
    }));
  });
}

interface Settled {
  readonly candidates: ReadonlyMap<string, Candidate>;
  readonly interpreter: Interpreter;
  /** Does a run lead to a file or a framework that is there? */
  readonly leads: (run: Run) => boolean;
}

/** Dockerfiles, compose and platform files. A command is read in each folder that it may mean, and the first in which it leads somewhere counts. */
export function deploymentLaunches(containers: Containers | undefined, settled: Settled): readonly Launch[] {
  if (!containers) return [];
  return [
    ...containers.platforms.flatMap((process) => fromPlatform(process, containers, settled)),
    ...containers.dockerfiles.flatMap((dockerfile) => fromDockerfile(dockerfile, settled)),
    ...containers.compose.flatMap((service) => fromCompose(service, settled)),
    ...containers.workloads.flatMap((workload) =>
      workload.command
        ? read(workload.command, ['.'], settled, {
            from: 'platform',
            rank: further(workload.name ?? ''),
            said: workload.file,
          })
        : [],
    ),
  ];
}

function fromPlatform(
  process: Containers['platforms'][number],
  containers: Containers,
  settled: Settled,
): readonly Launch[] {
  if (!process.command || process.serverless) return [];
  const name = process.name ?? '';
  if (/^(?:release|postdeploy|predeploy)$/.test(name)) return [];
  const only = containers.platforms.filter((other) => other.file === process.file && other.command).length === 1;
  const rank = name === 'web' || only || name === '' ? main(2) : further(name);
  const from = process.platform === 'procfile' || process.file.includes('Procfile') ? 'procfile' : 'platform';
  return read(process.command, [process.dir, '.'], settled, { from, rank, said: posix.basename(process.file) });
}

function fromDockerfile(dockerfile: Dockerfile, settled: Settled): readonly Launch[] {
  if (dockerfile.language === 'other' || /^(?:test|stale|example)$/.test(dockerfile.purpose)) return [];
  const image = effective(dockerfile);
  const command = image && joined(image.entrypoint, image.cmd);
  if (!image || !command) return [];
  const inWorkdir = image.workdir === undefined ? undefined : placeInImage(settled.candidates, image.workdir)?.dir;
  const copied = image.copies.flatMap((copy) => copy.sources.flatMap((source) => packageIn(settled, source)));
  const dirs = [
    inWorkdir,
    settled.candidates.has(dockerfile.dir) ? dockerfile.dir : undefined,
    ...dockerfile.contexts.map((context) => context.dir),
    ...copied,
    '.',
  ];
  const development = dockerfile.purpose === 'development';
  const rank: Rank = development ? { order: 24, role: 'development', suffix: '' } : main(6);
  return read(command, dirs, settled, { from: 'dockerfile', rank, said: dockerfile.file });
}

/** `COPY --from=builder /app/apps/api/dist ./` speaks of apps/api. */
function packageIn(settled: Settled, source: string): readonly string[] {
  const names = source.split('/').filter((name) => name !== '' && name !== '.');
  for (let to = names.length; to > 0; to -= 1) {
    for (let from = 0; from < to; from += 1) {
      const dir = names.slice(from, to).join('/');
      if (settled.candidates.has(dir)) return [dir];
    }
  }
  return [];
}

function joined(entrypoint: Command | undefined, cmd: Command | undefined): Command | undefined {
  if (!entrypoint) return cmd;
  if (!cmd || entrypoint.form === 'shell') return entrypoint;
  const text = `${textOf(entrypoint)} ${textOf(cmd)}`;
  return { form: 'exec', words: [...entrypoint.words, ...cmd.words], text, at: cmd.at };
}

function fromCompose(service: Containers['compose'][number], settled: Settled): readonly Launch[] {
  if (!service.build || !service.command || /^(?:test|stale|example)$/.test(service.purpose)) return [];
  const development = service.mountsSource || service.purpose === 'development';
  const rank: Rank = development ? { order: 25, role: 'development', suffix: '' } : further(service.name);
  return read(service.command, [service.build.context, '.'], settled, { from: 'compose', rank, said: service.file });
}

const textOf = (command: Command): string => (command.form === 'exec' ? quoted(command.words) : command.text);

function read(
  command: Command,
  dirs: readonly (string | undefined)[],
  settled: Settled,
  launch: { from: Start['from']; rank: Rank; said: string },
): readonly Launch[] {
  const text = textOf(command);
  const places = [...new Set(dirs.flatMap((dir) => (dir === undefined ? [] : [posix.normalize(dir)])))];
  for (const dir of places) {
    const runs = settled.interpreter.runs(text, dir);
    if (!runs.some((run) => settled.leads(run))) continue;
    const development =
      launch.rank.role !== 'development' && runs.every((run) => run.kind === 'static' || run.development);
    return [
      {
        start: { command: command.text, at: command.at, from: launch.from },
        rank: development ? { order: 26, role: 'development', suffix: '' } : launch.rank,
        runs,
        said: launch.said,
      },
    ];
  }
  return [];
}
