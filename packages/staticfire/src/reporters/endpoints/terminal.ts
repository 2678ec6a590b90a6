import type { MappedEndpoint } from '../../model/endpoint-map.ts';
import { clean, count, cut, widthOf, wrap } from '../text.ts';
import { grouped, type Group } from './groups.ts';
import { cell, paintOf, standingOf, standings, titles, type MapView, type Standing } from './page.ts';

const narrow = 90;

/** The map as a table, those that answer anyone first. */
export function endpointTable(view: MapView): string {
  const lines = view.map.services.flatMap(({ id }) => ofService(view, id));
  return `${[...lines, ...lostLines(view), ...closing(view)].join('\n')}\n`;
}

function ofService(view: MapView, id: string): readonly string[] {
  const own = view.shown.filter(({ service }) => service === id);
  if (own.length === 0) return [];
  const paint = paintOf(view);
  const sections = standings.flatMap((standing) => {
    const list = own.filter((one) => standingOf(one) === standing);
    return list.length === 0 ? [] : ['', section(view, standing, list.length), ...rows(view, standing, list)];
  });
  return [`${paint.bold(id)}  ${count(own.length, 'endpoint')}`, ...sections, ''];
}

function section(view: MapView, standing: Standing, found: number): string {
  const paint = paintOf(view);
  const color =
    standing === 'open'
      ? paint.red
      : standing === 'unknown'
        ? paint.yellow
        : standing === 'kept'
          ? paint.green
          : paint.cyan;
  return color(`${titles[standing]} (${found})`);
}

/** The places are found by `--trace`; a line shows what stands where nobody is asked. */
function rows(view: MapView, standing: Standing, list: readonly MappedEndpoint[]): readonly string[] {
  const groups = grouped(list, view.all || standing === 'open' || standing === 'unknown');
  if (view.width < narrow) return groups.flatMap((group) => stacked(view, group, standing));
  const widths = columnsOf(view.width);
  return [header(view, widths), ...groups.map((group) => row(view, group, standing, widths))];
}

interface Columns {
  readonly path: number;
  readonly authentication: number;
  readonly other: number;
}

/** Method 7, two signs of space, and what is left is shared. */
function columnsOf(width: number): Columns {
  const left = Math.min(width, 160) - 9 - 3 * 9 - 2;
  const path = Math.floor(left * 0.6);
  return { path, authentication: left - path, other: 8 };
}

const others: readonly (readonly [name: string, title: string])[] = [
  ['input', 'INPUT'],
  ['limit', 'LIMIT'],
  ['signature', 'SIGNED'],
];

function header(view: MapView, { path, authentication, other }: Columns): string {
  const cells = others.map(([, title]) => pad(title, other));
  return paintOf(view).dim(
    `  ${pad('METHOD', 8)}${pad('PATH', path)} ${pad('AUTHENTICATION', authentication)} ${cells.join(' ')}`.trimEnd(),
  );
}

function row(
  view: MapView,
  { first, label, many }: Group,
  standing: Standing,
  { path, authentication, other }: Columns,
): string {
  const said = clean(many > 1 ? label : first.path);
  const shown = pad(tail(said, path), path);
  const auth = pad(cut(authentication < 8 ? '' : authOf(first, standing), authentication), authentication);
  const cells = others.map(([name]) => pad(sign(cell(first, name), other, view.unicode), other));
  return `  ${pad(many > 1 ? `${many} x` : clean(first.method), 8)}${shown} ${auth} ${cells.join(' ')}`.trimEnd();
}

/** In the table a plain word; the whole stands in the trace. */
function authOf(one: MappedEndpoint, standing: Standing): string {
  if (standing === 'public') return one.open?.kind ?? 'public';
  const { authentication, signature } = one.protections;
  const found =
    authentication?.answer === 'yes' ? authentication : signature?.answer === 'yes' ? signature : authentication;
  return clean(found?.answer === 'yes' ? found.what : (found?.why ?? '') || 'no check');
}

const sign = (text: string, width: number, unicode: boolean): string =>
  text === '-' ? (unicode ? '·' : '-') : cut(text, width, unicode ? '…' : '.');

/** For narrow terminals: two lines each. */
function stacked(view: MapView, { first, label, many }: Group, standing: Standing): readonly string[] {
  const width = Math.max(24, view.width);
  const head = many > 1 ? `${many} x ${label}` : `${first.method} ${first.path}`;
  const facts = others.flatMap(([name, title]) =>
    cell(first, name) === '-' ? [] : [`${title.toLowerCase()} ${cell(first, name)}`],
  );
  const below = clean([authOf(first, standing), ...facts].join('; '));
  return [
    ...wrap(clean(head), width - 2).map((line) => `  ${line}`),
    ...wrap(below, width - 6).map((line) => `      ${paintOf(view).dim(line)}`),
  ];
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** The end of a path tells it apart. */
function tail(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return `...${text.slice(-(width - 3))}`;
}

function lostLines(view: MapView): readonly string[] {
  const { lost, unread } = view.map;
  if (lost.length === 0 && unread.length === 0) return [];
  const paint = paintOf(view);
  const said = lost
    .slice(0, view.all ? lost.length : 5)
    .flatMap(({ file, line, why }) => wrap(clean(`${file}:${line ?? 1} ${why}`), view.width - 2));
  return [
    paint.yellow(`Not read (${lost.length + unread.length})`),
    ...unread.map(({ service, framework }) => `  ${service}: no reader knows the endpoints of ${framework}`),
    ...said.map((line) => `  ${line}`),
    ...(lost.length > 5 && !view.all ? [`  and ${lost.length - 5} more: --all lists them`] : []),
    '',
  ];
}

function closing(view: MapView): readonly string[] {
  const { endpoints } = view.map;
  const of = (standing: Standing): number => view.shown.filter((one) => standingOf(one) === standing).length;
  const left = view.shown.length === endpoints.length ? '' : ` of ${endpoints.length}`;
  const first = view.shown.find((one) => standingOf(one) === 'open');
  const sentence = `${count(view.shown.length, 'endpoint')}${left}: ${of('kept')} ask who calls, ${of('public')} are open by what they are, ${of('open')} answer anyone, ${of('unknown')} could not be followed.`;
  const starred = view.shown.some(({ protections }) =>
    Object.values(protections).some(({ answer, why }) => answer === 'no' && why !== ''),
  );
  return [
    ...wrap(sentence, view.width),
    ...(starred ? ['no *: something is there that does not count; --trace tells why.'] : []),
    ...(first
      ? wrap(`See why: staticfire endpoints --trace '${clean(first.method)} ${clean(first.path)}'`, view.width)
      : []),
  ];
}
