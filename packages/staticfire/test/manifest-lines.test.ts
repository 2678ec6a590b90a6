import { describe, expect, it } from 'vitest';
import { lineFinder } from '../src/collectors/project/lines.ts';

const text = `{
  "name": "a \\"quoted\\" { name",
  "list": [1, { "scripts": { "x": "y" } }, "]"],
  "scripts": { "build": "tsc",
    "te\\u0073t": "vitest \\\\",
    "": "nothing"
  },
  "deep": {
    "er": { "est": true }
  },
  "name": "again"
}
`;

describe('lines of a manifest', () => {
  const lineOf = lineFinder(text);

  it.each([
    [['name'], 2],
    [['scripts'], 4],
    [['scripts', 'build'], 4],
    [['scripts', 'test'], 5],
    [['scripts', ''], 6],
    [['deep', 'er', 'est'], 9],
    [[], 1],
  ])('%j stands in line %i', (path, line) => {
    expect(lineOf(...path)).toBe(line);
  });

  it.each([[['x']], [['scripts', 'x']], [['name', 'x']], [['list', 'scripts']]])('%j stands nowhere', (path) => {
    expect(lineOf(...path)).toBeUndefined();
  });
});
