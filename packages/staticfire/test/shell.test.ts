import { describe, expect, it } from 'vitest';
import { callsOf } from '../src/collectors/pipelines/shell.ts';

const options = { errexit: true, pipefail: false, exists: (path: string) => path === 'here.js' };
const read = (text: string, more = {}) =>
  callsOf(text, { ...options, ...more }).map(
    (call) => `${call.cd}> ${call.words.join(' ')}${call.swallowed ? ' LOST' : ''}${call.reached ? '' : ' NEVER'}`,
  );

describe('shell text of a pipeline', () => {
  it.each([
    ['npm test', ['.> npm test']],
    ['npm test || true', ['.> npm test LOST', '.> true']],
    ['npm test || { echo bad; exit 1; }', ['.> npm test', '.> echo bad', '.> exit 1']],
    ['npm test || (echo "no tests" && exit 0)', ['.> npm test LOST', '.> echo no tests', '.> exit 0']],
    ['npm test || npm test', ['.> npm test', '.> npm test']],
    ['npm run lint && npm test || echo skip', ['.> npm run lint LOST', '.> npm test LOST', '.> echo skip']],
    ['npm run lint && npm test', ['.> npm run lint', '.> npm test']],
    ['npm run lint && npm test\necho done', ['.> npm run lint LOST', '.> npm test', '.> echo done']],
    ['npm test | tee log', ['.> npm test LOST', '.> tee log']],
    ['set -o pipefail\nnpm test | tee log', ['.> npm test', '.> tee log']],
    ['set +e\nnpm test\necho hi', ['.> npm test LOST', '.> echo hi']],
    ['set +e\nnpm test\ncode=$?\nset -e\nexit $code', ['.> npm test', '.> exit $code']],
    ['npm test; exit 0', ['.> npm test', '.> exit 0']],
    ['cd apps/api && npm test', ['apps/api> npm test']],
    ['(cd apps/api; npm test)\nnpm run lint', ['apps/api> npm test', '.> npm run lint']],
    [
      'if [ -f here.js ]; then npm test; else echo none; fi',
      ['.> [ -f here.js ] LOST', '.> npm test', '.> echo none NEVER'],
    ],
    ['if [ -f "gone.js" ]; then\n  npm test\nfi', ['.> [ -f gone.js ] LOST', '.> npm test NEVER']],
    ['if ! npm test; then\n echo bad\n exit 1\nfi', ['.> ! npm test', '.> echo bad', '.> exit 1']],
    ['if npm test; then echo ok; else echo bad; fi', ['.> npm test LOST', '.> echo ok', '.> echo bad']],
    ['npm ci # install\nnpm run build -- --flag="a b"', ['.> npm ci', '.> npm run build -- --flag=a b']],
    ['cat <<EOF > x\nnpm test || true\nEOF\nnpm run lint', ['.> cat', '.> npm run lint']],
    ['echo "x=$(npm run list)" >> $GITHUB_OUTPUT', ['.> echo x=$(npm run list)']],
    ['npm test > out.txt 2>&1', ['.> npm test']],
    ['npm test &', ['.> npm test LOST']],
    ['for d in a b; do\n (cd $d && npm test)\ndone', ['?> npm test']],
    ['npx eslint \\\n  src', ['.> npx eslint src']],
  ] as [string, string[]][])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('lets only the last command of a script without errexit decide', () => {
    expect(read('eslint .; tsc', { errexit: false })).toEqual(['.> eslint . LOST', '.> tsc']);
    expect(read('jest; exit 0', { errexit: false })).toEqual(['.> jest LOST', '.> exit 0']);
  });

  it('ends on nonsense', () => {
    expect(() => read(')) ( if then "unclosed $( fi `')).not.toThrow();
  });
});
