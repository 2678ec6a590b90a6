import type { CodeModel } from '../code/model.ts';
import { columnOf, type Expr, type FileSummary, lineOf, type Stmt } from '../code/summary.ts';
import { eachStmt, exprsOf, walkExpr } from '../code/walk.ts';
import { code } from '../facts/code.ts';
import { literalCredentials, type LiteralCredential } from '../facts/literal-credentials.ts';
import { reach } from '../facts/live.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';

export const literalCredentialsCollector = defineCollector({
  fact: literalCredentials,
  needs: { code, reach },
  collect({ facts }) {
    const list: LiteralCredential[] = [];
    let comparisons = 0;
    for (const file of facts.code.files) {
      if (facts.reach.roleOf(file) !== 'live') continue;
      const source = facts.code.get(file);
      if (!source) continue;
      for (const found of comparisonsOf(source.summary)) {
        comparisons += 1;
        const credential = credentialOf(facts.code, file, found);
        if (credential) list.push({ ...credential, services: facts.reach.servicesOf(file) });
      }
    }
    return known({ list, comparisons });
  },
});

interface Comparison {
  readonly name: string;
  readonly other: Expr;
  readonly fn: number;
  readonly at: number;
  /** The function reads what a caller sent with the request. */
  readonly authenticates: boolean;
}

const passwordName = /^(?:\w*(?:password|passwd|passcode|passphrase|accessCode|secretCode)|pass|pwd|pin)$/i;
const tokenName =
  /^(?:\w*(?:token|secret|apiKey|api_key|adminKey|accessKey|bypass|masterKey)|authorization|auth|authHeader|bearer|key)$/i;

function comparisonsOf(summary: FileSummary): readonly Comparison[] {
  return summary.functions.flatMap((func, fn) => {
    const found: Omit<Comparison, 'authenticates'>[] = [];
    collect(func.body, fn, found);
    return found.length === 0
      ? []
      : found.map((comparison) => ({ ...comparison, authenticates: readsRequest(func.body) }));
  });
}

type Found = Omit<Comparison, 'authenticates'>[];

/** Comparisons of the statements, without those that stand under a test for development. */
function collect(stmts: readonly Stmt[], fn: number, found: Found): void {
  const guarded = new Set<Stmt>();
  eachStmt(stmts, (stmt) => {
    if (guarded.has(stmt)) return;
    if (stmt.k === 'if' && testsMode(stmt.test)) eachStmt(stmt.then, (inner) => guarded.add(inner));
    else for (const expr of exprsOf(stmt)) compare(expr, fn, found);
  });
}

const isComparison = /^[!=]==?$/;

function compare(expr: Expr, fn: number, found: Found): void {
  switch (expr.k) {
    case 'bin':
      if (isComparison.test(expr.op)) return noteComparison(expr, fn, found);
      if (expr.op === '&&' && testsMode(expr)) return;
      compare(expr.l, fn, found);
      return compare(expr.r, fn, found);
    case 'cond':
      compare(expr.test, fn, found);
      compare(expr.then, fn, found);
      return compare(expr.else, fn, found);
    case 'assign':
      return compare(expr.value, fn, found);
    case 'call':
      return expr.args.forEach((arg) => compare(arg, fn, found));
    case 'unary':
    case 'await':
      return compare(expr.of, fn, found);
    default:
  }
}

function noteComparison(expr: Expr & { readonly k: 'bin' }, fn: number, found: Found): void {
  for (const [side, other] of [
    [expr.l, expr.r],
    [expr.r, expr.l],
  ] as const) {
    const name = lastName(side);
    if (name && (passwordName.test(name) || tokenName.test(name)) && other.k !== 'unary' && !ofForm(side))
      found.push({ name, other, fn, at: expr.at });
  }
}

/** `fields.password`, `errors.token`: what a form or a policy says of a field, not what was sent in it. */
const ofForm = (side: Expr): boolean =>
  side.k === 'ref' &&
  /(?:^|\.)(?:fields?|errors?|touched|dirty|rules?|schema|types?|labels?|permissions?|visibility|status(?:es)?|modes?|controls?)\.[^.]+$/i.test(
    side.path,
  );

/** `password`, `body.password`, `req.headers['x-api-key']`. */
const lastName = (expr: Expr): string | undefined =>
  expr.k === 'ref' ? expr.path.split('.').at(-1)?.replaceAll('-', '') : expr.k === 'member' ? expr.name : undefined;

function testsMode(test: Expr): boolean {
  let found = false;
  walkExpr(test, (expr) => {
    if (
      expr.k === 'ref' &&
      /NODE_ENV|\.(?:DEV|TEST|CI)$|isDev|isTest|IS_DEV|isLocal|isDevelopment|isProd/i.test(expr.path)
    )
      found = true;
  });
  return found;
}

function readsRequest(stmts: readonly Stmt[]): boolean {
  let found = false;
  eachStmt(stmts, (stmt) => {
    for (const expr of exprsOf(stmt))
      walkExpr(expr, (inner) => {
        if (
          inner.k === 'ref' &&
          /(?:^|\.)(?:headers?|authorization|cookies?|query|searchParams|body|formData)(?:\.|$)/i.test(inner.path)
        )
          found = true;
        if (inner.k === 'ref' && /^(?:req|request|ctx|c|event)\./.test(inner.path)) found = true;
        if (inner.k === 'str' && /^(?:authorization|bearer ?|x-api-key|x-[\w-]*token)$/i.test(inner.v)) found = true;
      });
  });
  return found;
}

const words =
  /^(?:|null|undefined|true|false|none|string|object|number|text|password|token|secret|bearer|basic|default|unknown|invalid|valid|expired|required|hidden|email|phone|me|new|reset|access|refresh|id_token|access_token|refresh_token|api[-_]?key|apiKey|test|public|private|login|register|otp|sms|\*+|•+|\[.*\]|\W)$/i;
const meansAccess = /admin|dev|bypass|mock|test|demo|master|internal|backdoor|debug|super|letmein|secret|dummy|fake/i;

function credentialOf(
  model: CodeModel,
  file: string,
  { name, other, fn, at, authenticates }: Comparison,
): Omit<LiteralCredential, 'services'> | undefined {
  const value = model.literal(file, fn, other);
  if (isEnumerated(model, file, fn, other)) return undefined;
  if (typeof value !== 'string' || words.test(value) || value.length > 200) return undefined;
  const kind = passwordName.test(name) ? 'password' : 'token';
  const credible =
    kind === 'password'
      ? value.length >= 3 && authenticates
      : authenticates && value.length >= 8 && !/\s|^https?:/.test(value) && isKeyLike(value);
  if (!credible) return undefined;
  return {
    name,
    kind,
    at: { file, line: lineOf(at), column: columnOf(at) },
    constant: other.k === 'ref' ? constantOf(model, file, fn, other) : undefined,
  };
}

/** One of several named values, as of an enum: `kind === Kind.Password`. */
function isEnumerated(model: CodeModel, file: string, fn: number, other: Expr): boolean {
  if (other.k !== 'ref' || !other.path.includes('.')) return false;
  const of: Expr = { ...other, path: other.path.slice(0, other.path.lastIndexOf('.')) };
  const origin = model.origin(file, fn, of);
  return (
    origin.kind === 'value' &&
    origin.member === '' &&
    origin.expr.k === 'obj' &&
    origin.expr.props.length > 1 &&
    origin.expr.props.every((prop) => prop.value.k === 'str' && !/\d/.test(prop.value.v))
  );
}

/** A token that lets in: it says so, or looks like a key; not one word of an enumeration. */
const isKeyLike = (value: string): boolean =>
  (/[-_]/.test(value) && meansAccess.test(value)) || (/\d/.test(value) && /[a-z]/i.test(value) && value.length >= 12);

function constantOf(model: CodeModel, file: string, fn: number, expr: Expr): LiteralCredential['constant'] {
  const origin = model.origin(file, fn, expr);
  return origin.kind === 'value' && origin.expr.k === 'str'
    ? { file: origin.file, line: lineOf(origin.expr.at) }
    : undefined;
}
