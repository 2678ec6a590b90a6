import { endpointCsv } from './csv.ts';
import { endpointMarkdown } from './markdown.ts';
import type { MapView } from './page.ts';
import { endpointTable } from './terminal.ts';

/** Sorted by id. */
export const mapReporters: Readonly<Record<string, (view: MapView) => string>> = {
  csv: endpointCsv,
  json: ({ map, shown }) => `${JSON.stringify({ ...map, endpoints: shown }, null, 2)}\n`,
  markdown: endpointMarkdown,
  terminal: endpointTable,
};
