import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { audit } from '../src/index.ts';
import type { Assessment } from '../src/model/assessment.ts';
import { catalogueOf } from '../src/model/catalogue.ts';
import { reporters } from '../src/reporters/index.ts';
import { express } from '../src/testing/bases.ts';
import { noGo } from './sample-assessment.ts';

const schema: object = JSON.parse(readFileSync(new URL('../assessment.schema.json', import.meta.url), 'utf8'));
const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
const validate = ajv.compile(schema);
const errorsOf = (assessment: unknown): string[] =>
  validate(assessment) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);

async function auditFiles(files: Readonly<Record<string, string>>): Promise<Assessment> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'staticfire-schema-')));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return await audit(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe('the schema of the assessment', () => {
  it('holds for a real assessment, as written by the JSON reporter', async () => {
    const assessment = await auditFiles(express({ 'src/broken.ts': 'export const = ;\n' }));
    const options = { color: false, width: 80, unicode: false, details: false, catalogue: catalogueOf([]) };
    const text = reporters.find(({ id }) => id === 'json')?.render(assessment, options) ?? '';
    expect(errorsOf(JSON.parse(text))).toEqual([]);
    expect(assessment.services.length).toBe(1);
  });

  it('holds for the hand-made one of the other tests and refuses what it does not know', () => {
    expect(errorsOf(noGo())).toEqual([]);
    expect(errorsOf({ ...noGo(), verdict: 'maybe' })).not.toEqual([]);
    expect(errorsOf({ ...noGo(), grade: 'A' })).not.toEqual([]);
  });
});
