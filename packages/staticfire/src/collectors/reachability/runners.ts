import { posix } from 'node:path';
import type { CodeModel } from '../../code/model.ts';
import { walkFile } from '../../code/walk.ts';
import { filesBelow } from '../../code/reach/below.ts';

const config =
  /(?:^|\/)(?:vitest|jest|playwright|cypress|karma|ava|wdio)[\w.-]*\.(?:config|workspace)[\w.-]*\.[cm]?[jt]s$/;
const fileKeys = new Set([
  'setupFiles',
  'setupFilesAfterEnv',
  'globalSetup',
  'globalTeardown',
  'setupFilesAfterEach',
  'supportFile',
  'testEnvironment',
]);
const folderKeys = new Set(['testDir', 'roots', 'snapshotDir']);

/** Files that configurations of test runners name: set-up, and folders of tests that have another name. */
export function namedByRunners(code: CodeModel): ReadonlySet<string> {
  const found = new Set<string>();
  for (const file of code.files.filter((path) => config.test(path))) {
    const source = code.get(file);
    if (!source) continue;
    walkFile(source.summary, (expr) => {
      if (expr.k !== 'obj') return;
      for (const prop of expr.props) {
        const texts = prop.value.k === 'arr' ? prop.value.items : [prop.value];
        for (const text of texts) if (text.k === 'str') add(code, file, prop.key, text.v, found);
      }
    });
  }
  return found;
}

function add(code: CodeModel, file: string, key: string, text: string, found: Set<string>): void {
  const written = text.replace('<rootDir>', '.');
  if (fileKeys.has(key)) {
    const target = code.get(file)?.resolve(written.startsWith('.') ? written : `./${written}`);
    if (target?.kind === 'file') found.add(target.path);
  }
  if (!folderKeys.has(key) || /^\.?\/?(?:src\/?)?$/.test(written)) return;
  const dir = posix.join(posix.dirname(file), written).replace(/\/$/, '');
  if (key === 'testDir') for (const path of filesBelow(code.files, `${dir}/`)) found.add(path);
}
