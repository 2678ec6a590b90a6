import type { CodeModel } from '../../code/model.ts';
import { lastName, receiverOf, type CallSite, type FileSites } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import type { Spot } from '../../code/production.ts';

export const sendNames: readonly string[] = ['json', 'send', 'end', 'render', 'Response', 'jsonp', 'error'];

/** Does a call answer the request? */
export function sends(call: CallSite): boolean {
  const { callee } = call.expr;
  if (call.name === 'Response') return call.expr.new === true;
  const receiver = receiverOf(callee);
  if (!receiver || !sendNames.includes(call.name)) return false;
  const root = rootOf(receiver);
  if (call.name === 'error') return root === 'Response' || root === 'NextResponse';
  return /(?:^|\.)(?:res|resp|response|reply|rep|c|ctx|context|h|Response|NextResponse|httpResponse|HttpResponse)$/i.test(
    root,
  );
}

/** `res` of `res.status(500).type('json')`. */
function rootOf(expr: Expr): string {
  if (expr.k === 'ref') return expr.path;
  if (expr.k === 'member') return rootOf(expr.of);
  if (expr.k !== 'call') return '';
  const receiver = receiverOf(expr.callee);
  return receiver ? rootOf(receiver) : '';
}

/** The status that a call answers with; undefined when it is not said or not a number. */
export function statusOf(model: CodeModel, call: CallSite): number | undefined {
  for (let at: Expr | undefined = receiverOf(call.expr.callee); at;) {
    if (at.k !== 'call') break;
    const [first] = at.args;
    if (first && /^(?:status|code|sendStatus|writeHead)$/.test(lastName(at.callee)))
      return numberOf(model, call, first);
    at = receiverOf(at.callee);
  }
  const [, second] = call.expr.args;
  if (second?.k === 'obj') {
    const status = second.props.find(({ key }) => key === 'status' || key === 'statusCode')?.value;
    return status && numberOf(model, call, status);
  }
  return second && numberOf(model, call, second);
}

const words: Readonly<Record<string, number>> = {
  BAD_REQUEST: 400, UNAUTHORIZED: 401, FORBIDDEN: 403, NOT_FOUND: 404, CONFLICT: 409, UNPROCESSABLE_ENTITY: 422, TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500, SERVICE_UNAVAILABLE: 503,
}; // prettier-ignore

function numberOf(model: CodeModel, spot: Spot, expr: Expr): number | undefined {
  const value = model.literal(spot.file, spot.fn, expr);
  if (typeof value === 'number') return value;
  return expr.k === 'ref' ? words[expr.path.slice(expr.path.lastIndexOf('.') + 1)] : undefined;
}

/** Does a function of the repository answer the request itself? */
export const answers = (sites: (file: string) => FileSites, { file, fn }: Spot): boolean =>
  sites(file).calls.some((call) => call.fn === fn && sends(call));
