import { posix } from 'node:path';
import type { CodeModel } from '../../code/model.ts';
import { filesBelow } from '../../code/reach/below.ts';
import { entry } from '../../frameworks/reading/places.ts';
import type { Draft } from './drafts.ts';
import { isTestFile } from '../../code/reach/tests.ts';
import { ownerOf, type Candidate } from './sites.ts';
import { throughResolver } from './targets.ts';
import { conductOf, listens, mayServe } from './traits.ts';

const aside =
  /(?:^|\/)(?:scripts?|tools?|tooling|dev|examples?|demos?|mocks?|fixtures?|bench(?:marks?)?|playground|\.[\w-]+|docs?|stories|templates?|stubs?)\/|\.(?:config|mock|stories|bench|example|stub)\.|(?:^|\/)(?:mock|dev|test|fake|stub|proxy|static)[-_.]?server\.|(?:^|\/)test[-_]/i;

/** No start is declared, yet a file that nothing imports listens: the package is a service all the same. */
export function inferred(
  code: CodeModel,
  candidates: ReadonlyMap<string, Candidate>,
  candidate: Candidate,
): Draft | undefined {
  const own = filesBelow(code.files, candidate.dir === '.' ? '' : `${candidate.dir}/`).filter(
    (file) => ownerOf(candidates, file)?.dir === candidate.dir,
  );
  const commands = new Set(
    (candidate.manifest?.bin ?? []).map((bin) => throughResolver(code, posix.join(candidate.dir, bin))),
  );
  const found = own
    .filter(
      (file) =>
        !aside.test(file.slice(candidate.dir === '.' ? 0 : candidate.dir.length + 1)) &&
        !isTestFile(file) &&
        !commands.has(file),
    )
    .filter((file) => !code.importersOf(file).some((importer) => !isTestFile(importer)))
    .filter((file) => opens(code, file))
    .toSorted((a, b) => weight(a) - weight(b) || (a < b ? -1 : 1));
  const [file] = found;
  if (file === undefined) return undefined;
  return {
    owner: candidate,
    suffix: '',
    entries: [entry(file, 'process', 'it listens and nothing imports it')],
    start: undefined,
    conduct: 'http',
    framework: false,
  };
}

/** It listens itself, or what it imports directly does. */
function opens(code: CodeModel, file: string): boolean {
  const near = [file, ...code.importsOf(file)].flatMap((path) => code.get(path) ?? []);
  return near.some(mayServe) && near.some((source) => listens(code, source.path)) && conductOf(code, [file]) === 'http';
}

/** The usual names come first, then what lies nearest to the package's root. */
function weight(file: string): number {
  const name = posix.basename(file).replace(/\..*$/, '');
  const usual = ['main', 'server', 'index', 'app', 'start'].indexOf(name);
  return (usual === -1 ? 10 : usual) + file.split('/').length * 20 - (/(?:^|\/)src\//.test(file) ? 25 : 0);
}
