import { afterOptions, baseOf } from './unwrap.ts';
import type { Words } from './shell.ts';

/** A script that a package manager or task runner is asked to run. */
export interface Request {
  readonly script: string;
  /** A folder as written, a package's name or filter, or here. */
  readonly where: { readonly dir: string } | { readonly name: string } | 'here';
  /** Words handed on to the script, behind `--`. */
  readonly args?: Words;
  /** When no such script exists, these words may be a program's. */
  readonly otherwise?: Words;
}

const managers = new Set(['npm', 'pnpm', 'yarn', 'bun']);
const valued = new Set(['-w', '--workspace', '--prefix', '-C', '--dir', '--cwd', '--filter', '-F']);

/** What a package manager is asked to run; undefined when the words are not one's, empty when it runs over many packages or none. */
export function scriptRequests(words: Words): readonly Request[] | undefined {
  const [first = '', ...args] = words;
  const program = baseOf(first);
  if (program === 'node' && (args[0] === '--run' || args[0]?.startsWith('--run=')))
    return [{ script: args[0].slice(6) || (args[1] ?? ''), where: 'here' }];
  if (!managers.has(program)) return undefined;
  if (args.some((arg) => /^(?:-r|--recursive|--workspaces|-ws|--parallel)$/.test(arg))) return [];
  const { where, rest } = placeOf(args);
  const bar = args.indexOf('--');
  const given = bar >= 0 ? args.slice(bar + 1) : [];
  const [verb = '', ...more] = rest;
  if (verb === 'workspace')
    return [{ script: withoutRun(more.slice(1))[0] ?? 'start', where: { name: more[0] ?? '' } }];
  if (verb === 'workspaces') return [];
  if (/^(?:exec|x|dlx)$/.test(verb)) return [{ script: '', where, otherwise: afterOptions(more, ['-p', '--package']) }];
  if (/^(?:run|run-script)$/.test(verb))
    return [
      { script: more[0] ?? '', where, args: given, ...(program === 'bun' ? { otherwise: ['bun', ...more] } : {}) },
    ];
  if (program === 'npm') return verb === 'start' ? [{ script: 'start', where }] : [];
  if (program === 'bun' && (/[./]/.test(verb) || verb.startsWith('-'))) return undefined;
  return verb === '' || /^(?:install|i|add|ci|build|test|link|audit|publish|deploy)$/.test(verb)
    ? []
    : [{ script: verb, where, otherwise: rest }];
}

const withoutRun = (words: Words): Words => (words[0] === 'run' ? words.slice(1) : words);

function placeOf(args: Words): { where: Request['where']; rest: Words } {
  let where: Request['where'] = 'here';
  const rest: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') break;
    const [name = '', inline] =
      arg.startsWith('-') && arg.includes('=')
        ? [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]
        : [arg];
    if (valued.has(name)) where = whereOf(name, inline ?? args[(at += 1)] ?? '');
    else if (!arg.startsWith('-') || rest.length > 0) rest.push(arg);
  }
  return { where, rest };
}

function whereOf(name: string, value: string): Request['where'] {
  if (/^(?:--prefix|-C|--dir|--cwd)$/.test(name)) return { dir: value };
  const plain = value.replace(/^\.{3}|\.{3}$|[{}]/g, '');
  return /^\.{0,2}\//.test(plain) || (/\//.test(plain) && !plain.startsWith('@')) ? { dir: plain } : { name: plain };
}

/** Scripts or commands that a runner of several starts at once or in turn. */
export function several(
  words: Words,
): { readonly scripts: readonly string[]; readonly commands: readonly string[] } | undefined {
  const [first = '', ...args] = words;
  const program = baseOf(first);
  const plain = plainOf(args, [
    '-n',
    '--names',
    '-c',
    '--prefix-colors',
    '-p',
    '--prefix',
    '-l',
    '--prefix-length',
    '-t',
    '--timestamp-format',
    '--restart-tries',
    '--restart-after',
    '-m',
    '--max-processes',
    '--default-input-target',
    '--max-parallel',
    '--kill-signal',
  ]);
  if (/^(?:npm-run-all2?|run-s2?|run-p2?|run-s|run-p|wireit)$/.test(program)) return { scripts: plain, commands: [] };
  if (program !== 'concurrently' && program !== 'conc') return undefined;
  const script = (text: string): string | undefined => /^(?:npm|pnpm|yarn|bun|node):(.+)$/.exec(text)?.[1];
  return {
    scripts: plain.flatMap((text) => script(text) ?? []),
    commands: plain.filter((text) => script(text) === undefined),
  };
}

const plainOf = (args: Words, options: readonly string[]): readonly string[] =>
  args.filter((arg, index) => !arg.startsWith('-') && !options.includes(args[index - 1] ?? ''));

/** A project and target of Nx: `nx serve api`, `nx run api:serve:production`. */
export function nxRequests(words: Words): readonly { readonly project: string; readonly target: string }[] | undefined {
  const [first = '', ...args] = words;
  if (baseOf(first) !== 'nx') return undefined;
  const [verb = '', subject = ''] = plainOf(args, ['-t', '--target', '-p', '--projects', '-c', '--configuration']);
  if (verb === 'run-many') return listed(args);
  if (verb === 'run') return [{ project: subject.split(':')[0] ?? '', target: subject.split(':')[1] ?? '' }];
  return /^(?:affected|graph|reset|sync|format|migrate|build|test|lint|e2e|exec)/.test(verb)
    ? []
    : [{ project: subject, target: verb }];
}

function listed(args: Words): readonly { project: string; target: string }[] {
  const value = (...names: readonly string[]): string | undefined => {
    const at = args.findIndex((arg) => names.some((name) => arg === name || arg.startsWith(`${name}=`)));
    const arg = args[at];
    return arg === undefined ? undefined : arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : args[at + 1];
  };
  const target = value('--target', '-t', '--targets') ?? '';
  return (value('--projects', '-p') ?? '')
    .split(',')
    .flatMap((project) => (project && target ? [{ project, target }] : []));
}
