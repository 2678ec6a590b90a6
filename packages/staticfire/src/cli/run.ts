import { Command, CommanderError } from 'commander';
import { exitCodes } from './exit.ts';
import type { Io } from './io.ts';
import { programOf, type Commands } from './program.ts';
import type { Tools } from './tools.ts';

/** Runs one command line and says how the process should end. Each command is loaded when it is called. */
export async function run(io: Io, tools: Tools): Promise<number> {
  try {
    return await parse(io, tools);
  } catch (error) {
    const { tellFailure, usageProblem } = await import('./failure.ts');
    return tellFailure(io, error instanceof CommanderError ? usageProblem(error.message) : error);
  }
}

async function parse(io: Io, tools: Tools): Promise<number> {
  let code: number = exitCodes.go;
  let printed = '';
  const base = new Command().exitOverride().configureOutput({
    writeOut: (text) => void (printed += text),
    writeErr: () => {},
    outputError: () => {},
    getOutHelpWidth: () => Math.min(io.stdout.columns ?? 100, 100),
    getOutHasColors: () => false,
  });
  const commands: Commands = {
    audit: async (dir, flags) => void (code = await (await import('./audit.ts')).auditCommand(io, tools, dir, flags)),
    endpoints: async (dir, flags) =>
      void (code = await (await import('./endpoints.ts')).endpointsCommand(io, tools, dir, flags)),
    explain: async (control) => void (code = await (await import('./explain.ts')).explainCommand(io, tools, control)),
    controls: async (format) => void (code = await (await import('./controls.ts')).controlsCommand(io, tools, format)),
  };
  try {
    await programOf(base, commands).parseAsync([...io.argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
    await io.stdout.write(printed);
  }
  return code;
}
