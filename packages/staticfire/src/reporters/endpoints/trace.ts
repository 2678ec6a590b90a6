import type { MappedEndpoint, MappedProtection, MappedStep } from '../../model/endpoint-map.ts';
import { clean, cleanLine, linesOf, wrap } from '../text.ts';
import { nameOf, paintOf, standingOf, titles, type MapView } from './page.ts';

/** One endpoint whole: its chain in order, and for each protection the path that proves it, with the code. */
export function endpointTrace(view: MapView): string {
  return `${view.shown.flatMap((one) => whole(view, one)).join('\n')}\n`;
}

function whole(view: MapView, one: MappedEndpoint): readonly string[] {
  const paint = paintOf(view);
  const standing = standingOf(one);
  const color = standing === 'open' ? paint.red : standing === 'kept' ? paint.green : paint.yellow;
  return [
    `${paint.bold(clean(nameOf(one)))}  ${color(titles[standing].toLowerCase())}`,
    paint.dim(`${one.service}, ${one.framework}, ${one.file}:${one.line}`),
    ...(one.open ? wrap(`It may be open: ${one.open.why}.`, view.width) : []),
    ...(one.sensitive.length > 0 ? wrap(clean(`It matters: ${one.sensitive.join('; ')}.`), view.width) : []),
    '',
    paint.bold('What runs, in order'),
    ...one.chain.map(
      ({ name, role, file, line }, index) => `  ${index + 1}. ${clean(name)}  ${paint.dim(`${role}, ${file}:${line}`)}`,
    ),
    '',
    ...Object.entries(one.protections).flatMap(([name, found]) => protection(view, name, found)),
  ];
}

function protection(view: MapView, name: string, found: MappedProtection): readonly string[] {
  const paint = paintOf(view);
  const word =
    found.answer === 'yes' ? paint.green('yes') : found.answer === 'no' ? paint.red('no') : paint.yellow('unknown');
  const said = clean([found.what, found.why].filter((part) => part !== '').join('; '));
  const [first = '', ...rest] = wrap(said, view.width - 26);
  const head =
    `${paint.bold(name.padEnd(15))} ${word}${' '.repeat(Math.max(1, 8 - found.answer.length))} ${first}`.trimEnd();
  const steps = found.trail.flatMap((step, index) => [
    `  ${index + 1}. ${clean(step.note)}${placeOf(view, step)}`,
    ...frame(view, step),
  ]);
  return [head, ...rest.map((line) => `${' '.repeat(25)}${line}`), ...steps, ...(steps.length > 0 ? [''] : [])];
}

const placeOf = (view: MapView, { file, line }: MappedStep): string =>
  file === undefined ? '' : paintOf(view).dim(`  ${clean(file)}${line === undefined ? '' : `:${line}`}`);

function frame(view: MapView, { excerpt, excerptLine, line }: MappedStep): readonly string[] {
  if (excerpt === undefined || excerptLine === undefined) return [];
  const paint = paintOf(view);
  const bar = view.unicode ? '│' : '|';
  const rows = linesOf(excerpt);
  const indent = Math.min(...rows.filter((row) => row.trim() !== '').map((row) => row.length - row.trimStart().length));
  return rows.map((text, index) => {
    const number = excerptLine + index;
    const shown = `     ${number === line ? '>' : ' '} ${String(number).padStart(5)} ${bar} ${cleanLine(text.slice(Number.isFinite(indent) ? indent : 0)).slice(0, Math.max(20, view.width - 18))}`;
    return number === line ? shown : paint.dim(shown);
  });
}
