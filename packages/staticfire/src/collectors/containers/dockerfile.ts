import {
  Add,
  Copy as CopyInstruction,
  DockerfileParser,
  Arg,
  Cmd,
  Entrypoint,
  Env,
  From,
  type Instruction,
  type JSONInstruction,
} from 'dockerfile-ast';
import type { Command, Copy, Dockerfile, Language, Stage } from '../../facts/containers.ts';
import type { Place } from '../../model/place.ts';
import { purposeOf } from './purpose.ts';
import { dirOf, words } from './words.ts';

type Parsed = Omit<Dockerfile, 'contexts'>;
type Args = Readonly<Record<string, string>>;

/** Reads a Dockerfile; undefined when no FROM stands in it. */
export function readDockerfile(file: string, text: string): Parsed | undefined {
  const all = DockerfileParser.parse(text).getInstructions();
  const first = all.findIndex((i) => i instanceof From);
  if (first === -1) return undefined;
  const globals = argsOf(all.slice(0, first));
  const stages = split(all.slice(first)).reduce<Stage[]>(
    (done, part) => [...done, stageOf(file, part, done, globals)],
    [],
  );
  return { file, dir: dirOf(file), purpose: purposeOf(file), stages, language: languageOf(stages) };
}

function split(instructions: readonly Instruction[]): readonly Instruction[][] {
  const parts: Instruction[][] = [];
  for (const instruction of instructions) {
    if (instruction instanceof From) parts.push([instruction]);
    else parts.at(-1)?.push(instruction);
  }
  return parts;
}

function argsOf(instructions: readonly Instruction[]): Args {
  const found: Record<string, string> = {};
  for (const instruction of instructions) {
    const property = instruction instanceof Arg ? instruction.getProperty() : null;
    const value = property?.getValue();
    if (property && value !== null && value !== undefined) found[property.getName()] = expand(value, found);
  }
  return found;
}

/** Fills in `$X`, `${X}` and `${X:-default}`; what is not known becomes ''. */
export const expand = (text: string, values: Args): string =>
  text.replaceAll(
    /\$\{(\w+)(?::?([-+])([^}]*))?\}|\$(\w+)/g,
    (_, braced?: string, mode?: string, other?: string, plain?: string) => {
      const value = values[braced ?? plain ?? ''];
      if (mode === '+') return value ? (other ?? '') : '';
      return value ?? (mode === '-' ? (other ?? '') : '');
    },
  );

function stageOf(file: string, part: readonly Instruction[], before: readonly Stage[], globals: Args): Stage {
  const [from] = part;
  const at = placeOf(file, from);
  const index = before.length;
  const image = from instanceof From ? expand(from.getImage() ?? '', globals) : '';
  const base = before.findIndex((stage) => stage.name?.toLowerCase() === image.toLowerCase());
  const own = { ...globals, ...argsOf(part) };
  const last = (keyword: string): Instruction | undefined => part.findLast((i) => i.getKeyword() === keyword);
  return {
    index,
    name: (from instanceof From && from.getBuildStage()) || undefined,
    image,
    base: base === -1 ? undefined : base,
    at,
    user: textOf(file, last('USER'), own),
    cmd: commandOf(file, last('CMD')),
    entrypoint: commandOf(file, last('ENTRYPOINT')),
    workdir: textOf(file, last('WORKDIR'), own)?.name,
    healthcheck: last('HEALTHCHECK') && placeOf(file, last('HEALTHCHECK')),
    stopSignal: textOf(file, last('STOPSIGNAL'), own)?.name,
    copies: part.filter((i) => ['COPY', 'ADD'].includes(i.getKeyword())).map((i) => copyOf(file, i, index)),
    runs: part
      .filter((i) => i.getKeyword() === 'RUN')
      .map((i) => ({ text: i.getRawArgumentsContent() ?? '', at: placeOf(file, i) })),
    env: envOf(part),
  };
}

function placeOf(file: string, instruction: Instruction | undefined): Place {
  const range = instruction?.getRange();
  return range ? { file, line: range.start.line + 1, endLine: range.end.line + 1 } : { file };
}

function textOf(file: string, instruction: Instruction | undefined, args: Args): Stage['user'] {
  const text = instruction?.getArgumentsContent();
  return text
    ? {
        name: expand(text.trim().replace(/^["']|["']$/g, ''), args),
        at: placeOf(file, instruction),
      }
    : undefined;
}

function commandOf(file: string, instruction: Instruction | undefined): Command | undefined {
  if (!(instruction instanceof Cmd || instruction instanceof Entrypoint)) return undefined;
  const text = (instruction.getArgumentsContent() ?? '').trim();
  const list = jsonWords(instruction);
  const at = placeOf(file, instruction);
  return list
    ? { form: 'exec', words: list, text: list.join(' '), at }
    : { form: 'shell', words: words(text), text, at };
}

/** The words of the exec form; undefined for the shell form, into which docker also falls back for broken JSON. */
function jsonWords(instruction: JSONInstruction): readonly string[] | undefined {
  if (!instruction.getOpeningBracket() || !instruction.getClosingBracket()) return undefined;
  try {
    const list: unknown = JSON.parse(instruction.getArgumentsContent() ?? '');
    return Array.isArray(list) && list.every((word) => typeof word === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

function copyOf(file: string, instruction: Instruction, stage: number): Copy {
  const text = instruction.getRawArgumentsContent() ?? '';
  const bare = text
    .replaceAll(/\\\r?\n/g, ' ')
    .replaceAll(/(?:^|\s)--[\w-]+(?:=\S+)?/g, ' ')
    .trim();
  const paths = listOf(bare) ?? words(bare);
  const from = flag(instruction, 'from');
  return {
    sources: paths.slice(0, -1),
    target: paths.at(-1) ?? '',
    from,
    stage,
    at: placeOf(file, instruction),
  };
}

/** The value of a flag. The library's own accessor looks at the first flag only. */
function flag(instruction: Instruction, name: string): string | undefined {
  const flags = instruction instanceof CopyInstruction || instruction instanceof Add ? instruction.getFlags() : [];
  return flags.find((found) => found.getName() === name)?.getValue() ?? undefined;
}

function listOf(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '');
}

function envOf(part: readonly Instruction[]): Stage['env'] {
  const found: Record<string, string | undefined> = {};
  for (const instruction of part) {
    if (!(instruction instanceof Env)) continue;
    for (const property of instruction.getProperties()) {
      const name = property.getName();
      found[name] = name === 'NODE_ENV' ? (property.getUnescapedValue() ?? undefined) : undefined;
    }
  }
  return found;
}

const runtimes: readonly (readonly [RegExp, Language])[] = [
  [
    /(?:^|[/_-])(?:node|bun|deno|nodejs\d*(?:-debian\d*)?|iojs|javascript-node|playwright|puppeteer|keystone|strapi|lambda\/nodejs|n8n|pm2|nodesource)(?:$|[:@/_-])/,
    'node',
  ],
  [/(?:^|[/_-])(?:nginx|caddy|httpd|apache|nginx-unprivileged|static-web-server|traefik)(?:$|[:@/_-])/, 'web-server'],
  [
    /(?:^|[/_-])(?:python\d*|golang|go|rust|openjdk|eclipse-temurin|ruby|php|elixir|dotnet|aspnet|sdk|postgres|mysql|mariadb|mongo|redis|minio|gotenberg|elasticsearch|rabbitmq|kafka|maven|gradle|java\d*|miniconda\d*|pytorch|cuda|uv|swift|erlang|perl|r-base|clickhouse[\w-]*|keycloak|grafana|prometheus|localstack|mailhog|mailpit|mssql)(?:$|[:@/_-])/,
    'other',
  ],
];
const nodeCommand =
  /^(?:.*\/)?(?:node|nodejs|bun|bunx|deno|npm|npx|pnpm|pnpx|yarn|tsx|ts-node|next|nest|pm2|pm2-runtime|nodemon|turbo|nx)$/;

function languageOf(stages: readonly Stage[]): Language {
  const last = stages.at(-1);
  if (!last) return 'unknown';
  const chain = stagesBelow(stages, last);
  const byImage = runtimes.find(([pattern]) => pattern.test(chain.at(-1)?.image ?? ''))?.[1];
  if (byImage) return byImage;
  const starts = chain.flatMap((s) => [...(s.entrypoint?.words ?? []), ...(s.cmd?.words ?? [])]);
  if (starts.some((word) => nodeCommand.test(word))) return 'node';
  const runs = chain.flatMap((s) => s.runs).map((run) => run.text);
  return runs.some((text) =>
    /\b(?:npm|pnpm|yarn|bun) (?:ci|i|install|run|build)\b|\b(?:nodejs|nodesource)\b/.test(text),
  )
    ? 'node'
    : 'unknown';
}

function stagesBelow(stages: readonly Stage[], stage: Stage): readonly Stage[] {
  const base = stage.base === undefined ? undefined : stages[stage.base];
  return base ? [stage, ...stagesBelow(stages, base)] : [stage];
}
