import type { Step, When } from '../../facts/pipelines.ts';
import type { Step as Trail } from '../../model/place.ts';
import { conditional } from './conditions.ts';
import { runsAlways } from './expression.ts';
import { joined } from './paths.ts';
import { rootPath, scriptOf, type Source } from './source.ts';
import { fill, fillAll, inputValues, isTemplate, type Values } from './templates.ts';
import { get, isTrue, lineOfKey, record, text, type Yaml } from './yaml.ts';

/** What surrounds a list of steps. */
export interface Context {
  readonly source: Source;
  readonly file: string;
  readonly values: Values;
  readonly env: Readonly<Record<string, string>>;
  readonly trail: readonly Trail[];
  readonly depth: number;
  /** Default working directory, seen from the git root. */
  readonly dir?: string;
  readonly shell?: string;
  readonly checkout?: string;
  /** The job checks out another repository over its folder. */
  readonly foreign?: boolean;
}

/** Steps of a job or of a composite action, local actions followed. */
export function stepsOf(steps: Yaml | undefined, when: When, context: Context): readonly Step[] {
  const known: Values = { ...context.values, ...envValues(context.env) };
  return (steps?.items ?? []).flatMap((node) => {
    const own = stepOf(node, when, context, known);
    return isAnswered(node, steps) ? own.map((step) => ({ ...step, tolerated: undefined })) : own;
  });
}

/** A later step looks at the outcome of a step that may fail, and fails the job itself. */
function isAnswered(node: Yaml, steps: Yaml | undefined): boolean {
  const id = text(get(node, 'id'));
  if (!id || !isTrue(get(node, 'continue-on-error'))) return false;
  return (steps?.items ?? []).some((other) => {
    const run = text(get(other, 'run')) ?? text(get(other, 'with', 'script')) ?? '';
    const told = [text(get(other, 'if')) ?? '', run, ...Object.values(record(get(other, 'env')))].join(' ');
    return told.includes(`steps.${id}.outcome`) && /exit\s+[1-9]|setFailed|\bfalse\b/.test(run);
  });
}

function stepOf(node: Yaml, outer: When, context: Context, known: Values): readonly Step[] {
  const condition = text(get(node, 'if'));
  const when = conditional(condition === undefined ? undefined : fill(condition, context.values), outer, 'its');
  const uses = text(get(node, 'uses'));
  const given = fillAll(record(get(node, 'with')), known);
  if (uses?.startsWith('./')) return composite(uses, given, node, when, context);
  const env = { ...context.env, ...record(get(node, 'env')) };
  const tolerated = isTrue(get(node, 'continue-on-error'))
    ? { file: context.file, line: lineOfKey(node, 'continue-on-error') ?? node.line }
    : undefined;
  const run = scriptIn(node, context, known);
  return [
    {
      name: text(get(node, 'name')) ?? uses ?? run?.text.split('\n')[0] ?? 'step',
      at: { file: context.file, line: node.line },
      ...(uses ? { uses } : {}),
      with: given,
      env,
      ...(run ? { run } : {}),
      ...dirIn(node, context, known),
      when,
      always: runsAlways(condition),
      ...(tolerated ? { tolerated } : {}),
      trail: context.trail,
    },
  ];
}

const envValues = (env: Readonly<Record<string, string>>): Values =>
  Object.fromEntries(Object.entries(env).map(([key, value]) => [`env.${key}`, value]));

function scriptIn(node: Yaml, context: Context, known: Values) {
  const shell = text(get(node, 'shell')) ?? context.shell;
  const script = scriptOf(get(node, 'run'), context.file, shellOptions(shell));
  return script && { ...script, text: fill(script.text, known) };
}

/** Without `shell`, GitHub starts `bash -e`; with `shell: bash`, `bash -eo pipefail`. */
function shellOptions(shell: string | undefined): { errexit: boolean; pipefail: boolean } {
  if (shell === undefined || shell === 'sh') return { errexit: true, pipefail: false };
  if (shell === 'bash') return { errexit: true, pipefail: true };
  const options = shell.match(/\s-[a-z]*/g) ?? [];
  return { errexit: options.some((option) => option.includes('e')), pipefail: /pipefail/.test(shell) };
}

function dirIn(node: Yaml, context: Context, known: Values): Pick<Step, 'dir' | 'elsewhere'> {
  const asked = text(get(node, 'working-directory')) ?? context.dir ?? '.';
  const written = isTemplate(asked) ? fill(asked, { 'github.workspace': '.', ...known }) : asked;
  if (/[$`]/.test(written) || context.foreign) return { dir: rootPath(context.source, '.'), elsewhere: true };
  const checkout = context.checkout ? joined(context.checkout) : undefined;
  const dir = joined(written);
  const own =
    checkout && (dir === checkout || dir.startsWith(`${checkout}/`))
      ? joined('.', dir.slice(checkout.length + 1))
      : dir;
  return { dir: rootPath(context.source, own) };
}

function composite(
  uses: string,
  given: Readonly<Record<string, string>>,
  node: Yaml,
  when: When,
  context: Context,
): readonly Step[] {
  const folder = rootPath(context.source, joined(uses));
  const path = ['action.yml', 'action.yaml']
    .map((name) => joined(folder, name))
    .find((file) => context.source.workspace.has(file));
  const root = path ? context.source.yaml(path).documents[0] : undefined;
  if (!path || !root || context.depth > 5) return [];
  const trail: readonly Trail[] = [
    ...context.trail,
    { note: `uses ${path}`, at: { file: context.file, line: node.line } },
  ];
  const inner: Context = {
    source: context.source,
    file: path,
    values: { ...context.values, ...inputValues(get(root, 'inputs'), given) },
    env: { ...context.env, ...record(get(node, 'env')) },
    trail,
    depth: context.depth + 1,
  };
  const steps = stepsOf(get(root, 'runs', 'steps'), when, inner);
  const tolerated = isTrue(get(node, 'continue-on-error'))
    ? { file: context.file, line: lineOfKey(node, 'continue-on-error') ?? node.line }
    : undefined;
  return tolerated ? steps.map((step) => ({ ...step, tolerated })) : steps;
}
