import { describe, expect, it } from 'vitest';
import type { RenderOptions } from '../src/model/reporter.ts';
import { json } from '../src/reporters/json.ts';
import { markdown } from '../src/reporters/markdown.ts';
import { terminal } from '../src/reporters/terminal.ts';
import { catalogue, finding, go, noGo, result } from './sample-assessment.ts';

const options = (more: Partial<RenderOptions> = {}): RenderOptions => ({
  color: false,
  width: 100,
  unicode: true,
  details: false,
  catalogue,
  ...more,
});
const lines = (more: Partial<RenderOptions> = {}, assessment = noGo()): string[] =>
  terminal.render(assessment, options(more)).split('\n');

const escape = String.fromCharCode(0x1b);
const bidi = '\u202e';
const c1 = '\u009b31m';
const evil = `a${escape}[2J${escape}]0;title${String.fromCharCode(7)}b${bidi}c${c1}d\u0000e`;
const harmful = /[\p{Cc}\p{Cf}]/u;

const hostile = () =>
  noGo({
    subject: { root: '.', name: evil, commit: null, dirty: null },
    coverage: { ...noGo().coverage, unread: [{ path: evil, reason: evil }], notes: [evil] },
    results: [
      result({
        findings: [
          finding({
            text: `${evil} | <script>alert(1)</script> \`tick`,
            remedy: evil,
            at: { file: `src/${evil}\n.ts`, line: 2, column: 3 },
            excerpt: `${evil}\n\`\`\`\`${evil}\n${'x'.repeat(100_000)}`,
            excerptLine: 1,
            trail: [{ note: evil, file: evil, line: 1 }],
          }),
        ],
      }),
      result({
        control: 'database/tls',
        area: 'database',
        verdict: 'unknown',
        findings: [],
        reason: evil,
        settle: evil,
        service: evil,
      }),
    ],
  });

describe('the terminal report', () => {
  it('says the verdict first, then blockers, findings, unknown, coverage and the next step', () => {
    const text = lines().join('\n');
    const order = [
      'NO-GO  1 blocker, 6 further findings, 1 unknown',
      'shop at commit 1a2b3c4d5e',
      'Blockers (1)',
      'Further findings (6)',
      'Unknown (1)',
      'Read 812 files',
      'npx staticfire explain auth/fail-open-guard',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBe(0);
  });

  it('shows a blocker with its code, the path that proves it and the remedy', () => {
    const shown = lines();
    expect(shown).toContain("   > 12 │   if (key && request.get('x-api-key') !== key) {");
    expect(shown).toContain('        │     ^');
    expect(shown).toContain('   └ src/app.ts:31 mounts requireKey before the routes');
    expect(shown).toContain('   In production: Anyone can call every route.');
    expect(shown).toContain('   Remedy: Refuse the request when API_KEY is missing.');
  });

  it('collapses findings of one kind and shows them all on request', () => {
    expect(lines().join('\n')).toContain('also src/routes/r1.ts:2, src/routes/r2.ts:3, src/routes/r3.ts:4 and 1 more');
    expect(lines({ details: true }).join('\n')).toContain('src/routes/r4.ts:5');
  });

  it('looks like GO and says what is not proven', () => {
    const text = lines({}, go()).join('\n');
    expect(text).toMatch(/^GO {2}no blockers, no findings, 1 unknown\n/);
    expect(text).toContain('nothing was run');
    expect(text).toContain('Only 3 of 6 controls were judged in this run.');
  });

  it('says why it is no GO when there is no service', () => {
    expect(lines({}, noGo({ services: [], results: [], blockers: [] }))[0]).toBe(
      'NO SERVICE  no blockers, no findings',
    );
  });

  it.each([40, 60, 100, 140])('fits %i columns; only what may not be broken is longer', (width) => {
    const wide = lines({ width, details: true }).filter((line) => line.length > Math.min(width, 100));
    expect(wide.filter((line) => line.trim().includes(' ') && !/explain|^ +\d+ ms /.test(line))).toEqual([]);
  });

  it('is plain and free of box characters where the terminal cannot show them', () => {
    const text = lines({ unicode: false }).join('\n');
    expect(text).toMatch(/^[ -~\n]*$/);
    expect(lines({ color: true }).join('\n')).toContain(escape);
  });

  it('lets nothing from the repository reach the terminal as a command', () => {
    for (const details of [false, true]) {
      const shown = lines({ details, width: 60 }, hostile());
      expect(shown.filter((line) => harmful.test(line))).toEqual([]);
      expect(Math.max(...shown.map((line) => line.length))).toBeLessThan(260);
    }
  });

  it('moves the frame to the caret on a very long line', () => {
    const excerpt = `${'a'.repeat(5000)}TARGET${'b'.repeat(5000)}`;
    const long = noGo({
      results: [
        result({ findings: [finding({ excerpt, excerptLine: 12, at: { file: 'a.ts', line: 12, column: 5001 } })] }),
      ],
    });
    const shown = lines({ width: 60 }, long);
    const at = shown.findIndex((line) => line.includes('TARGET'));
    expect(shown[at + 1]?.indexOf('^')).toBe(shown[at]?.indexOf('TARGET'));
  });
});

describe('the Markdown report', () => {
  it('escapes what the repository could smuggle in', () => {
    const text = markdown.render(hostile(), options());
    expect(text).not.toContain('<script>');
    expect(text.split('\n').filter((line) => harmful.test(line))).toEqual([]);
    expect(text).toContain('`````\n');
  });

  it('has a table by area and service', () => {
    expect(markdown.render(noGo(), options())).toContain('| http | api | 1 |  |  |  |  |');
  });
});

describe('the JSON report', () => {
  it('gives the same bytes whatever the order in which the assessment was built', () => {
    const { schema, ...rest } = noGo();
    const first = json.render(noGo(), options());
    expect(json.render({ ...rest, schema }, options())).toBe(first);
    expect(first.startsWith('{\n  "schema": 1,\n  "tool"')).toBe(true);
    expect(first.endsWith('}\n')).toBe(true);
  });

  it('keeps the text and lets no raw control character through', () => {
    const text = json.render(hostile(), options());
    expect(text.split('\n').filter((line) => harmful.test(line))).toEqual([]);
    expect(JSON.parse(text)).toEqual(hostile());
  });
});
