import type { Call } from '../../code/polarity/calls.ts';
import { denialByName } from '../../code/polarity/denial.ts';
import { inline } from '../../code/polarity/inline.ts';
import type { Run } from '../../code/polarity/run.ts';
import { input, nothing, request, type Atom, type Frame, type Value } from '../../code/polarity/values.ts';
import type { Sight } from './sight.ts';

const authish =
  /auth|session|verif|token|guard|protect|permission|current_?user|getUser|requireUser|requireAdmin|credential|signature|jwt|allowed|access|rbac|policy/i;
/** Calls after which nobody goes on whom they do not know. */
const strong = /^(?:require|assert|ensure|check|verify|validate|protect|authorize|authenticate|enforce)[A-Z_]?\w*$/;
const harmless =
  /^(?:log|info|warn|error|debug|trace|write|push|add|emit|captureException|captureMessage|print|setHeader|append|use|on|create\w*|delete\w*|update\w*|insert\w*|send\w*|track\w*|format\w*|generate\w*|revoke\w*|sign|encode\w*|signOut|signIn\w*|signUp\w*|list\w*|count\w*|find\w*|save\w*|register\w*|hash\w*)$/;
/** Calls that run what they are given, at once and in their caller's stead. */
const runsNow =
  /^(?:\$?transaction|withTransaction|\w*[sS]pan|startActiveSpan|run|runInContext|runWith\w*|then|finally|trace|measure|timed|attempt|tryCatch|retry|pRetry|backOff|cached?|unstable_cache|batch|wrap|execute|to|from|allSettled)$/;
const checks =
  /^(?:parse|parseAsync|safeParse|safeParseAsync|validate|validateAsync|validateSync|cast|decode|strictParse|check|assert|create)$/;

/** A call that nothing else could follow. */
export function lostCall(sight: Sight, run: Run, frame: Frame, call: Call): Value | undefined {
  const { name, path, args, expr } = call;
  if (denialByName(name, expr.args)) return undefined;
  const answered = answer(call);
  if (answered) return answered;
  if (name === 'all' || name === 'race' || name === 'resolve') return path.startsWith('Promise.') ? args[0] : undefined;
  const functions = args.flatMap((arg) => arg.filter((atom) => atom.k === 'function'));
  if (functions.length > 0) return handed(run, frame, call, functions);
  const given = args.flat();
  if (checks.test(name) && given.some((atom) => atom.k === 'input')) return [input];
  if (
    given.some((atom) => atom.k === 'input' && atom.whole) &&
    /^(?:create|from|getRequest|getContext|toRequest|fromNode)$/.test(name)
  )
    return [request];
  return maybeKnows(sight, run, call);
}

/** `Response.json(x)`, `new Response(x)`, `json(x)`: what is answered. */
function answer({ path, name, args, expr }: Call): Value | undefined {
  if (
    /^(?:Next)?Response\.json$/.test(path) ||
    (/^(?:json|data|superjson|defer|ok|success\w*|\w*[jJ]sonResponse)$/.test(name) && path === name)
  )
    return args[0] ?? [nothing];
  if (expr.new && name.endsWith('Response')) return args[0] ?? [nothing];
  if (/^(?:Next)?Response\.(?:redirect|rewrite|next)$/.test(path)) return [nothing];
  return undefined;
}

function handed(run: Run, frame: Frame, { name, expr }: Call, functions: readonly Atom[]): Value | undefined {
  if (
    /^(?:on|once|addEventListener|setTimeout|setInterval|subscribe|forEach|map|filter|sort|find|reduce|every|some|flatMap|setImmediate|nextTick|after|waitUntil)$/.test(
      name,
    )
  )
    return undefined;
  const values = functions.flatMap((atom): Value =>
    atom.k === 'function' && runsNow.test(name)
      ? inline(run, { file: atom.frame.file, fn: atom.fn, outer: atom.frame }, [[{ k: 'any', present: true }]], frame)
      : [atom],
  );
  if (runsNow.test(name)) return values;
  // A wrapper of a package: what it is given may run when it is called, and what it adds is not known.
  return authish.test(name) && !expr.new ? [...values, { k: 'any', lost: run.site }] : [...values, { k: 'any' }];
}

/** By its name it can know the caller. */
function maybeKnows(sight: Sight, run: Run, { name, path, expr }: Call): Value | undefined {
  if (expr.new || harmless.test(name) || !authish.test(path || name)) return undefined;
  const { site } = run;
  if (strong.test(name) && !/^(?:checkHealth|verifyConnection)/.test(name))
    sight.losses.push({ site, name: path || name, path: [...run.path] });
  return [{ k: 'any', lost: site }];
}
