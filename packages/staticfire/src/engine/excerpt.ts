import type { Place } from '../model/place.ts';
import type { Workspace } from '../model/workspace.ts';
import { redact } from './redact.ts';

/** Lines of files, redacted; strictly where a secret is known to stand. Each file's text is read once and not kept beyond a few. */
export interface Excerpts {
  /** The one line at a place, trimmed; undefined when there is none. */
  line(place: Place, strict?: boolean): string | undefined;
  /** The lines around a place, and the number of the first. */
  around(
    place: Place,
    context: number,
    strict?: boolean,
  ): { readonly text: string; readonly first: number } | undefined;
}

const longestLine = 300;
const keptFiles = 64;

export function createExcerpts(workspace: Workspace): Excerpts {
  const kept = new Map<string, readonly string[]>();
  const linesOf = (file: string): readonly string[] => {
    const found = kept.get(file);
    if (found) return found;
    const lines = (workspace.read(file) ?? '').split(/\r?\n/);
    if (kept.size >= keptFiles) kept.delete(kept.keys().next().value ?? '');
    kept.set(file, lines);
    return lines;
  };
  const shown = (file: string, lines: readonly string[], strict: boolean): readonly string[] =>
    redact(lines.map(cut), file, strict);
  return {
    line: ({ file, line }, strict = false) => {
      const text = line === undefined ? undefined : linesOf(file)[line - 1];
      return text === undefined ? undefined : shown(file, [text], strict)[0]?.trim();
    },
    around: ({ file, line, endLine }, context, strict = false) => {
      if (line === undefined) return undefined;
      const lines = linesOf(file);
      if (line > lines.length) return undefined;
      const first = Math.max(1, line - context);
      const last = Math.min(lines.length, Math.min(endLine ?? line, line + 8) + context);
      return { text: shown(file, lines.slice(first - 1, last), strict).join('\n'), first };
    },
  };
}

const cut = (line: string): string => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);
