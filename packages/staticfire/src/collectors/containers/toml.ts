/** A value of a TOML file: its table ('' at the top), key, text and line. */
export interface TomlValue {
  readonly table: string;
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** Reads the single-line string, number and boolean values of a TOML file: all that platform files need. */
export function readToml(text: string): readonly TomlValue[] {
  const found: TomlValue[] = [];
  let table = '';
  text.split('\n').forEach((raw, index) => {
    const head = /^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}/.exec(raw);
    if (head) table = (head[1] ?? '').replaceAll(/["']/g, '');
    const pair = /^\s*([\w."'-]+)\s*=\s*(.+?)\s*$/.exec(raw);
    if (pair && !head)
      found.push({
        table,
        key: (pair[1] ?? '').replaceAll(/["']/g, ''),
        value: scalar(pair[2] ?? ''),
        line: index + 1,
      });
  });
  return found;
}

function scalar(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"|^'([^']*)'/.exec(text);
  if (quoted) return quoted[1]?.replaceAll(/\\(.)/g, '$1') ?? quoted[2] ?? '';
  if (text.startsWith('['))
    return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map((item) => item[1] ?? item[2] ?? '').join(' ');
  return text.replace(/\s+#.*$/, '');
}
