import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import type { Manifest } from '../../facts/project.ts';
import type { Framework } from '../../frameworks/framework.ts';
import { fieldsOf, textOf } from './fields.ts';
import { invocation, isRuntime } from './node-command.ts';
import { nxRequests, scriptRequests, several, type Request } from './requests.ts';
import type { Run } from './run.ts';
import { quoted, simpleCommands, type Words } from './shell.ts';
import type { Candidate } from './sites.ts';
import { baseOf, unwrap } from './unwrap.ts';

export interface Interpreter {
  /** What a command line comes down to, in order. `dir` is relative to the root. */
  runs(text: string, dir: string): readonly Run[];
  /** What a target of a task runner comes down to. */
  target(candidate: Candidate, name: string): readonly Run[];
}

interface Context {
  readonly candidates: ReadonlyMap<string, Candidate>;
  readonly frameworks: readonly Framework[];
  /** Shell scripts of the tree by their names. */
  readonly shellScripts: () => ReadonlyMap<string, readonly string[]>;
}

/** Scripts that run scripts are followed so far. */
const deepest = 8;
const shells = new Set(['sh', 'bash', 'ash', 'zsh', 'dash']);
const fileServers = new Set([
  'serve',
  'http-server',
  'live-server',
  'sirv',
  'nginx',
  'caddy',
  'httpd',
  'react-scripts',
  'react-app-rewired',
  'craco',
  'ng',
  'vue-cli-service',
  'webpack',
  'webpack-dev-server',
  'rspack',
  'rsbuild',
  'parcel',
  'expo',
  'gatsby',
  'docusaurus',
  'vitepress',
  'storybook',
  'start-storybook',
  'vite',
  'eleventy',
  'electron',
  'electron-forge',
  'electron-vite',
  'react-native',
  'wrangler-pages',
  'static-web-server',
]);

export function createInterpreter(input: Omit<Context, 'shellScripts'>): Interpreter {
  let scripts: ReadonlyMap<string, readonly string[]> | undefined;
  const context: Context = { ...input, shellScripts: () => (scripts ??= scriptsByName(input.candidates)) };
  return {
    runs: (text, dir) => runsOf(context, text, dir, 0),
    target: (candidate, name) => targetRuns(context, candidate, name, 0),
  };
}

function scriptsByName(candidates: Context['candidates']): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of candidates
    .get('.')
    ?.workspace.match(/(?:\.sh|(?:^|\/)[\w-]*(?:entrypoint|start|run|boot)[\w-]*)$/) ?? []) {
    const list = found.get(baseOf(file));
    if (list) list.push(file);
    else found.set(baseOf(file), [file]);
  }
  return found;
}

function runsOf(context: Context, text: string, dir: string, depth: number): readonly Run[] {
  if (depth > deepest) return [];
  let cwd = dir;
  const found: Run[] = [];
  for (const written of simpleCommands(text)) {
    const { words, nodeOptions } = unwrap(written);
    if (words[0] === 'cd' || words[0] === 'pushd') cwd = moved(context, cwd, words[1]);
    else found.push(...commandRuns(context, words, nodeOptions, cwd, depth));
  }
  return found;
}

function moved(context: Context, cwd: string, to: string | undefined): string {
  if (to === undefined || /[$~]/.test(to)) return cwd;
  return to.startsWith('/') ? (placeInImage(context.candidates, to)?.dir ?? cwd) : posix.join(cwd, to);
}

/** The package that an image's folder holds, by the end of its path: /usr/src/app/apps/api is apps/api. */
export function placeInImage(candidates: ReadonlyMap<string, Candidate>, path: string): Candidate | undefined {
  const names = path.split('/').filter(Boolean);
  return names
    .map((_, from) => candidates.get(names.slice(from).join('/')))
    .find((candidate) => candidate !== undefined);
}

function commandRuns(context: Context, words: Words, nodeOptions: string, dir: string, depth: number): readonly Run[] {
  const program = baseOf(words[0] ?? '');
  const next = (text: string, at = dir): readonly Run[] => runsOf(context, text, at, depth + 1);
  if (shells.has(program)) return shellRuns(context, words, dir, depth);
  if (program.endsWith('.sh') || (program === '.' && words.length > 1))
    return scriptFile(context, program === '.' ? (words[1] ?? '') : (words[0] ?? ''), dir, depth);
  const group = several(words);
  if (group)
    return [
      ...group.scripts.flatMap((name) => scriptRuns(context, { script: name, where: 'here' }, dir, depth)),
      ...group.commands.flatMap((text) => next(text)),
    ];
  const nx = nxRequests(words);
  if (nx)
    return nx.flatMap(({ project, target }) =>
      named(context, project).flatMap((candidate) => targetRuns(context, candidate, target, depth + 1)),
    );
  if (program === 'turbo' || program === 'lerna') return taskRuns(context, words, depth);
  const requests = scriptRequests(words);
  if (requests) return requests.flatMap((request) => scriptRuns(context, request, dir, depth));
  if (/^pm2(?:-runtime|-docker|-dev)?$/.test(program)) return pm2Runs(context, words, dir, depth);
  if (program === 'nodemon') return nodemonRuns(context, words, nodeOptions, dir, depth);
  return programRuns(context, words, nodeOptions, dir);
}

function programRuns(context: Context, words: Words, nodeOptions: string, dir: string): readonly Run[] {
  const [first = '', ...args] = words;
  const program = baseOf(first);
  if (isRuntime(program)) {
    const found = invocation(words, nodeOptions);
    return found
      ? [{ kind: 'program', dir, target: found.target, preloads: found.preloads, development: found.watching }]
      : [];
  }
  const plain = args.filter((arg) => !arg.startsWith('-'));
  if (program === 'fastify' && plain[0] === 'start')
    return [
      {
        kind: 'program',
        dir,
        target: plain.at(-1) ?? '',
        preloads: [],
        development: args.some((arg) => /^(?:-w|--watch)$/.test(arg)),
      },
    ];
  if (program === 'functions-framework')
    return [{ kind: 'program', dir, target: '', preloads: [], development: false }];
  const framework = frameworkRun(context, program, args, dir);
  if (framework) return [framework];
  if (fileServers.has(program)) return [{ kind: 'static', dir }];
  return /\.[cm]?[jt]s$/.test(first) ? [{ kind: 'program', dir, target: first, preloads: [], development: false }] : [];
}

function frameworkRun(context: Context, program: string, args: Words, dir: string): Run | undefined {
  const [verb = '', subject = ''] = args.filter((arg) => !arg.startsWith('-'));
  const able = context.frameworks.filter((framework) => framework.command?.name.test(program));
  if (able.length === 0) return undefined;
  const starts = able.some((framework) => framework.command?.start?.test(verb));
  const develops = verb === '' || able.some((framework) => framework.command?.dev?.test(verb));
  if (!starts && !develops) return undefined;
  const watching = args.some((arg) => /^(?:--watch|-w|--debug|-d)$/.test(arg));
  return { kind: 'framework', dir, framework: program, development: watching || !starts, target: subject };
}

function shellRuns(context: Context, words: Words, dir: string, depth: number): readonly Run[] {
  const inline = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  if (inline > 0) return runsOf(context, words[inline + 1] ?? '', dir, depth + 1);
  const file = words.slice(1).find((word) => !word.startsWith('-'));
  return file === undefined ? [] : scriptFile(context, file, dir, depth);
}

/** A shell script of the repository; in an image it may have moved, so its name counts when it is unique. */
function scriptFile(context: Context, written: string, dir: string, depth: number): readonly Run[] {
  const workspace = context.candidates.get('.')?.workspace;
  if (!workspace || depth > deepest) return [];
  const near = posix.join(dir, written.replace(/^\//, ''));
  const alike = context.shellScripts().get(baseOf(written)) ?? [];
  const file = !written.startsWith('/') && workspace.has(near) ? near : alike.length === 1 ? alike[0] : undefined;
  const text = file === undefined ? undefined : workspace.read(file);
  return text === undefined ? [] : runsOf(context, text.replace(/^#!.*/, ''), dir, depth + 1);
}

function scriptRuns(context: Context, request: Request, dir: string, depth: number): readonly Run[] {
  return placesOf(context, request.where, dir).flatMap((at) => {
    const manifest = manifestAt(context, at);
    const names = manifest ? matching(manifest, request.script) : [];
    if (manifest && names.length > 0) {
      return names.flatMap((name) =>
        [manifest.scripts[`pre${name}`] ?? '', `${manifest.scripts[name] ?? ''} ${quoted(request.args ?? [])}`].flatMap(
          (text) => runsOf(context, text, manifest.dir, depth + 1),
        ),
      );
    }
    return request.otherwise && request.otherwise.length > 0
      ? runsOf(context, quoted(request.otherwise), at, depth + 1)
      : [];
  });
}

/** npm-run-all takes patterns: `start:*`. */
function matching(manifest: Manifest, script: string): readonly string[] {
  if (!script.includes('*')) return script in manifest.scripts ? [script] : [];
  const pattern = new RegExp(
    `^${script
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('[^:]*')}$`,
  );
  return Object.keys(manifest.scripts).filter((name) => pattern.test(name));
}

function placesOf(context: Context, where: Request['where'], dir: string): readonly string[] {
  if (where === 'here') return [dir];
  if ('dir' in where) return [posix.join(dir, where.dir)];
  return named(context, where.name).map((candidate) => candidate.dir);
}

function named(context: Context, name: string): readonly Candidate[] {
  const all = [...context.candidates.values()];
  const exact = all.filter(
    (candidate) => candidate.manifest?.dir === candidate.dir && candidate.manifest.name === name,
  );
  if (exact.length > 0) return exact;
  return all
    .filter((candidate) => candidate.name === name || candidate.dir === name || candidate.manifest?.raw['nx'] === name)
    .slice(0, 1);
}

/** The package.json in force in a folder: scripts run where the nearest one stands. */
function manifestAt(context: Context, dir: string): Manifest | undefined {
  for (let at = dir; ; at = posix.dirname(at)) {
    const found = context.candidates.get(at);
    if (found?.manifest && found.manifest.dir === at) return found.manifest;
    if (at === '.' || at === '/' || at.startsWith('..')) return found?.manifest;
  }
}

/** `turbo run start --filter=@acme/api`, `lerna run start --scope @acme/api`: only packages that are named. */
function taskRuns(context: Context, words: Words, depth: number): readonly Run[] {
  const filters = words.flatMap(
    (word, index) =>
      /^(?:--filter|--scope|-F)=(.+)$/.exec(word)?.[1] ??
      (/^(?:--filter|--scope|-F)$/.test(word) ? (words[index + 1] ?? []) : []),
  );
  const tasks = words
    .slice(1)
    .filter(
      (word, index, all) =>
        !word.startsWith('-') && word !== 'run' && !/^(?:--filter|--scope|-F)$/.test(all[index - 1] ?? ''),
    );
  return filters.flatMap((filter) =>
    tasks.flatMap((script) =>
      scriptRuns(context, { script, where: { name: filter.replaceAll(/^\.{3}|\.{3}$|\^/g, '') } }, '.', depth),
    ),
  );
}

function targetRuns(context: Context, candidate: Candidate, name: string, depth: number): readonly Run[] {
  const target = fieldsOf(candidate.targets[name]);
  const options = fieldsOf(target['options']);
  const executor = textOf(target['executor']) ?? '';
  const commands = [textOf(target['command']), textOf(options['command'])].filter((text) => text !== undefined);
  const cwd = textOf(options['cwd']);
  const script = textOf(options['script']);
  if (script !== undefined && executor.endsWith(':run-script'))
    return scriptRuns(context, { script, where: 'here' }, candidate.dir, depth);
  if (commands.length > 0)
    return commands.flatMap((text) =>
      runsOf(context, text, cwd ?? (cwd === undefined && executor === '' ? '.' : '.'), depth + 1),
    );
  if (/:(?:node|execute|serve)$|node:/.test(executor) && !/web|angular|vite/.test(executor))
    return [{ kind: 'project', dir: candidate.dir, development: false }];
  if (/next:server/.test(executor))
    return [{ kind: 'framework', dir: candidate.dir, framework: 'next', development: false, target: '' }];
  if (executor !== '') return /serve/.test(name) ? [{ kind: 'static', dir: candidate.dir }] : [];
  const own = candidate.manifest?.dir === candidate.dir && name in candidate.manifest.scripts;
  return own ? scriptRuns(context, { script: name, where: 'here' }, candidate.dir, depth) : [];
}

/** A process file of pm2 names its scripts. */
function pm2Runs(context: Context, words: Words, dir: string, depth: number): readonly Run[] {
  const target =
    words
      .slice(1)
      .find((word) => !word.startsWith('-') && !/^(?:start|startOrRestart|reload|restart|runtime)$/.test(word)) ?? '';
  if (/^(?:npm|yarn|pnpm)$/.test(target))
    return runsOf(context, quoted([target, ...words.slice(words.indexOf('--') + 1)]), dir, depth + 1);
  if (!/\.(?:config\.[cm]?js|json|ya?ml)$/.test(target))
    return target === '' ? [] : [{ kind: 'program', dir, target, preloads: [], development: false }];
  const text = context.candidates.get('.')?.workspace.read(posix.join(dir, target)) ?? '';
  return ecosystemScripts(text).flatMap(({ script, cwd }) =>
    runsOf(context, script, cwd === undefined ? dir : posix.join(dir, cwd.replace(/^\//, '')), depth + 1),
  );
}

/** Scripts of a pm2 process file as commands. */
export function ecosystemScripts(
  text: string,
): readonly { readonly script: string; readonly cwd: string | undefined }[] {
  return [...text.matchAll(/["']?\bscript["']?\s*:\s*["'`]([^"'`]+)["'`]/g)].map((match) => {
    const around = text.slice(Math.max(0, match.index - 400), match.index + 400);
    const script = match[1] ?? '';
    const args = /["']?\bargs["']?\s*:\s*["'`]([^"'`]+)["'`]/.exec(around)?.[1];
    const cwd = /["']?\bcwd["']?\s*:\s*["'`](\.[^"'`]*)["'`]/.exec(around)?.[1];
    const runner = /^(?:npm|yarn|pnpm|bun)$|^node_modules\//.test(script);
    return {
      script: runner ? `${script} ${args ?? ''}` : /\.[cm]?[jt]s$/.test(script) ? `node ${script}` : script,
      cwd,
    };
  });
}

/** nodemon runs what `--exec` says, or its configuration, or a file. */
function nodemonRuns(context: Context, words: Words, nodeOptions: string, dir: string, depth: number): readonly Run[] {
  const at = words.findIndex((word) => word === '--exec' || word === '-x');
  const inline = words.find((word) => word.startsWith('--exec='))?.slice('--exec='.length);
  const exec = inline ?? (at > 0 ? words[at + 1] : undefined);
  const found = invocation(words, nodeOptions);
  const target = found?.target ?? '';
  const runner = exec === undefined ? undefined : target === '' ? exec : `${exec} ${target}`;
  const command = runner ?? (target === '' ? configured(context, dir) : `node ${target}`);
  return command === undefined
    ? []
    : runsOf(context, command, dir, depth + 1).map((run) =>
        run.kind === 'static' ? run : { ...run, development: true },
      );
}

function configured(context: Context, dir: string): string | undefined {
  const workspace = context.candidates.get('.')?.workspace;
  const own = fieldsOf(parse(workspace?.read(posix.join(dir, 'nodemon.json')) ?? '{}'));
  const inManifest = fieldsOf(manifestAt(context, dir)?.raw['nodemonConfig']);
  return textOf(own['exec']) ?? textOf(inManifest['exec']) ?? 'node .';
}
