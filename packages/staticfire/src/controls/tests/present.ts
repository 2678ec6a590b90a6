import { live, type LiveCode } from '../../facts/live.ts';
import { service, services, type Service, type Services } from '../../facts/services.ts';
import { testFiles, type TestFile } from '../../facts/test-files.ts';
import { defineControl, type Verdict, type Violation } from '../../model/control.ts';

const messages = {
  absent: {
    text: 'No test loads a file of this service or calls it.',
    remedy: 'Write the first tests for what costs most when it breaks.',
  },
  trivial: {
    text: 'Its {tests} tests only look at {what}.',
    remedy: 'Test what the service is for.',
  },
  unrunnable: {
    text: 'The tests cannot start: {missing} is in no package.json.',
    remedy: 'Declare what the tests import, and run them in the pipeline.',
  },
  dead: {
    text: 'Its tests load no file that the service runs.',
    remedy: 'Point them at live code, or remove them together with the dead code.',
  },
  shared: {
    text: 'No test reaches a file in {root}; those that come near, such as this one, test code that it shares with others.',
    remedy: 'Test the endpoints and jobs of the service itself.',
    confidence: 'likely',
  },
  silent: {
    text: 'Its tests assert nothing.',
    remedy: 'Assert what the code returns or changes.',
  },
} as const;

export const present = defineControl({
  id: 'tests/present',
  area: 'tests',
  scope: 'service',
  title: {
    pass: 'Tests exercise the code that runs',
    fail: 'No test exercises the code that runs',
  },
  why: 'Only a test that loads the code of the service, or calls the running service, and asserts something can notice that a change broke it. Tests of dead code, of the health endpoint alone, or that cannot start are none.',
  failure: 'A change breaks sign-in or an order for everyone and is deployed with a green pipeline.',
  remedy: 'Begin with tests of the paths that cost most when they break: sign-in, money, data that users own.',
  done: 'At least one test that can run loads live files of the service beyond its health checks, or calls its endpoints, and asserts what it sees.',
  severity: 'major',
  confidence: 'likely',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://owasp.org/www-project-devsecops-guideline/',
    'https://vitest.dev/guide/',
    'https://nodejs.org/api/test.html',
  ],
  needs: { live, service, services, testFiles },
  messages,
  evaluate({ live: liveCode, service: own, services: all, testFiles: files }): Verdict<typeof messages> {
    const about = files.filter((file) => concerns(file, own, liveCode, all));
    const running = about.filter((file) => file.undeclared.length === 0);
    const asserting = running.filter((file) => file.assertions > 0);
    const shell = isShell(own, liveCode);
    const telling = asserting.filter((file) => isTelling(file, own, liveCode, all, shell));
    if (telling.length > 0) {
      const tests = sum(telling.map((f) => f.tests));
      const shown = telling.toSorted((a, b) => b.tests - a.tests).slice(0, 3);
      const [first, ...rest] = shown.map((f) => ({
        file: f.file,
        note: `${f.tests} tests, ${f.assertions} assertions`,
      }));
      if (first)
        return {
          verdict: 'pass',
          evidence: [
            first,
            ...rest,
            {
              searched: `${about.length} test files about this service: ${tests} tests in ${telling.length} files reach its live code`,
            },
          ],
        };
    }
    return { verdict: 'fail', violations: [shortcoming({ files, about, running, asserting }, own, all, liveCode)] };
  },
});

type Said = Violation<typeof messages>;

interface Sorted {
  readonly files: readonly TestFile[];
  readonly about: readonly TestFile[];
  readonly running: readonly TestFile[];
  readonly asserting: readonly TestFile[];
}

function shortcoming(
  { files, about, running, asserting }: Sorted,
  own: Service,
  all: Services,
  liveCode: LiveCode,
): Said {
  const subject = 'tests';
  const place = (list: readonly TestFile[]): { file: string } => ({ file: list[0]?.file ?? '' });
  if (about.length === 0) {
    const dead = files.filter((file) => inside(file.file, own) && !belongsElsewhere(file.file, own, all));
    if (dead.length > 0) return { message: 'dead', data: {}, at: place(dead), subject };
    const searched = `${files.length} test files of the repository for imports of ${liveCode.files.length} live files and requests to the service`;
    return { message: 'absent', data: {}, searched, subject };
  }
  if (running.length === 0) {
    const missing = [...new Set(about.flatMap((f) => f.undeclared))].join(', ');
    return { message: 'unrunnable', data: { missing }, at: place(about), subject };
  }
  if (asserting.length === 0) return { message: 'silent', data: {}, at: place(running), subject };
  const tests = sum(asserting.map((f) => f.tests));
  const near = asserting.filter(
    (f) => drives(f, own, all) || f.reaches.some((path) => liveCode.has(path) && inside(path, own)),
  );
  if (own.root !== '.' && near.length === 0)
    return { message: 'shared', data: { root: own.root }, at: place(asserting), subject };
  return { message: 'trivial', data: { tests, what: 'health, metrics and the like' }, at: place(asserting), subject };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

const inside = (file: string, own: Service): boolean => own.root === '.' || file.startsWith(`${own.root}/`);

function belongsElsewhere(file: string, own: Service, all: Services): boolean {
  return all.list.some(
    (other) => other.id !== own.id && other.root !== '.' && other.root.length > own.root.length && inside(file, other),
  );
}

/** Loads live code of the service, or drives it from outside. */
function concerns(file: TestFile, own: Service, liveCode: LiveCode, all: Services): boolean {
  const reached = file.reaches.filter((path) => liveCode.has(path));
  const strange = standsElsewhere(file.file, own, all);
  return reached.some((path) => !strange || inside(path, own)) || drives(file, own, all);
}

/** In the folder of another service: it is about that one, unless it loads files of this one. */
const standsElsewhere = (file: string, own: Service, all: Services): boolean =>
  own.root !== '.' &&
  all.list.some(
    (other) => other.id !== own.id && other.root !== '.' && inside(file, other) && !inside(other.root, own),
  ) &&
  !inside(file, own);

/** Sends requests to this service: it stands in its folder, or belongs to no service and this is the one it is about. */
function drives(file: TestFile, own: Service, all: Services): boolean {
  if (own.kind !== 'http' || file.requests.length === 0) return false;
  if (inside(file.file, own)) return !belongsElsewhere(file.file, own, all);
  const strange = all.list.some((other) => other.root !== '.' && inside(file.file, other));
  return !strange && file.endToEnd && about(file, all) === own.id;
}

/** `apps/web-e2e` is about `web`; else end-to-end tests are taken to be about the service with most to load. */
function about(file: TestFile, all: Services): string | undefined {
  const folders = file.file.split('/').slice(0, -1);
  const named = all.list.find((one) =>
    folders.some((folder) => folder === `${one.id}-e2e` || folder === `e2e-${one.id}`),
  );
  const browsable = all.list.filter((one) => one.kind === 'http');
  return (named ?? browsable.toSorted((a, b) => b.entries.length - a.entries.length || (a.id < b.id ? -1 : 1))[0])?.id;
}

const trivialPath =
  /^\/?(?:api\/)?(?:v\d+\/)?(?:health(?:z|check)?|live(?:z|ness)?|ready(?:z)?|readiness|liveness|metrics|ping|status|version|favicon\.ico|robots\.txt)?(?:\/(?:live|ready|db|check))?\/?(?:\?.*)?$/i;
const trivialFile = /(?:^|\/)(?:[\w.-]*(?:health|metrics|ping|version|readiness|liveness)[\w.-]*)$/i;
const wiring = /(?:^|\/)(?:index|app|server|main|bootstrap|create-?app)\.[cm]?[jt]s$/i;

/** Looks at more than health and metrics, and at the service's own code where it has much of it. */
function isTelling(file: TestFile, own: Service, liveCode: LiveCode, all: Services, shell: boolean): boolean {
  const loaded = file.reaches.filter(
    (path) => liveCode.has(path) && !trivialFile.test(path) && (shell || inside(path, own)),
  );
  if (file.requests.length === 0) return loaded.length > 0;
  const asks = file.requests.some((path) => !trivialPath.test(path));
  if (asks && (loaded.length > 0 || drives(file, own, all))) return true;
  return loaded.some((path) => !wiring.test(path) && !own.entries.some((entry) => entry.file === path));
}

/** Code shared with other services counts only for a service that is little more than a shell around it. */
function isShell(own: Service, liveCode: LiveCode): boolean {
  if (own.root === '.') return true;
  const mine = liveCode.files.filter((file) => inside(file, own)).length;
  return mine < 10 && mine < liveCode.files.length * 0.3;
}
