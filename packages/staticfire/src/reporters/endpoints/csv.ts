import type { MapView } from './page.ts';
import { cell, standingOf } from './page.ts';

const columns = [
  'authentication',
  'authorization',
  'input',
  'limit',
  'signature',
  'csrf',
  'cors',
  'body-limit',
  'audit',
  'errors',
  'request-id',
];

/** One line an endpoint, for a spreadsheet. */
export function endpointCsv({ shown }: MapView): string {
  const head = ['service', 'method', 'path', 'file', 'line', 'framework', 'standing', ...columns, 'open', 'sensitive'];
  const rows = shown.map((one) => [
    one.service,
    one.method,
    one.path,
    one.file,
    String(one.line),
    one.framework,
    standingOf(one),
    ...columns.map((name) => cell(one, name)),
    one.open?.why ?? '',
    one.sensitive.join('; '),
  ]);
  return `${[head, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`;
}

/** What a spreadsheet would run as a formula is text. */
function quoted(text: string): string {
  const harmless = /^[=+@\t\r]|^-(?=.)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
