import type { Candidate } from './sites.ts';

const examples =
  /^(?:examples?|samples?|demos?|playgrounds?|sandbox(?:es)?|_?templates?|boilerplates?|starters?)$|-(?:example|demo|template|playground)$/;
const testing =
  /^(?:(?:__)?fixtures?(?:__)?|__tests__|__mocks__|mocks?|tests?|e2e|integration-tests?|benchmarks?|bench|app-tests)$|-(?:e2e|tests?|fixtures?|mocks?)$|^(?:e2e|test)-/;
const past = /^(?:legacy|deprecated|archived?|attic|obsolete|_?old|backups?|_archive)$|-(?:legacy|old|deprecated)$/;
const documents = /^(?:docs?|documentation)$|-docs$|^docs-/;
const tooling = /^(?:tools?|tooling|scripts?|\.storybook|storybook|\.github|\.devcontainer)$/;

const kinds: readonly (readonly [RegExp, string])[] = [
  [examples, 'an example'],
  [testing, 'code for tests'],
  [past, 'set aside as no longer used'],
  [documents, 'a site of documents'],
  [tooling, 'tooling'],
];

/** What a folder is by its name when it is none of the product's own parts. It counts only beside real services. */
export function asideOf(candidate: Candidate): string | undefined {
  if (isCommand(candidate)) return 'a command-line tool';
  const names = candidate.dir.split('/').filter((name) => name !== '.');
  return kinds.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}

/** Published, with a command, and described as one: it runs on the machines of its users. */
function isCommand({ manifest, dir }: Candidate): boolean {
  if (!manifest || manifest.dir !== dir || manifest.private || manifest.bin.length === 0) return false;
  const { description } = manifest.raw;
  return typeof description === 'string' && /\bCLI\b|command[- ]line/i.test(description);
}
