#!/usr/bin/env node
// Lays out a new control: its file, a failing case to fill in, and its line in the sorted list.
//   npm run new-control -- area/name [--scope repository]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src/', import.meta.url));
const [id = '', ...rest] = process.argv.slice(2);
const scope = rest.includes('repository') ? 'repository' : 'service';
const areas = [...readFileSync(join(src, 'model/area.ts'), 'utf8').matchAll(/'([a-z-]+)',/g)].map((match) => match[1]);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const [area, name, ...more] = id.split('/');
if (!areas.includes(area) || !/^[a-z]+(?:-[a-z]+)*$/.test(name ?? '') || more.length > 0) {
  stop(`'${id}' is not a control's id. Expected area/name in lower case, with one of the areas: ${areas.join(', ')}`);
}
if (/^(?:no|has|is|check|use|require)-/.test(name))
  stop(`'${name}' begins with a verb. Ids are nouns: what is met, not what is done.`);

const file = join(src, 'controls', `${id}.ts`);
const cases = join(src, 'controls', `${id}.cases.ts`);
if (existsSync(file)) stop(`${id} exists already.`);

const variable = name.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase());
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, control());
writeFileSync(cases, example());
register();
console.log(
  `Wrote\n  src/controls/${id}.ts\n  src/controls/${id}.cases.ts\nand its line in src/controls/index.ts.\n\nFill in the failing case first, then run\n  npx vitest run test/cases.test.ts -t '${id}'   (in packages/staticfire)\nand at the end: npm run generate`,
);

function stop(message) {
  console.error(message);
  process.exit(2);
}

function control() {
  const fact =
    scope === 'service'
      ? ["import { live } from '../../facts/live.ts';", '{ live }']
      : ["import { project } from '../../facts/project.ts';", '{ project }'];
  return `${fact[0]}
import { defineControl } from '../../model/control.ts';

export const ${variable} = defineControl({
  id: '${id}',
  area: '${area}',
  scope: '${scope}',
  title: { pass: 'TODO: the sentence that is true when it is met', fail: 'TODO: the sentence that is true when it is not' },
  why: 'TODO: why it matters, for someone who has not met the problem.',
  failure: 'TODO: how it fails in production: what a user or an operator sees.',
  remedy: 'TODO: the general remedy.',
  done: 'TODO: what counts as done, checkable.',
  severity: 'major',
  confidence: 'likely',
  level: 'wired',
  stage: 'trial',
  since: '${version}',
  references: ['https://example.com/todo'],
  needs: ${fact[1]},
  messages: {
    absent: { text: 'TODO: what is wrong, with {slots}.', remedy: 'TODO: what to do.' },
  },

  evaluate() {
    return { verdict: 'unknown', because: 'this control is not written yet', settle: 'Write it.' };
  },
});
`;
}

function example() {
  return `import { express, node } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { ${variable} } from './${name}.ts';

export default defineCases(${variable}, [
  {
    name: 'TODO: the flaw',
    show: 'bad',
    files: express({ 'src/flaw.ts': '// TODO\\n' }),
    expect: { verdict: 'fail', findings: ['src/flaw.ts:1 absent'] },
  },
  { name: 'TODO: the safeguard in force', show: 'good', files: express({}), expect: { verdict: 'pass' } },
  { name: 'TODO: what looks like the flaw and is none', near: true, files: express({}), expect: { verdict: 'pass' } },
  { name: 'TODO: where it does not apply', files: node({}), expect: { verdict: 'not-applicable' } },
]);
`;
}

/** Puts the import and the list entry where the alphabet wants them. */
function register() {
  const index = join(src, 'controls/index.ts');
  const text = readFileSync(index, 'utf8');
  const imports = [...text.matchAll(/^import \{ (\w+) \} from '\.\/([\w/-]+)\.ts';$/gm)].map(([, local, path]) => ({
    local,
    path,
  }));
  imports.push({ local: variable, path: id });
  imports.sort((a, b) => (a.path < b.path ? -1 : 1));
  const head = "import type { AnyControl } from '../model/control.ts';\n";
  const lines = imports.map(({ local, path }) => `import { ${local} } from './${path}.ts';\n`).join('');
  const list = imports.map(({ local }) => `  ${local},\n`).join('');
  writeFileSync(
    index,
    `${head}${lines}\n/** Sorted by id. The registry test compares this list with the files on disk. */\nexport const controls = [\n${list}] as const satisfies readonly AnyControl[];\n`,
  );
}
