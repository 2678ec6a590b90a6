// Draws what `npm start` prints as an SVG, from the tool's real output: the picture in the README cannot go stale unseen.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('..', import.meta.url));
const columns = 96;
const lineHeight = 19;
const charWidth = 8.43;
const margin = 20;

const colors = {
  30: '#484f58',
  31: '#ff7b72',
  32: '#3fb950',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#56d4dd',
  37: '#e6edf3',
  90: '#8b949e',
};

/** The path of the picture and its text. `lines` bounds its height. */
export function screenshot(lines = 62) {
  return [join(home, '../../docs/audit.svg'), draw(auditSample().split('\n').slice(0, lines))];
}

function auditSample() {
  const scratch = mkdtempSync(join(tmpdir(), 'staticfire-screenshot-'));
  const copy = join(scratch, 'orders');
  cpSync(join(home, '../../samples/orders'), copy, {
    recursive: true,
    filter: (path) => !['node_modules', 'dist'].includes(basename(path)),
  });
  const env = { ...process.env, FORCE_COLOR: '1', NO_COLOR: '', COLUMNS: String(columns), LC_ALL: 'C.UTF-8' };
  const { stdout } = spawnSync(process.execPath, [join(home, 'dist/main.js'), 'audit', copy, '--no-cache'], {
    encoding: 'utf8',
    env,
  });
  rmSync(scratch, { recursive: true, force: true });
  return stdout;
}

function draw(lines) {
  const width = Math.ceil(columns * charWidth + 2 * margin);
  const height = lines.length * lineHeight + 2 * margin;
  const rows = lines.map(
    (line, index) =>
      `<text x="${margin}" y="${margin + (index + 1) * lineHeight - 5}" xml:space="preserve">${spans(line)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Output of staticfire on the sample service: NO-GO, with evidence">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3">
${rows.join('\n')}
</g>
</svg>
`;
}

const plain = { color: undefined, back: undefined, bold: false, dim: false };

const escape = String.fromCharCode(27);
const ansi = new RegExp(`(${escape}\\[[\\d;]*m)`);

/** ANSI colours and weights become spans. */
function spans(line) {
  const state = { ...plain };
  return line
    .split(ansi)
    .map((part) => {
      if (!part.startsWith(escape)) return part === '' ? '' : span(part, state);
      for (const code of part.slice(2, -1).split(';').map(Number)) apply(code, state);
      return '';
    })
    .join('');
}

function apply(code, state) {
  if (code === 0) Object.assign(state, plain);
  else if (code === 1) state.bold = true;
  else if (code === 2) state.dim = true;
  else if (code === 22) Object.assign(state, { bold: false, dim: false });
  else if (code === 39) state.color = undefined;
  else if (code === 49) state.back = undefined;
  else if (code >= 40 && code <= 47) state.back = colors[code - 10];
  else if (colors[code]) state.color = colors[code];
}

/** A text with a background is drawn in the colour of that background. */
function span(text, { color, back, bold, dim }) {
  const fill = back ?? color;
  const style = [fill ? ` fill="${fill}"` : '', bold ? ' font-weight="bold"' : '', dim ? ' opacity="0.65"' : ''].join(
    '',
  );
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return style === '' ? safe : `<tspan${style}>${safe}</tspan>`;
}
