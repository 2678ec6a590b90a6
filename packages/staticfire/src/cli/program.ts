import { Option, type Command } from 'commander';
import { version } from '../version.ts';
import type { AuditFlags } from './audit.ts';
import type { EndpointFlags } from './endpoints.ts';

/** The reporters' ids; loading the reporters only to list them would slow every start. */
export const formats = ['terminal', 'json', 'markdown'];

/** What the commands do, once the words are understood. */
export interface Commands {
  audit(dir: string, flags: AuditFlags): Promise<void>;
  endpoints(dir: string, flags: EndpointFlags): Promise<void>;
  explain(control: string): Promise<void>;
  controls(format: string): Promise<void>;
}

const about = `Is this TypeScript service ready for production?
Reads the repository and answers GO or NO-GO, with evidence. Nothing of it is executed, installed or sent anywhere.`;

const examples = `
Examples:
  $ staticfire                                  audit the current directory
  $ staticfire services/api --verbose           every finding in full, what passed, timing
  $ staticfire --only auth,config/example-file  only these areas and controls
  $ staticfire --format json --output staticfire.json
  $ staticfire endpoints --without authentication   what a stranger can call
  $ staticfire explain auth/fail-open-guard     why it matters and what counts as done

Exit codes:
  0  GO: nothing blocks the launch
  1  NO-GO: at least one critical finding of a stable control
  2  a problem: the question could not be understood or answered
  3  nothing to audit: no service was found
  70 a bug in staticfire`;

const collect = (value: string, before: readonly string[] = []): string[] => [
  ...before,
  ...value.split(',').map(trimmed).filter(Boolean),
];
const trimmed = (word: string): string => word.trim();

/** The words of the command line. `base` carries how to write and how to end. */
export function programOf(base: Command, commands: Commands): Command {
  const program = base.name('staticfire').description(about).version(version, '--version', 'print the version');
  program.helpOption('-h, --help', 'print help').helpCommand('help [command]', 'print help for a command');
  program.configureHelp({
    visibleOptions: (command) =>
      [...(command === program ? command.commands : []).filter(isAudit), command].flatMap(optionsOf).concat(help),
    optionDescription: ({ description }) => description,
    argumentDescription: ({ description }) => description,
  });
  addAudit(program, commands);
  addEndpoints(program, commands);
  addExplain(program, commands);
  addControls(program, commands);
  return program.usage('[audit] [dir] [options]').addHelpText('after', examples);
}

const help = new Option('-h, --help', 'print help');
const optionsOf = (command: Command): readonly Option[] => command.options;
/** The program's own help also tells the options of its default command. */
const isAudit = (command: Command): boolean => command.name() === 'audit';

function addAudit(program: Command, commands: Commands): void {
  program
    .command('audit', { isDefault: true })
    .description('audit a directory (the default command)')
    .argument('[dir]', 'the directory; the current one when it is left out', '.')
    .addOption(
      new Option('--format <format>', 'terminal (the default), json or markdown').choices(formats).default('terminal'),
    )
    .option('--output <file>', 'write the report to a file')
    .option('--only <ids>', 'only these controls or areas; may be repeated', collect)
    .option('--skip <ids>', 'not these controls or areas; may be repeated', collect)
    .option('--service <id>', 'only this service, and what belongs to the repository')
    .option('--verbose', 'every finding in full, what passed, timing')
    .option('--no-cache', 'parse every file again')
    .action((dir: string, flags: AuditFlags) => commands.audit(dir, flags));
}

function addEndpoints(program: Command, commands: Commands): void {
  program
    .command('endpoints')
    .description('list every endpoint with what protects it, or trace one')
    .argument('[dir]', 'the directory; the current one when it is left out', '.')
    .addOption(
      new Option('--format <format>', 'terminal (the default), json, csv or markdown')
        .choices(['terminal', 'json', 'csv', 'markdown'])
        .default('terminal'),
    )
    .option('--output <file>', 'write to a file')
    .option('--without <protections>', 'only those that lack these, such as authentication; may be repeated', collect)
    .option('--method <methods>', 'only these methods, such as POST,PUT')
    .option('--path <part>', 'only paths with this part; * stands for anything')
    .option('--service <id>', 'only this service')
    .option('--unknown', 'only those of which something could not be followed')
    .option('--all', 'every endpoint on a line of its own')
    .option('--trace <endpoint>', "one endpoint whole: its chain and the path of each proof, as in 'POST /api/x'")
    .option('--no-cache', 'parse every file again')
    .action((dir: string, flags: EndpointFlags) => commands.endpoints(dir, flags));
}

function addExplain(program: Command, commands: Commands): void {
  program
    .command('explain')
    .description('tell what a control is about: why, failure, remedy, what counts as done')
    .argument('<control>', 'its id, such as auth/fail-open-guard')
    .action((control: string) => commands.explain(control));
}

function addControls(program: Command, commands: Commands): void {
  program
    .command('controls')
    .description('list every control')
    .addOption(
      new Option('--format <format>', 'terminal (the default) or json')
        .choices(['terminal', 'json'])
        .default('terminal'),
    )
    .action(({ format }: { format: string }) => commands.controls(format));
}
