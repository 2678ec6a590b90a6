import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { collectors } from '../src/collectors/index.ts';
import { controls } from '../src/controls/index.ts';
import { frameworks } from '../src/frameworks/index.ts';
import type { AnyControl } from '../src/model/control.ts';
import { areas } from '../src/model/area.ts';
import type { ControlCases } from '../src/testing/cases.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const all: readonly AnyControl[] = controls;
const idsOf = (units: readonly { readonly id: string }[]): string[] => units.map((unit) => unit.id);

/** `area/name` for every control file on disk: those with a cases file beside them, and those without. */
const onDisk = readdirSync(at('../src/controls/'), { recursive: true, encoding: 'utf8' }).map((file) =>
  file.replaceAll('\\', '/'),
);
const unitFiles = onDisk
  .filter((file) => file.endsWith('.cases.ts'))
  .map((file) => file.replace('.cases.ts', ''))
  .toSorted();

describe('the registry of controls', () => {
  it('lists every control in its folder, sorted by id', () => {
    expect(idsOf(all)).toEqual(idsOf(all).toSorted());
    expect(idsOf(all)).toEqual(unitFiles);
  });

  it.each([...all])('$id is complete', (control) => {
    expect(control.id).toMatch(/^[a-z-]+\/[a-z]+(?:-[a-z]+)*$/);
    expect(control.id.split('/')[0]).toBe(control.area);
    expect(areas).toContain(control.area);
    expect(control.id.split('/')[1]).not.toMatch(/^(?:no|has|is|check|use|require)-/);
    for (const text of [
      control.title.pass,
      control.title.fail,
      control.why,
      control.failure,
      control.remedy,
      control.done,
    ])
      expect(text.trim().length).toBeGreaterThan(10);
    expect(Object.keys(control.messages).length).toBeGreaterThan(0);
    for (const url of control.references) expect(url).toMatch(/^https:\/\//);
    for (const [id, message] of Object.entries(control.messages as Record<string, { text: string; remedy: string }>)) {
      expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(message.text).toMatch(/[.!?]$/);
      expect(message.remedy).toMatch(/[.!?]$/);
    }
  });

  it.each([...all])('$id has a reference page', (control) => {
    expect(existsSync(at(`../../../docs/reference/controls/${control.id}.md`))).toBe(true);
  });

  it.each([...all])('$id has a pass, a fail, a near miss and a not-applicable', async (control) => {
    const { default: suite } = (await import(join(at('../src/controls/'), `${control.id}.cases.ts`))) as {
      default: ControlCases;
    };
    const verdicts = suite.cases.map((example) => example.expect.verdict);
    expect(suite.control.id).toBe(control.id);
    expect(verdicts).toContain('pass');
    expect(verdicts).toContain('fail');
    expect(
      suite.cases.some((example) => example.near && example.expect.verdict !== 'fail'),
      'a near miss that must not fire',
    ).toBe(true);
    expect(
      suite.alwaysApplies !== undefined || verdicts.includes('not-applicable'),
      'a not-applicable, or why there is none',
    ).toBe(true);
    expect(new Set(suite.cases.map((example) => example.name)).size).toBe(suite.cases.length);
  });

  it.each([...all])('$id uses each of its messages in a case', async (control) => {
    const { default: suite } = (await import(join(at('../src/controls/'), `${control.id}.cases.ts`))) as {
      default: ControlCases;
    };
    const used = new Set(
      suite.cases.flatMap((example) =>
        example.expect.verdict === 'fail' ? example.expect.findings.map((finding) => finding.split(' ').at(-1)) : [],
      ),
    );
    expect(Object.keys(control.messages).filter((message) => !used.has(message))).toEqual([]);
  });
});

describe('the other registries', () => {
  it('lists every collector, sorted by the id of its fact', () => {
    const ids = collectors.map((collector) => collector.fact.id);
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('lists every framework, sorted', () => {
    expect(idsOf(frameworks)).toEqual(idsOf(frameworks).toSorted());
    const files = readdirSync(at('../src/frameworks/')).filter(
      (file) => file.endsWith('.ts') && !['index.ts', 'framework.ts'].includes(file),
    );
    expect(idsOf(frameworks)).toEqual(files.map((file) => file.replace('.ts', '')).toSorted());
  });
});
