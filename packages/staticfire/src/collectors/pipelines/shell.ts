import { handedOn, parseShell, type Command, type Pipe, type Shell, type Statement } from './shell-syntax.ts';

/** One program call of a shell text, and what becomes of its failure. */
export interface Call {
  readonly words: readonly string[];
  /** Line within the text, from 0. */
  readonly line: number;
  /** Folder it runs in, relative to where the text started; '?' after a `cd` to a computed place. */
  readonly cd: string;
  /** Why its failure does not fail the text. */
  readonly swallowed?: string;
  /** It stands in a branch whose condition is decided: false when it can never be taken. */
  readonly reached: boolean;
  /** Environment set inside the text. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ShellOptions {
  readonly errexit: boolean;
  readonly pipefail: boolean;
  /** Decides `[ -f path ]`. */
  readonly exists: (path: string) => boolean;
}

interface Scope {
  errexit: boolean;
  pipefail: boolean;
  cd: string;
  env: Record<string, string>;
  readonly exists: (path: string) => boolean;
  readonly text: string;
}

/** The program calls of a shell text in order. */
export function callsOf(text: string, options: ShellOptions): readonly Call[] {
  const calls: Call[] = [];
  const scope: Scope = {
    errexit: options.errexit,
    pipefail: options.pipefail,
    cd: '.',
    env: {},
    exists: options.exists,
    text,
  };
  walk(parseShell(text), scope, { reached: true }, calls);
  return calls;
}

interface State {
  readonly swallowed?: string;
  readonly reached: boolean;
}

function walk(shell: Shell, scope: Scope, state: State, calls: Call[]): void {
  shell.forEach((statement, index) => {
    const lost = lostStatus(statement, shell, index, scope);
    walkStatement(
      statement,
      scope,
      lost && !state.swallowed ? { ...state, swallowed: lost } : state,
      index === shell.length - 1,
      calls,
    );
  });
}

/** Is the statement's status lost because the shell goes on to the next one? */
function lostStatus(statement: Statement, shell: Shell, index: number, scope: Scope): string | undefined {
  if (statement.background)
    return /\bwait\b/.test(scope.text) ? undefined : 'it runs in the background (`&`) and nothing waits for its result';
  if (scope.errexit || index === shell.length - 1) return undefined;
  const next = shell[index + 1];
  if (/\$\?|PIPESTATUS/.test(wordsOf(next).join(' '))) return undefined;
  return 'the shell goes on after a failure and only the last command decides';
}

function walkStatement(statement: Statement, scope: Scope, state: State, last: boolean, calls: Call[]): void {
  statement.parts.forEach((pipe, index) => {
    const swallowed = state.swallowed ?? swallowedBy(statement, index, last, scope);
    walkPipe(pipe, scope, { ...state, ...(swallowed ? { swallowed } : {}) }, calls);
  });
}

/** What stands behind a command in its `&&`/`||` list and takes its failure away. */
function swallowedBy(statement: Statement, index: number, last: boolean, scope: Scope): string | undefined {
  const or = statement.ops.indexOf('||', index);
  if (or >= 0) {
    const rescue = statement.parts.slice(or + 1);
    return rescue.every(isHarmless) ? `\`|| ${shown(rescue)}\` turns its failure into success` : undefined;
  }
  const followed = index < statement.parts.length - 1;
  return followed && !last && scope.errexit
    ? 'it stands before `&&` and further lines follow, so the shell goes on when it fails'
    : undefined;
}

const harmless = new Set(['true', ':', 'echo', 'printf', '/bin/true', 'cat', 'date', 'logger']);

/** Does it succeed whatever happened? */
function isHarmless(pipe: Pipe): boolean {
  const command = pipe.at(-1);
  if (!command) return true;
  if (command.kind === 'group') return command.body.every((statement) => statement.parts.every(isHarmless));
  if (command.kind !== 'simple') return false;
  const [program = '', argument] = command.words;
  if (program === 'exit' || program === 'return') return argument === '0';
  return harmless.has(program) && !command.words.includes(handedOn);
}

const shown = (pipes: readonly Pipe[]): string =>
  pipes
    .flatMap((pipe) => pipe.map(textOf))
    .join(' ')
    .slice(0, 60);

const textOf = (command: Command): string =>
  command.kind === 'simple'
    ? command.words.join(' ')
    : command.kind === 'group'
      ? `{ ${command.body.flatMap(wordsOf).join(' ')} }`
      : command.kind;

const wordsOf = (statement: Statement | undefined): readonly string[] =>
  (statement?.parts ?? []).flatMap((pipe) => pipe.flatMap((command) => allWords(command)));

function allWords(command: Command): readonly string[] {
  if (command.kind === 'simple') return command.words;
  if (command.kind !== 'if') return command.body.flatMap(wordsOf);
  return [
    ...command.branches.flatMap((branch) => [...branch.test, ...branch.body]),
    ...(command.otherwise ?? []),
  ].flatMap(wordsOf);
}

function walkPipe(pipe: Pipe, scope: Scope, state: State, calls: Call[]): void {
  pipe.forEach((command, index) => {
    const lost = index < pipe.length - 1 && !scope.pipefail && !scope.text.includes('PIPESTATUS');
    const swallowed =
      state.swallowed ??
      (lost ? `the pipe passes on only the result of \`${textOf(pipe.at(-1) ?? command)}\`` : undefined);
    walkCommand(command, scope, { ...state, ...(swallowed ? { swallowed } : {}) }, calls);
  });
}

function walkCommand(command: Command, scope: Scope, state: State, calls: Call[]): void {
  if (command.kind === 'simple') return walkSimple(command, scope, state, calls);
  if (command.kind === 'loop') return walk(command.body, scope, state, calls);
  if (command.kind === 'if') return walkIf(command, scope, state, calls);
  walk(command.body, command.subshell ? { ...scope, env: { ...scope.env } } : scope, state, calls);
}

function walkSimple(command: Command & { kind: 'simple' }, scope: Scope, state: State, calls: Call[]): void {
  for (const shell of command.inner)
    walk(shell, { ...scope, errexit: false }, substituted(command.words, state), calls);
  const [program = '', ...args] = command.words;
  if (program === 'cd' || program === 'pushd')
    scope.cd = moved(
      scope.cd,
      args.find((arg) => !arg.startsWith('-')),
    );
  else if (program === 'set') setOptions(args, scope);
  else if (program === 'export' || command.words.every(isAssignment))
    Object.assign(scope.env, assignments(command.words));
  else
    calls.push({
      words: command.words.filter((word) => word !== handedOn),
      line: command.line,
      cd: scope.cd,
      reached: state.reached,
      env: { ...scope.env },
      ...(state.swallowed ? { swallowed: state.swallowed } : {}),
    });
}

const substituted = (words: readonly string[], state: State): State =>
  state.swallowed || words.every(isAssignment)
    ? state
    : { ...state, swallowed: 'a command substitution drops its result' };

export const isAssignment = (word: string): boolean => /^[A-Za-z_]\w*=/.test(word);

function assignments(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.filter(isAssignment).map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  );
}

const moved = (from: string, to: string | undefined): string => {
  if (!to || to === '-' || /^"?\$\{?\{?\s*(GITHUB_WORKSPACE|github\.workspace|CI_PROJECT_DIR)\s*\}?\}?"?$/.test(to))
    return '.';
  if (from === '?' || /[$`]|^[/~]/.test(to)) return '?';
  return from === '.' ? to : `${from}/${to}`;
};

function setOptions(args: readonly string[], scope: Scope): void {
  args.forEach((arg, index) => {
    if (/^-[a-z]*e/.test(arg)) scope.errexit = true;
    if (/^\+[a-z]*e/.test(arg)) scope.errexit = false;
    if (args[index + 1] === 'pipefail' && /^-[a-z]*o$/.test(arg)) scope.pipefail = true;
    if (args[index + 1] === 'pipefail' && arg === '+o') scope.pipefail = false;
    if (args[index + 1] === 'errexit') scope.errexit = arg === '-o';
  });
}

function walkIf(command: Command & { kind: 'if' }, scope: Scope, state: State, calls: Call[]): void {
  const fails = command.branches.some((branch) => exitsBadly(branch.body)) || exitsBadly(command.otherwise ?? []);
  let open = state.reached;
  for (const { test, body } of command.branches) {
    const decided = decide(test, scope);
    const swallowed = state.swallowed ?? (fails ? undefined : 'its result only chooses a branch of an `if`');
    walk(test, { ...scope, errexit: true }, { reached: open, ...(swallowed ? { swallowed } : {}) }, calls);
    walk(body, scope, { ...state, reached: open && decided !== false }, calls);
    if (decided === true) open = false;
  }
  walk(command.otherwise ?? [], scope, { ...state, reached: open }, calls);
}

const exitsBadly = (shell: Shell): boolean => {
  const words = shell.flatMap(wordsOf);
  return words.some(
    (word, index) =>
      ((word === 'exit' || word === 'return') && words[index + 1] !== '0') ||
      word === 'false' ||
      word.includes('$?') ||
      /=[1-9]\d*$/.test(word),
  );
};

/** The outcome of a test of files that stand in the repository; undefined when it asks anything else. */
function decide(test: Shell, scope: Scope): boolean | undefined {
  const [statement, ...more] = test;
  if (!statement || more.length > 0) return undefined;
  const parts = new Set(statement.parts.map((pipe) => decideOne(pipe, scope)));
  if (statement.ops.every((op) => op === '||'))
    return parts.has(true) ? true : parts.has(undefined) ? undefined : false;
  if (statement.ops.every((op) => op === '&&'))
    return parts.has(false) ? false : parts.has(undefined) ? undefined : true;
  return undefined;
}

function decideOne(pipe: Pipe, scope: Scope): boolean | undefined {
  const [command, ...more] = pipe;
  if (command?.kind !== 'simple' || more.length > 0) return undefined;
  const words = command.words.filter((word) => !['[', ']', '[[', ']]', 'test'].includes(word));
  const negated = words[0] === '!';
  const [flag, path, ...rest] = negated ? words.slice(1) : words;
  if (!['-f', '-e', '-d'].includes(flag ?? '') || !path || rest.length > 0 || /[$*]|^\//.test(path)) return undefined;
  if (/(^|\/)(node_modules|dist|build|coverage|\.next|\.env[^/]*)(\/|$)/.test(path)) return undefined;
  if (scope.cd === '?') return undefined;
  return scope.exists(scope.cd === '.' ? path : `${scope.cd}/${path}`) !== negated;
}
