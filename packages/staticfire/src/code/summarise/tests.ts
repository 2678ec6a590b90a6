import { sitesOf, type CallSite } from '../sites.ts';
import { lineOf, type Expr, type FileSummary, type IdleTest, type TestCounts } from '../summary.ts';

/** Signs of a test in the text. Coarse: the calls decide. */
const mayTest = /(?<![.\w$])(?:[xf]?it|[xf]?test|x?specify)(?:\s*\.\s*\w+)*\s*(?:[(`<[]|as\s)/;

const modifier =
  '(?:only|skip|todo|each|for|concurrent|failing|fails|fail|fixme|serial|sequential|runIf|skipIf|effect|live|scoped|prop|shuffle)';
const testCall = new RegExp(`^(?:it|test|specify|xit|xtest|xspecify|fit|ftest)(?:\\.${modifier})*$`);
const suiteCall = new RegExp(
  `^(?:(?:test\\.)?(?:describe|suite|context)|xdescribe|xcontext|fdescribe|fcontext)(?:\\.${modifier})*$`,
);

/** Counts tests and assertions of one file and lists those that do not run; undefined without tests. */
export function countTests(text: string, summary: FileSummary): TestCounts | undefined {
  if (!mayTest.test(text)) return undefined;
  const { calls } = sitesOf('', summary, noKeys);
  const tests = calls.filter(isTest);
  if (tests.length === 0) return undefined;
  return {
    tests: tests.length,
    assertions: calls.filter(isAssertion).length,
    idle: calls.flatMap((call) => idleOf(summary, call, tests)),
    requests: calls.flatMap(requestOf),
  };
}

const noKeys: ReadonlySet<string> = new Set();

/** A test has a title and, unless it is to be written, a body; `test.skip(condition)` inside a body has none. */
function isTest(call: CallSite): boolean {
  if (!testCall.test(call.path)) return false;
  return isTitle(call.expr.args[0]) || /\.(?:each|for|skipIf|runIf)$/.test(call.path);
}

const isTitle = (expr: Expr | undefined): boolean =>
  expr?.k === 'str' || expr?.k === 'template' || (expr?.k === 'bin' && expr.op === '+');

function isAssertion(call: CallSite): boolean {
  if (/^(?:expect|assert|should|invariant)\b/i.test(call.path) || /^(?:expect|assert)[A-Z]/.test(call.name))
    return true;
  if (call.name === 'should' || call.name === 'expect') return true;
  return /^t\.(?:assert\.)?(?:is|not|true|false|truthy|falsy|deepEqual|like|throws|throwsAsync|equal|equals|same|ok|match|rejects|strictEqual|snapshot|regex|pass|notOk|strictSame)$/.test(
    call.path,
  );
}

function idleOf(summary: FileSummary, call: CallSite, tests: readonly CallSite[]): IdleTest[] {
  const suite = suiteCall.test(call.path);
  if (!suite && !testCall.test(call.path)) return [];
  const line = lineOf(call.expr.at);
  const title = titleOf(call.expr.args[0]);
  if (/^f(?:it|test|describe|context)\b|\.only\b/.test(call.path))
    return [{ kind: 'focused', title, tests: suite ? Math.max(1, inside(summary, call, tests)) : 1, line }];
  if (/\.(?:skipIf|runIf)\b/.test(call.path) || call.when.length > 0 || !isTitle(call.expr.args[0])) return [];
  if (/\.todo\b/.test(call.path)) return [{ kind: 'todo', title, tests: 1, line }];
  if (/^x|\.(?:skip|fixme)\b/.test(call.path))
    return [{ kind: 'skipped', title, tests: suite ? Math.max(1, inside(summary, call, tests)) : 1, line }];
  return !suite && isEmpty(summary, call) ? [{ kind: 'empty', title, tests: 1, line }] : [];
}

function titleOf(expr: Expr | undefined): string {
  if (expr?.k === 'str') return expr.v.slice(0, 80);
  return expr?.k === 'template' ? expr.parts.join('…').slice(0, 80) : 'a test';
}

const bodyOf = (call: CallSite): number | undefined => {
  const body = call.expr.args.findLast((arg) => arg.k === 'fn');
  return body?.k === 'fn' ? body.fn : undefined;
};

/** How many tests stand inside a suite. */
function inside(summary: FileSummary, suite: CallSite, tests: readonly CallSite[]): number {
  const body = bodyOf(suite);
  const func = body === undefined ? undefined : summary.functions[body];
  if (!func) return 0;
  return tests.filter((test) => lineOf(test.expr.at) >= lineOf(func.at) && lineOf(test.expr.at) <= func.end).length;
}

function isEmpty(summary: FileSummary, call: CallSite): boolean {
  const body = bodyOf(call);
  return body !== undefined && summary.functions[body]?.body.length === 0;
}

const requesting =
  /^(?:get|post|put|patch|delete|del|head|options|request|fetch|inject|visit|goto|open|newPage|api|\$fetch|axios|call|agent)$/;

/** The path that a request names, as far as it is written: '/orders' for `request(app).get('/orders/' + id)`. */
function requestOf(call: CallSite): string[] {
  const name = call.name || (call.path === 'fetch' ? 'fetch' : '');
  if (!requesting.test(name)) return [];
  return call.expr.args
    .slice(0, 2)
    .flatMap((arg) => pathOf(arg))
    .slice(0, 1);
}

function pathOf(arg: Expr): string[] {
  if (arg.k === 'obj')
    return arg.props.filter((p) => p.key === 'url' || p.key === 'path').flatMap((p) => pathOf(p.value));
  const text =
    arg.k === 'str'
      ? arg.v
      : arg.k === 'template'
        ? arg.parts.join('')
        : arg.k === 'bin' && arg.op === '+'
          ? [arg.l, arg.r].flatMap((side) => (side.k === 'str' ? [side.v] : [])).join('')
          : '';
  const path = text.replace(/^\w+:\/\/[^/]*/, '');
  return /^\/[\w/:.?=&{}-]*/.test(path) || path.includes('/') ? [path] : [];
}
