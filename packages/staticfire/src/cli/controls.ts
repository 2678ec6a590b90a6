import pc from 'picocolors';
import type { CatalogueEntry } from '../model/catalogue.ts';
import type { AnyControl } from '../model/control.ts';
import { hang, widthOf } from '../reporters/text.ts';
import { exitCodes } from './exit.ts';
import type { Io } from './io.ts';
import { styleOf, type Style } from './terminal.ts';
import type { Tools } from './tools.ts';

/** Lists every control. */
export async function controlsCommand(io: Io, tools: Tools, format: string): Promise<number> {
  const controls = await tools.controls();
  await io.stdout.write(format === 'json' ? json(controls) : `${table(controls, styleOf(io, io.stdout)).join('\n')}\n`);
  return exitCodes.go;
}

const fields = [
  ...(['id', 'area', 'scope', 'severity', 'confidence', 'level', 'stage', 'since'] as const),
  ...(['title', 'why', 'failure', 'remedy', 'done', 'references', 'messages'] as const),
] satisfies (keyof CatalogueEntry)[];

const json = (controls: readonly AnyControl[]): string =>
  `${JSON.stringify(
    controls.map((control) => Object.fromEntries(fields.map((field) => [field, control[field]]))),
    null,
    2,
  )}\n`;

function table(controls: readonly AnyControl[], style: Style): string[] {
  const paint = pc.createColors(style.color);
  const width = Math.min(style.width, 120);
  const widest = Math.max(0, ...controls.map(({ id }) => id.length));
  return controls.flatMap(({ id, severity, stage, title }) => {
    const trial = stage === 'stable' ? '' : ` (${stage})`;
    const prefix = `${paint.bold(id)}${' '.repeat(widest - id.length)}  ${severity.padEnd(8)}  `;
    return hang({ shown: prefix, width: widthOf(`${' '.repeat(widest)}  12345678  `) }, title.pass + trial, width);
  });
}
