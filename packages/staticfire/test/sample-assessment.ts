import type { Assessment, Finding, Result } from '../src/model/assessment.ts';
import type { Catalogue, CatalogueEntry } from '../src/model/catalogue.ts';

export const finding = (more: Partial<Finding> = {}): Finding => ({
  control: 'auth/fail-open-guard',
  message: 'open-when-unset',
  text: 'The guard requireKey lets every request through when API_KEY is not set.',
  remedy: 'Refuse the request when API_KEY is missing.',
  severity: 'critical',
  confidence: 'proven',
  at: { file: 'src/guards/key.ts', line: 12, column: 7 },
  excerpt: [
    '  export function requireKey(request, response, next) {',
    '    const key = process.env.API_KEY;',
    "    if (key && request.get('x-api-key') !== key) {",
    '      return response.status(401).end();',
    '    }',
  ].join('\n'),
  excerptLine: 10,
  subject: 'requireKey',
  trail: [
    { note: 'starts the service', file: 'src/server.ts', line: 4 },
    { note: 'mounts requireKey before the routes', file: 'src/app.ts', line: 31 },
  ],
  fingerprint: '00000000000000aa',
  ...more,
});

export const result = (more: Partial<Result> = {}): Result => ({
  control: 'auth/fail-open-guard',
  area: 'auth',
  service: 'api',
  title: 'A guard is open when its secret is missing',
  verdict: 'fail',
  level: 'wired',
  severity: 'critical',
  stage: 'stable',
  evidence: [],
  findings: [finding()],
  ...more,
});

const header = finding({
  control: 'http/security-headers',
  message: 'absent',
  text: 'No response carries Content-Security-Policy.',
  remedy: 'Set it in the first middleware.',
  severity: 'major',
  searched: 'calls of helmet or res.setHeader in 214 live files',
  subject: 'content-security-policy',
  trail: [],
  fingerprint: '00000000000000bb',
});
export const absence = (({ at: _at, excerpt: _excerpt, excerptLine: _line, ...rest }: Finding): Finding => rest)(
  header,
);

const logs = Array.from({ length: 5 }, (_, index) =>
  finding({
    control: 'logging/structured',
    message: 'console',
    text: 'Live code writes to the console.',
    remedy: 'Use the logger.',
    severity: 'minor',
    confidence: 'likely',
    at: { file: `src/routes/r${index}.ts`, line: index + 1 },
    trail: [],
    fingerprint: `00000000000000c${index}`,
  }),
);

const passing = (control: string, area: Result['area']): Result =>
  result({
    control,
    area,
    verdict: 'pass',
    title: 'Passes',
    findings: [],
    evidence: [{ file: 'src/config.ts', line: 3 }],
  });

export const noGo = (more: Partial<Assessment> = {}): Assessment => ({
  schema: 1,
  tool: { name: 'staticfire', version: '0.1.0' },
  subject: { root: '.', name: 'shop', commit: '1a2b3c4d5e6f708090a0b0c0d0e0f00112233445', dirty: true },
  coverage: {
    files: 812,
    sourceFiles: 640,
    live: 320,
    clientOnly: 40,
    tests: 180,
    unreached: 100,
    imports: { resolved: 2000, external: 800, unresolved: 2 },
    unread: [{ path: 'data/big.ts', reason: 'too-large' }],
    unreadTotal: 1,
    notes: ['packages/ui: a library'],
  },
  services: ['api', 'worker'].map((id) => ({
    id,
    name: id,
    root: `services/${id}`,
    kind: 'http',
    frameworks: ['express'],
    liveFiles: 160,
    entries: [{ file: `services/${id}/src/server.ts`, why: 'the start script runs it' }],
    endpoints: { http: 12, rpc: null, graphql: null },
  })),
  results: [
    result(),
    passing('config/boot-validation', 'config'),
    result({
      control: 'database/tls',
      area: 'database',
      verdict: 'unknown',
      findings: [],
      reason: 'the connection string comes from outside',
      settle: 'set ssl in the pool options',
    }),
    result({ control: 'http/security-headers', area: 'http', severity: 'major', findings: [absence] }),
    result({ control: 'logging/structured', area: 'logging', severity: 'minor', findings: logs }),
    result({
      control: 'container/image',
      area: 'container',
      service: 'repository',
      verdict: 'not-applicable',
      findings: [],
      reason: 'no Dockerfile',
    }),
  ],
  verdict: 'no-go',
  blockers: ['00000000000000aa'],
  counts: { pass: 1, fail: 3, unknown: 1, 'not-applicable': 1, error: 0 },
  timing: {
    total: 1200,
    parsed: 640,
    cached: 0,
    phases: { judging: 12 },
    collectors: { code: 900 },
    controls: { 'auth/fail-open-guard': 3 },
  },
  ...more,
});

export const go = (): Assessment => ({
  ...noGo(),
  results: noGo().results.filter(({ verdict }) => verdict !== 'fail'),
  verdict: 'go',
  blockers: [],
});

const entry = (id: string): CatalogueEntry => ({
  id,
  area: 'auth',
  scope: 'service',
  severity: 'critical',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  title: { pass: 'Guards stay closed', fail: 'A guard is open' },
  why: 'Why it counts.',
  failure: 'Anyone can call every route.',
  remedy: 'Deny.',
  done: 'Denied.',
  references: ['https://owasp.org/www-project-top-ten/'],
  messages: { 'open-when-unset': { text: 'The guard {name} is open.', remedy: 'Deny.' } },
});

export const catalogue: Catalogue = new Map(
  [...new Set(noGo().results.map(({ control }) => control))].map((id) => [id, entry(id)]),
);
