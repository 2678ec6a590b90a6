// The JSON Schema of the assessment, made from its types.
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Path and text of the schema. */
export function schemaFile() {
  const schema = createGenerator({
    path: at('../src/model/assessment.ts'),
    tsconfig: at('../tsconfig.json'),
    type: 'Assessment',
    schemaId: 'urn:staticfire:assessment:1',
    topRef: false,
    additionalProperties: false,
    skipTypeCheck: true,
  }).createSchema('Assessment');
  return [at('../assessment.schema.json'), `${JSON.stringify(schema, null, 2)}\n`];
}
