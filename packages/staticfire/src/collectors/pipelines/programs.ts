import type { Purpose } from '../../facts/pipelines.ts';

/** What a program's own configuration says about it, asked only where it matters. */
export interface Surroundings {
  /** The compiler writes no output: `noEmit` in the configuration it reads. */
  noEmit(args: readonly string[]): boolean;
  /** The framework's build checks types too. */
  buildChecksTypes(program: 'next' | 'nest'): boolean;
}

type Rule = (args: readonly string[], around: Surroundings) => readonly Purpose[];

const always =
  (...purposes: readonly Purpose[]): Rule =>
  () =>
    purposes;
const first =
  (table: Readonly<Record<string, readonly Purpose[]>>): Rule =>
  (args) =>
    table[args.find((arg) => !arg.startsWith('-')) ?? ''] ?? [];
const has = (args: readonly string[], ...flags: readonly string[]): boolean => args.some((arg) => flags.includes(arg));

const compiler: Rule = (args, around) => {
  if (has(args, '--init', '--version', '-v', '--showConfig', '--help', '--watch', '-w')) return [];
  if (has(args, '--noCheck')) return ['build'];
  return has(args, '--noEmit') || around.noEmit(args) ? ['typecheck'] : ['typecheck', 'build'];
};

const withDeclarations: Rule = (args) =>
  args.some((arg) => arg.startsWith('--dts')) ? ['build', 'typecheck'] : ['build'];
const informs: Rule = (args) =>
  has(args, '--version', '-v', '--help', '--print-config', '--listTests', '--showConfig') ? [] : ['test'];

/** Known programs. What is not here is `other`. */
const rules: Readonly<Record<string, Rule>> = {
  eslint: (args) => (has(args, '--version', '-v', '--print-config', '--init') ? [] : ['lint']),
  eslint_d: always('lint'),
  oxlint: always('lint'),
  standard: always('lint'),
  'ts-standard': always('lint'),
  semistandard: always('lint'),
  xo: always('lint'),
  tslint: always('lint'),
  ultracite: first({ check: ['lint', 'format'], lint: ['lint'] }),
  biome: first({ lint: ['lint'], check: ['lint', 'format'], ci: ['lint', 'format'], format: ['format'] }),
  rome: first({ check: ['lint'], ci: ['lint'] }),
  rslint: always('lint'),
  trunk: first({ check: ['lint'] }),
  deno: first({ lint: ['lint'], fmt: ['format'], check: ['typecheck'], test: ['test'], compile: ['build'] }),
  prettier: (args) => (has(args, '--check', '-c', '--list-different', '-l') ? ['format'] : []),
  dprint: first({ check: ['format'] }),
  oxfmt: (args) => (has(args, '--check') ? ['format'] : []),
  tsc: compiler,
  tsgo: compiler,
  'vue-tsc': compiler,
  tspc: compiler,
  'svelte-check': always('typecheck'),
  tsslint: always('lint'),
  vitest: (args) => (has(args, 'bench', 'list', 'init') ? [] : informs(args, silent)),
  jest: informs,
  mocha: informs,
  ava: informs,
  tap: informs,
  tape: informs,
  uvu: informs,
  poku: informs,
  jasmine: informs,
  lab: informs,
  karma: first({ start: ['test'] }),
  'cucumber-js': informs,
  playwright: first({ test: ['test'] }),
  cypress: first({ run: ['test'] }),
  wdio: always('test'),
  newman: first({ run: ['test'] }),
  testcafe: always('test'),
  wtr: always('test'),
  'web-test-runner': always('test'),
  'react-scripts': first({ test: ['test'], build: ['build', 'typecheck'] }),
  'vue-cli-service': first({ lint: ['lint'], build: ['build'], 'test:unit': ['test'], 'test:e2e': ['test'] }),
  ng: first({ lint: ['lint'], test: ['test'], e2e: ['test'], build: ['build', 'typecheck'] }),
  next: (args, around) => {
    if (has(args, 'lint')) return ['lint'];
    return has(args, 'build') ? (around.buildChecksTypes('next') ? ['build', 'typecheck'] : ['build']) : [];
  },
  nest: (args, around) =>
    has(args, 'build') ? (around.buildChecksTypes('nest') ? ['build', 'typecheck'] : ['build']) : [],
  nuxt: first({ build: ['build'], generate: ['build'], typecheck: ['typecheck'] }),
  nuxi: first({ build: ['build'], generate: ['build'], typecheck: ['typecheck'] }),
  astro: first({ build: ['build'], check: ['typecheck'] }),
  vite: first({ build: ['build'] }),
  'rolldown-vite': first({ build: ['build'] }),
  remix: first({ build: ['build'], 'vite:build': ['build'] }),
  'react-router': first({ build: ['build'] }),
  vinxi: first({ build: ['build'] }),
  nitro: first({ build: ['build'] }),
  nitropack: first({ build: ['build'] }),
  gatsby: first({ build: ['build'] }),
  medusa: first({ build: ['build'] }),
  strapi: first({ build: ['build'] }),
  tsup: withDeclarations,
  tsdown: withDeclarations,
  unbuild: always('build'),
  bunchee: always('build', 'typecheck'),
  esbuild: always('build'),
  swc: always('build'),
  babel: always('build'),
  webpack: (args) => (has(args, 'serve') ? [] : ['build']),
  'webpack-cli': always('build'),
  rspack: first({ build: ['build'] }),
  rsbuild: first({ build: ['build'] }),
  rslib: first({ build: ['build'] }),
  rollup: always('build'),
  rolldown: always('build'),
  parcel: first({ build: ['build'] }),
  ncc: first({ build: ['build'] }),
  pkgroll: always('build'),
  microbundle: always('build'),
  serverless: first({ package: ['build'], deploy: ['deploy'] }),
  sls: first({ package: ['build'], deploy: ['deploy'] }),
  sst: first({ build: ['build'], deploy: ['deploy'] }),
  cdk: first({ synth: ['build'], deploy: ['deploy'] }),
  wrangler: first({ deploy: ['deploy'], publish: ['deploy'] }),
  vercel: first({ build: ['build'], deploy: ['deploy'] }),
  flyctl: first({ deploy: ['deploy'] }),
  fly: first({ deploy: ['deploy'] }),
  kubectl: first({ apply: ['deploy'], set: ['deploy'], rollout: ['deploy'] }),
  helm: first({ upgrade: ['deploy'], install: ['deploy'] }),
  docker: (args) => (/^((compose |buildx )?(-\S+ )*build|buildx bake)\b/.test(args.join(' ')) ? ['build'] : []),
  podman: first({ build: ['build'] }),
  'docker-compose': first({ build: ['build'] }),
  'audit-ci': always('audit'),
  'better-npm-audit': first({ audit: ['audit'] }),
  'npm-audit-resolver': always('audit'),
  'check-audit': always('audit'),
  'improved-yarn-audit': always('audit'),
  'yarn-audit-fix': always(),
  auditjs: always('audit'),
  snyk: first({ test: ['audit'] }),
  trivy: first({ fs: ['audit'], filesystem: ['audit'], repo: ['audit'], rootfs: ['audit'], image: ['audit'] }),
  grype: always('audit'),
  'osv-scanner': always('audit'),
  socket: first({ ci: ['audit'], scan: ['audit'] }),
  nsp: always('audit'),
  retire: always('audit'),
  'dependency-check': always('audit'),
  nodejsscan: always(),
};

const silent: Surroundings = { noEmit: () => false, buildChecksTypes: () => false };

/** What a program with these arguments is for; empty when it is none of the purposes. */
export function purposesOf(words: readonly string[], around: Surroundings): readonly Purpose[] {
  const [program = '', ...args] = words;
  if (program === 'node' || program === 'tsx' || program === 'ts-node') return has(args, '--test') ? ['test'] : [];
  if (program === 'bun')
    return args[0] === 'test' ? ['test'] : args[0] === 'build' ? ['build'] : args[0] === 'audit' ? ['audit'] : [];
  return Object.hasOwn(rules, program) ? (rules[program]?.(args, around) ?? []) : [];
}

export const isKnownProgram = (program: string): boolean => Object.hasOwn(rules, program);

const names: readonly (readonly [RegExp, Purpose])[] = [
  [/^(type-?check(s|ing)?|check-?types?|types|tsc|types?-?check|ts-?check|check-?ts|type)$/, 'typecheck'],
  [/^(lint(s|er|ing)?|eslint|oxlint|biome)$/, 'lint'],
  [/^(format|fmt|prettier)$/, 'format'],
  [
    /^(test(s|ing)?|unit|e2e|integration|jest|vitest|mocha|spec|specs|tests-?unit|unit-?tests?|e2e-?tests?|integration-?tests?)$/,
    'test',
  ],
  [/^build$/, 'build'],
  [/^audit$/, 'audit'],
];

/** Parts of a name that say it prepares, starts or publishes something, or is about the manual. */
const otherwise =
  /(^|[:._-])(start|serve|dev|watch|install|setup|clean|seed|up|down|prepare|migrate|generate|gen|deploy|publish|release|update|debug|ui|init|push|report|open|storybook|docs?|documentation|typedoc|website)([:._-]|$)/;

/** What the name of a script, target or task promises: 'test:unit' is for tests. */
export function purposeOfName(name: string): Purpose | undefined {
  const whole = name.toLowerCase();
  if (otherwise.test(whole)) return undefined;
  if (/^(compile|bundle)([:._-]|$)/.test(whole)) return 'build';
  for (const part of [whole, ...whole.split(/[:./_]/), ...whole.split(/[:./_-]/)]) {
    const found = names.find(([pattern]) => pattern.test(part));
    if (found) return found[1];
  }
  return undefined;
}

/** The package that brings a program, where it is not called like it. */
const packages: Readonly<Record<string, readonly string[]>> = {
  eslint: ['eslint'],
  oxlint: ['oxlint'],
  biome: ['@biomejs/biome'],
  tsc: ['typescript', '@typescript/native-preview'],
  'vue-tsc': ['vue-tsc'],
  vitest: ['vitest'],
  jest: ['jest', 'jest-cli', 'react-scripts'],
  mocha: ['mocha'],
  ava: ['ava'],
  playwright: ['@playwright/test', 'playwright'],
  cypress: ['cypress'],
  tsup: ['tsup'],
  vite: ['vite'],
  nest: ['@nestjs/cli'],
  next: ['next'],
};

/** Packages that bring a program, when that is known for sure. */
export const packagesOf = (program: string): readonly string[] =>
  Object.hasOwn(packages, program) ? (packages[program] ?? []) : [];
