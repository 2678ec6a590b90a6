import pc from 'picocolors';
import type { AnyControl } from '../model/control.ts';
import { hang, wrap } from '../reporters/text.ts';
import { exitCodes } from './exit.ts';
import type { Io } from './io.ts';
import { unknownControl } from './select.ts';
import { styleOf, type Style } from './terminal.ts';
import type { Tools } from './tools.ts';

/** Tells what a control is about. */
export async function explainCommand(io: Io, tools: Tools, id: string): Promise<number> {
  const controls = await tools.controls();
  const control = controls.find((each) => each.id === id);
  if (!control) throw unknownControl('explain', id, controls);
  await io.stdout.write(`${explanation(control, styleOf(io, io.stdout)).join('\n')}\n`);
  return exitCodes.go;
}

function explanation(control: AnyControl, style: Style): string[] {
  const width = Math.min(style.width, 100);
  const paint = pc.createColors(style.color);
  const part = (title: string, text: string): string[] => [
    '',
    paint.bold(title),
    ...wrap(text, width - 2).map((line) => `  ${line}`),
  ];
  return [
    paint.bold(control.id),
    ...wrap(control.title.pass, width),
    ...wrap(factsOf(control), width).map((line) => paint.dim(line)),
    ...part('Why it matters', control.why),
    ...part('How it fails in production', control.failure),
    ...part('What to do', control.remedy),
    ...part('What counts as done', control.done),
    '',
    paint.bold('What it can find'),
    ...messageLines(control, width),
    '',
    paint.bold('References'),
    ...control.references.map((reference) => `  ${reference}`),
  ];
}

const factsOf = ({ severity, confidence, level, stage, since, scope }: AnyControl): string =>
  `${severity}, ${confidence}; proof: ${level}; ${stage} since ${since}; judged for ${scope === 'service' ? 'each service' : 'the repository'}`;

function messageLines(control: AnyControl, width: number): string[] {
  const messages: [string, { text: string; severity?: string }][] = Object.entries(control.messages);
  return messages.flatMap(([id, { text, severity }]) => {
    const weight = severity === undefined ? '' : ` (${severity})`;
    return [...hang({ shown: '  - ', width: 4 }, `${readable(text)}${weight} [${id}]`, width)];
  });
}

/** Slots read as placeholders: {name} becomes <name>. */
const readable = (text: string): string => text.replace(/\{(\w+)\}/g, '<$1>');
