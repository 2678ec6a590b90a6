import { all, options, type Reader, until } from './requests.ts';

export const turbo: Reader = (args) => {
  const found = options(args, [
    '--filter',
    '-F',
    '--concurrency',
    '--cache-dir',
    '--scope',
    '--output-logs',
    '--log-order',
    '--env-mode',
    '--ui',
    '--cwd',
    '--team',
    '--token',
    '--cache',
    '--log-prefix',
    '--graph',
  ]);
  const names = until(found.rest[0] === 'run' ? found.rest.slice(1) : found.rest);
  if (
    names.length === 0 ||
    ['prune', 'login', 'link', 'gen', 'ls', 'daemon', 'query', 'boundaries'].includes(names[0] ?? '')
  )
    return undefined;
  return { kind: 'tasks', runner: 'turbo', names, filters: all(found, '--filter', '-F', '--scope'), everywhere: true };
};

export const nx: Reader = (args) => {
  const found = options(args, [
    '-t',
    '--target',
    '--targets',
    '-p',
    '--projects',
    '--parallel',
    '--base',
    '--head',
    '--exclude',
    '-c',
    '--configuration',
    '--project',
    '--maxParallel',
    '--outputStyle',
    '--output-style',
  ]);
  const [verb = '', name] = found.rest;
  const exclude = all(found, '--exclude')
    .flatMap((list) => list.split(','))
    .map((filter) => `!${filter}`);
  const projects = all(found, '-p', '--projects', '--project').flatMap((list) => list.split(','));
  const targets = [
    ...all(found, '-t', '--target', '--targets').flatMap((list) => list.split(',')),
    ...found.rest.slice(1),
  ].filter((target) => target !== '--');
  if (verb === 'run-many' || verb === 'affected')
    return {
      kind: 'tasks',
      runner: 'nx',
      names: [...new Set(until(targets))],
      filters: [...projects, ...exclude],
      everywhere: true,
    };
  if (verb.startsWith('affected:'))
    return { kind: 'tasks', runner: 'nx', names: [verb.slice(9)], filters: exclude, everywhere: true };
  const [project, target] = verb === 'run' ? (name ?? '').split(':') : [name ?? projects[0], verb];
  if (
    !target ||
    [
      'run',
      'format:check',
      'format',
      'graph',
      'migrate',
      'reset',
      'release',
      'sync',
      'sync:check',
      'show',
      'report',
      'exec',
      'init',
      'connect',
      'start-ci-run',
      'stop-all-agents',
      'fix-ci',
      'generate',
      'g',
      'print-affected',
      'record',
      'workspace-lint',
      'view-logs',
    ].includes(verb === 'run' ? target : verb)
  )
    return undefined;
  return { kind: 'tasks', runner: 'nx', names: [target], filters: project ? [project] : [], everywhere: false };
};

export const lerna: Reader = (args) => {
  const found = options(args, ['--scope', '--ignore', '--concurrency', '--since']);
  const [verb, names] = found.rest;
  if (verb !== 'run' || !names) return undefined;
  return {
    kind: 'tasks',
    runner: 'lerna',
    names: names.split(','),
    filters: [...all(found, '--scope'), ...all(found, '--ignore').map((glob) => `!${glob}`)],
    everywhere: true,
  };
};
