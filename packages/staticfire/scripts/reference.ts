import { Command } from 'commander';
import { programOf } from '../src/cli/program.ts';
import { controls } from '../src/controls/index.ts';
import { areas } from '../src/model/area.ts';
import type { AnyControl } from '../src/model/control.ts';
import { escapePlain, escapeText, fenced } from '../src/reporters/markup.ts';
import * as bases from '../src/testing/bases.ts';
import type { ControlCase, ControlCases } from '../src/testing/cases.ts';

const all: readonly AnyControl[] = controls;

/** Path below docs/reference and text of every generated page. */
export function pages(suites: readonly ControlCases[]): Map<string, string> {
  const cases = new Map(suites.map((suite) => [suite.control.id, suite.cases]));
  return new Map([
    ['README.md', index()],
    ['command-line.md', commandLine()],
    ...all.map((control): [string, string] => [
      `controls/${control.id}.md`,
      controlPage(control, cases.get(control.id) ?? []),
    ]),
  ]);
}

const page = (blocks: readonly string[]): string => `${blocks.join('\n\n')}\n`;

function index(): string {
  const found = areas.filter((area) => all.some((control) => control.area === area));
  return page([
    '# Reference',
    'Generated from the code by `npm run generate`; do not edit.',
    '- [The command line](command-line.md)',
    `## Controls (${all.length})`,
    ...found.flatMap((area) => [`### ${area}`, table(all.filter((control) => control.area === area))]),
  ]);
}

const table = (rows: readonly AnyControl[]): string =>
  ['| control | severity | met when |', '|---|---|---|', ...rows.map(row)].join('\n');

const row = ({ id, severity, title }: AnyControl): string =>
  `| [${id}](controls/${id}.md) | ${severity} | ${escapePlain(title.pass)} |`;

function controlPage(control: AnyControl, cases: readonly ControlCase[]): string {
  return page([
    `# ${control.id}`,
    escapeText(control.title.pass),
    facts(control),
    ...part('Why it matters', control.why),
    ...part('How it fails in production', control.failure),
    ...part('What to do', control.remedy),
    ...part('What counts as done', control.done),
    '## What it can find',
    messages(control),
    ...examples(cases),
    '## References',
    control.references.map((url) => `- <${url}>`).join('\n'),
  ]);
}

const part = (title: string, text: string): string[] => [`## ${title}`, escapeText(text)];

const facts = ({ severity, confidence, level, stage, since, scope }: AnyControl): string =>
  [
    '| severity | confidence | proof | stage | since | judged for |',
    '|---|---|---|---|---|---|',
    `| ${severity} | ${confidence} | ${level} | ${stage} | ${since} | ${scope === 'service' ? 'each service' : 'the repository'} |`,
  ].join('\n');

function messages(control: AnyControl): string {
  const specs: [string, { text: string; remedy: string; severity?: string }][] = Object.entries(control.messages);
  return [
    '| message | severity | says | remedy |',
    '|---|---|---|---|',
    ...specs.map(
      ([id, { text, remedy, severity }]) =>
        `| ${id} | ${severity ?? control.severity} | ${escapePlain(text)} | ${escapePlain(remedy)} |`,
    ),
  ].join('\n');
}

function examples(cases: readonly ControlCase[]): string[] {
  const shown = (show: 'good' | 'bad'): ControlCase[] => cases.filter((each) => each.show === show);
  return [
    ...shown('bad').flatMap((each) => example('Fails', each)),
    ...shown('good').flatMap((each) => example('Passes', each)),
  ];
}

function example(word: string, each: ControlCase): string[] {
  const found = each.expect.verdict === 'fail' ? each.expect.findings.map((finding) => `- \`${finding}\``) : [];
  return [
    `## ${word}: ${escapeText(each.name)}`,
    ...ownFiles(each).flatMap(([path, text]) => [`\`${path}\``, fenced(text.trimEnd().split('\n'), languageOf(path))]),
    ...(found.length > 0 ? ['Findings:', found.join('\n')] : []),
  ];
}

/** What the example adds to its base; a base alone shows nothing about the control. */
function ownFiles({ files }: ControlCase): [string, string][] {
  const given = Object.values(bases).map((base) => base({}));
  const own = Object.entries(files).filter(([path, text]) => !given.some((base) => base[path] === text));
  return own.length > 0 ? own : Object.entries(files);
}

const languages: Readonly<Record<string, string>> = {
  ts: 'ts',
  tsx: 'tsx',
  js: 'js',
  mjs: 'js',
  cjs: 'js',
  json: 'json',
  yml: 'yaml',
  yaml: 'yaml',
  md: 'markdown',
  prisma: 'prisma',
  sql: 'sql',
  toml: 'toml',
};

const languageOf = (path: string): string =>
  /(?:^|\/)Dockerfile/.test(path) ? 'dockerfile' : (languages[path.split('.').at(-1) ?? ''] ?? '');

function commandLine(): string {
  let text = '';
  const nothing = (): Promise<void> => Promise.resolve();
  const base = new Command().configureOutput({
    writeOut: (part) => void (text += part),
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  const program = programOf(base, { audit: nothing, endpoints: nothing, explain: nothing, controls: nothing });
  const helpOf = (command: Command): string => {
    text = '';
    command.outputHelp();
    return fenced(text.trimEnd().split('\n'));
  };
  return page([
    '# The command line',
    'Generated from the code by `npm run generate`; do not edit.',
    helpOf(program),
    ...program.commands.flatMap((command) => [`## staticfire ${command.name()}`, helpOf(command)]),
    '## Environment',
    environment,
  ]);
}

const environment = [
  '| variable | effect |',
  '|---|---|',
  '| `NO_COLOR` | no colour, whatever the terminal |',
  '| `FORCE_COLOR` | colour even when the output is piped; `0` for none |',
  '| `CI` | no progress line |',
  '| `COLUMNS` | width of the report when the output is not a terminal |',
  "| `STATICFIRE_CACHE_DIR` | where summaries are kept between runs; otherwise `XDG_CACHE_HOME/staticfire` or the system's cache folder |",
].join('\n');
