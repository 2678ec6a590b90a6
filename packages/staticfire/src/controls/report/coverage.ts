import { endpoints, type Endpoints } from '../../facts/endpoints.ts';
import { live, type LiveCode } from '../../facts/live.ts';
import { service, type Service } from '../../facts/services.ts';
import { sight, type Sight } from '../../facts/sight.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Place } from '../../model/place.ts';

const messages = {
  unread: {
    text: '{file} could not be read in full: {error}. What stands behind that was not judged.',
    remedy: 'Mend {file}, or take it out of the repository when it is no source of the service.',
  },
  unresolved: {
    text: '{count} of {total} imports in live code lead to no file of the repository, for example {specifier}.',
    remedy: 'Correct the paths or the aliases in tsconfig.json; what stands behind them counts as not there.',
  },
  computed: {
    text: '{count} live files load code by a path that is worked out at run time; where it leads could not be told.',
    remedy: 'Load by literal paths or one glob, so that it can be seen what is live.',
  },
  components: {
    text: '{count} files of the service are {kinds} components, which are not read: {share} % of its source.',
    remedy: 'Keep what guards, validates and logs in TypeScript files; judge the components by hand.',
  },
  silent: {
    text: 'No endpoint of this HTTP service was found in {files} live files, so nothing about endpoints was judged.',
    remedy: 'Read the controls on authentication, limits and input as unanswered for this service.',
  },
} as const;

type M = typeof messages;

/** From how many, and from which share on, what was not seen is said as a finding. */
const fewest = 3;
const share = 0.02;
const largeShare = 0.2;

export const coverage = defineControl({
  id: 'report/coverage',
  area: 'report',
  scope: 'service',
  title: { pass: 'The audit saw the live code', fail: 'The audit did not see all of the live code' },
  why: 'A verdict is worth as much as what was looked at. Code that could not be read, parsed or followed is not judged by any control, and its flaws stay silent.',
  failure:
    'Controls pass because they never saw the code in question. The report reads well and the flaw is in the part that was skipped.',
  remedy:
    'Make the code that was not seen readable: mend syntax, paths and permissions. Judge by hand what cannot be read.',
  done: 'All live source files are read and parsed, fewer than 2 % of the imports in live code lead nowhere, and the endpoints of an HTTP service are known.',
  severity: 'minor',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Secure_Code_Review_Cheat_Sheet.html',
    'https://owasp.org/www-project-code-review-guide/',
  ],
  needs: { sight, live, service, endpoints },
  messages,
  evaluate({ sight: seen, live: code, service: one, endpoints: found }): Verdict<M> {
    return failOr<M>(
      [
        ...unread(seen, code, one),
        ...unresolved(seen, code),
        ...computed(seen, code),
        ...components(seen, code, one),
        ...surface(found, code, one),
      ],
      () => pass(seen, code, one, found),
    );
  },
});

const within = ({ root }: Service, path: string): boolean => root === '.' || path.startsWith(`${root}/`);

const outside =
  /\.[jt]sx$|(?:^|\/)(?:node_modules|vendor|public|static|fixtures|__fixtures__|generated|tests?|dist|build)\//;

function unread(seen: Sight, code: LiveCode, one: Service): readonly Violation<M>[] {
  const closed = seen.unread.filter(({ path }) => within(one, path) && !outside.test(path)).slice(0, 10);
  const broken = [...seen.broken].filter(([file]) => code.has(file));
  return [
    ...broken.map(([file, error]) => ({
      message: 'unread' as const,
      at: { file },
      data: { file, error: error.replace(/\.$/, '') },
      subject: file,
      severity: 'major' as const,
    })),
    ...closed.map(({ path, reason }) => ({
      message: 'unread' as const,
      at: { file: path },
      data: { file: path, error: reason },
      subject: path,
    })),
  ];
}

interface Imports {
  readonly total: number;
  readonly lost: readonly { readonly specifier: string; readonly at: Place }[];
}

function importsIn(seen: Sight, code: LiveCode): Imports {
  const all = code.files.flatMap((file) => seen.imports.get(file) ?? []);
  const lost = all.flatMap((one) => one.lost);
  return { total: lost.length + all.reduce((sum, one) => sum + one.followed, 0), lost };
}

function unresolved(seen: Sight, code: LiveCode): readonly Violation<M>[] {
  const { total, lost } = importsIn(seen, code);
  const [first] = lost;
  if (!first || lost.length < fewest || lost.length <= share * total) return [];
  const trail = lost.slice(0, 5).map(({ specifier, at }) => ({ note: `${specifier} leads nowhere`, at }));
  return [
    {
      message: 'unresolved',
      at: first.at,
      data: { count: lost.length, total, specifier: first.specifier },
      subject: 'imports',
      trail,
      ...graver(lost.length, total),
    },
  ];
}

const graver = (count: number, total: number): { severity?: 'major' } =>
  count > largeShare * total ? { severity: 'major' } : {};

function computed(seen: Sight, code: LiveCode): readonly Violation<M>[] {
  const files = code.files.filter((file) => seen.computed.has(file));
  const [first] = files;
  if (first === undefined || files.length < fewest || files.length <= share * code.files.length) return [];
  const trail = files.slice(0, 5).map((file) => ({ note: 'a path worked out at run time', at: { file } }));
  return [
    { message: 'computed', at: { file: first }, data: { count: files.length }, subject: 'computed paths', trail },
  ];
}

function components(seen: Sight, code: LiveCode, one: Service): readonly Violation<M>[] {
  const files = seen.otherKinds.filter((file) => within(one, file));
  const part = files.length / (files.length + code.files.length);
  const [first] = files;
  if (first === undefined || part <= largeShare) return [];
  const kinds = [...new Set(files.map((file) => file.slice(file.lastIndexOf('.') + 1)))].join(' and ');
  return [
    {
      message: 'components',
      at: { file: first },
      data: { count: files.length, kinds, share: Math.round(part * 100) },
      subject: kinds,
    },
  ];
}

function surface(found: Endpoints, code: LiveCode, one: Service): readonly Violation<M>[] {
  if (one.kind !== 'http') return [];
  const byHand = one.frameworks.every((id) => id === 'node-http');
  const blind = byHand || found.unread.length > 0 || found.lost.length > 0;
  if (found.list.length > 0 || !blind) return [];
  const at = { file: one.entries[0].file };
  return [{ message: 'silent', at, data: { files: code.files.length }, subject: 'endpoints' }];
}

function pass(seen: Sight, code: LiveCode, one: Service, found: Endpoints): Verdict<M> {
  const { total, lost } = importsIn(seen, code);
  const computedFiles = code.files.filter((file) => seen.computed.has(file)).length;
  const counted =
    one.kind === 'http' ? `; ${found.list.length} endpoints, ${found.lost.length} places that could not be read` : '';
  return {
    verdict: 'pass',
    evidence: [
      {
        searched: `${code.files.length} live source files, all parsed; ${total - lost.length} of ${total} imports of the repository's own files followed; ${computedFiles} files load by a path worked out at run time${counted}`,
      },
    ],
  };
}
