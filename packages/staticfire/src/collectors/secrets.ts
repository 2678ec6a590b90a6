import { secrets, type Secret } from '../facts/secrets.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { type Hit, isCandidate, markedSecrets, namedSecrets } from './secrets/detect.ts';
import { readingOf } from './secrets/homes.ts';
import { keystoreSecrets } from './secrets/keystores.ts';
import { type Lint, loadLint } from './secrets/lint.ts';

export const secretsCollector = defineCollector({
  fact: secrets,
  needs: {},
  async collect({ workspace, signal }) {
    const skipped: Record<string, number> = {};
    const list: Secret[] = [];
    let lint: Lint | undefined;
    let filesRead = 0;
    let candidates = 0;
    for (const file of workspace.files) {
      if (signal.aborted) break;
      const reading = file.tracked ? readingOf(file.path, file.size) : { skip: 'not tracked' };
      if ('skip' in reading) {
        skipped[reading.skip] = (skipped[reading.skip] ?? 0) + 1;
        continue;
      }
      const text = workspace.read(file.path);
      if (text === undefined) continue;
      filesRead += 1;
      const hits = [
        ...namedSecrets(text, { path: file.path, home: reading.home }),
        ...keystoreSecrets(workspace, file.path, text),
      ];
      if (isCandidate(text)) {
        candidates += 1;
        lint ??= await loadLint();
        hits.push(...markedSecrets(text, reading.home), ...(await lint(file.path, text)));
      }
      list.push(
        ...placed(text, file.path, hits).map((hit) => ({
          ...hit,
          weight: weighed(hit, file.path),
          home: reading.home,
        })),
      );
    }
    return known({ list, filesRead, candidates, skipped });
  },
});

const local =
  /(?:^|[/._-])(?:localhost|local|dev|development|snakeoil|self-?signed|dummy|test|example|sample|demo)(?:[._/-]|$)/i;

/** Certificates for development open nothing. */
const weighed = (hit: Omit<Secret, 'home'>, path: string): Secret['weight'] =>
  local.test(path) && hit.kind === 'private-key' ? 'doubtful' : hit.weight;

/** One secret a line, the weightiest first, in order of lines. */
function placed(text: string, file: string, hits: readonly Hit[]): readonly Omit<Secret, 'home'>[] {
  const byLine = new Map<number, Omit<Secret, 'home'>>();
  for (const { index, ...hit } of hits.toSorted((a, b) => rank(b) - rank(a))) {
    const { line, column } = positionOf(text, index);
    if (!byLine.has(line)) byLine.set(line, { ...hit, at: { file, line, column } });
  }
  return [...byLine.values()].toSorted((a, b) => (a.at.line ?? 0) - (b.at.line ?? 0));
}

const rank = (hit: Hit): number =>
  ['doubtful', 'real-looking', 'live'].indexOf(hit.weight) * 2 +
  (hit.kind === 'vendor-key' || hit.kind === 'database-url' ? 1 : 0);

function positionOf(text: string, index: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, index);
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') };
}
