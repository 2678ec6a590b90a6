import { declarations, type DeclaredPublic } from '../facts/declarations.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { Problem } from '../model/problem.ts';
import { parseYaml, type Yaml } from './pipelines/yaml.ts';

const names = ['staticfire.yaml', 'staticfire.yml'];

/** `endpoints: public: [...]` of staticfire.yaml. What makes no sense in it is a problem: a declaration that is overlooked would be a finding. */
export const declarationsCollector = defineCollector({
  fact: declarations,
  needs: {},
  collect({ workspace }) {
    const file = names.find((name) => workspace.has(name));
    const text = file === undefined ? undefined : workspace.read(file);
    if (file === undefined) return known({ file: undefined, open: [] });
    if (text === undefined) throw problem(file, 1, 'a file that cannot be read', 'YAML in UTF-8, up to 1 MB');
    const { documents, error } = parseYaml(text);
    if (error) throw problem(file, error.line, error.detail, 'valid YAML');
    return known({ file, open: openIn(file, documents[0]) });
  },
});

function problem(file: string, line: number, found: string, expected: string): Problem {
  return new Problem('configuration-not-understood', {
    found,
    where: `${file}:${line}`,
    expected,
    todo: `Correct ${file}, or remove what it says there.`,
  });
}

function openIn(file: string, root: Yaml | undefined): readonly DeclaredPublic[] {
  const section = root?.entries?.get('endpoints');
  if (!section) {
    if (root && !root.entries && root.value !== null)
      throw problem(file, root.line, 'no mapping at the top', 'keys and values, such as `endpoints:`');
    return [];
  }
  const { entries } = section.node;
  if (!entries) throw problem(file, section.line, '`endpoints` without keys', '`public:` with a list below it');
  for (const [key, { line }] of entries)
    if (key !== 'public')
      throw problem(file, line, `the key 'endpoints.${key}'`, '`endpoints` knows one key: `public`');
  const list = entries.get('public');
  if (!list) return [];
  if (!list.node.items)
    throw problem(file, list.line, '`endpoints.public` is no list', "a list such as `- 'GET /api/products'`");
  return list.node.items.map((item) => declared(file, item));
}

const methods = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ALL|QUERY|MUTATION|SUBSCRIPTION|ACTION|FUNCTION|MESSAGE)$/;

function declared(file: string, item: Yaml): DeclaredPublic {
  const text = typeof item.value === 'string' ? item.value.trim() : '';
  const [, word, rest] = /^([A-Za-z]+)\s+(\S.*)$/.exec(text) ?? [undefined, undefined, text];
  const method = word?.toUpperCase();
  if (!rest || (method !== undefined && !methods.test(method)))
    throw problem(
      file,
      item.line,
      text === '' ? 'an entry that is no text' : `the entry '${text}'`,
      "a method and a path, such as 'GET /api/products', or a path alone",
    );
  return { method, path: rest, at: { file, line: item.line } };
}
