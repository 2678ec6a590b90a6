import type { MappedEndpoint } from '../../model/endpoint-map.ts';
import { escapePlain } from '../markup.ts';
import { clean, count } from '../text.ts';
import { cell, standingOf, standings, titles, type MapView } from './page.ts';

const columns = ['authentication', 'input', 'limit', 'signature'];

/** The map as tables, those that answer anyone first. */
export function endpointMarkdown({ map, shown }: MapView): string {
  const lines = [
    `# Endpoints of ${escapePlain(clean(map.subject.name))}`,
    '',
    `${count(shown.length, 'endpoint')}.`,
    '',
  ];
  for (const { id } of map.services)
    for (const standing of standings) {
      const own = shown.filter((one) => one.service === id && standingOf(one) === standing);
      if (own.length > 0)
        lines.push(
          `## ${escapePlain(clean(id))}: ${titles[standing].toLowerCase()} (${own.length})`,
          '',
          ...table(own),
          '',
        );
    }
  for (const { file, line, why } of map.lost)
    lines.push(`- not read: ${escapePlain(clean(`${file}:${line ?? 1} ${why}`))}`);
  return `${lines.join('\n').trimEnd()}\n`;
}

const table = (list: readonly MappedEndpoint[]): readonly string[] => [
  `| method | path | place | ${columns.join(' | ')} |`,
  `| --- | --- | --- | ${columns.map(() => '---').join(' | ')} |`,
  ...list.map(
    (one) =>
      `| ${[one.method, one.path, `${one.file}:${one.line}`, ...columns.map((name) => cell(one, name))].map((text) => escapePlain(clean(text))).join(' | ')} |`,
  ),
];
