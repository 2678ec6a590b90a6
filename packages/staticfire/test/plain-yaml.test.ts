import { describe, expect, it } from 'vitest';
import { parseYamlFully } from '../src/collectors/pipelines/yaml.ts';
import { readPlain } from '../src/collectors/pipelines/yaml-plain.ts';

const plain: Readonly<Record<string, string>> = {
  'nested maps and lists':
    'on:\n  push:\n    branches: [main, "release/*"]\njobs:\n  a:\n    steps:\n    - run: a\n      if: b\n    - b\n',
  'comments between all': '# one\non: push # two\n\n  # three\njobs:\n  # four\n  a:\n      # five\n    b: c\n# six\n',
  'a start of a document': '# c\n---\na: b\n',
  'literal blocks': 'a: |\n  one\n\n    two # kept\n\nb: |- # c\n  three\nc: end\n',
  'a literal block at the end': 'a:\n  - run: |\n      one\n      two',
  'folded blocks': 'a: >-\n  one\n  two\nb: >\n  three\n',
  'nothing behind a key': 'a:\nb:\n  c:\n  d: null\n',
  'kinds of scalars':
    'a: 1\nb: -2\nc: 1.5\nd: True\ne: ~\nf: 1.2.3\ng: 3a\nh: \'4\'\ni: "a\\nb"\nj: a:b#c\nk: -x\nl: ${{ x }}\n',
  'empty collections': 'a: []\nb: {}\nc: [ ]\n',
  'the same key twice': 'a: 1\nb: 2\na: 3\n',
  'a list at the root': '- a\n- b: 1\n  c: 2\n',
};

const other: Readonly<Record<string, string>> = {
  anchors: 'a: &x 1\nb: *x\n',
  'merge keys': 'a:\n  <<: {b: c}\n',
  tags: 'a: !x b\n',
  tabs: 'a:\n\tb: 1\n',
  'a scalar on two lines': 'a: b\n  c\n',
  'a quoted scalar on two lines': 'a: "b\n  c"\n',
  'a map on one line': 'a: { b: c }\n',
  'a list over lines': 'a: [\n  b\n]\n',
  'two documents': 'a: 1\n---\nb: 2\n',
  'seldom numbers': 'a: 0x1f\nb: 1e3\nc: 2.0\n',
  'folded blocks with paragraphs': 'a: >\n  b\n\n  c\n',
  'an indicator of indentation': 'a: |2\n   b\n',
  'a key behind a value': 'a: b: c\n',
  'lines that fit nowhere': 'a:\n    b: 1\n  c: 2\n',
  'a list beside keys': 'a: 1\n- b\n',
  'a quote that does not end': 'a: "b\n',
  'an explicit key': '? a\n: b\n',
  nothing: '# only this\n',
};

describe('plain YAML', () => {
  it.each(Object.entries(plain))('is read as the real parser reads it: %s', (_, text) => {
    expect({ documents: [readPlain(text)] }).toEqual(parseYamlFully(text));
  });

  it.each(Object.entries(other))('leaves to the real parser: %s', (_, text) => {
    expect(readPlain(text)).toBeUndefined();
  });
});
