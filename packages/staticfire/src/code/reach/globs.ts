const escaped = (text: string): string => text.replaceAll(/[.+?^$()|[\]\\]/g, String.raw`\$&`);

/** A glob or a path with `*` for unknown parts, without its extension, as a pattern over paths. */
export function globPattern(glob: string, options: { readonly loose?: boolean } = {}): RegExp | undefined {
  const bare = glob
    .replace(/^\.\//, '')
    .replace(/(?:\.\*|\*?\.(?:[cm]?[jt]sx?)|\.?\{[^}]*\}|\.\+\([^)]*\)|\*?\.@?\([^)]*\)|\.\[[^\]]*\]s?x?)+$/, '*');
  if (!/[*{]/.test(bare) || /^\*+$/.test(bare.replaceAll('/', ''))) return undefined;
  const inner = bare
    .split(/(\*\*\/?|\*|\{[^}]*\}|[@+?!]\([^)]*\))/)
    .map((part) => piece(part, options.loose === true))
    .join('');
  return new RegExp(`^${inner}(?:/index)?(?:\\.[cm]?[jt]sx?)?$`);
}

function piece(part: string, loose: boolean): string {
  if (part.startsWith('**')) return '(?:.+/)?';
  if (part === '*') return loose ? '.*' : '[^/]*';
  const alternatives = /^\{([^}]*)\}$|^[@+?]\(([^)]*)\)$/.exec(part);
  if (alternatives) return `(?:${(alternatives[1] ?? alternatives[2] ?? '').split(/[,|]/).map(escaped).join('|')})`;
  return escaped(part);
}
