import { setByPlatform } from '../../facts/environment-names.ts';
import type { EnvCheck, EnvRead, EnvWrite, Failure } from '../../facts/environment.ts';
import type { Expr, Position } from '../../code/summary.ts';
import { eachStmt, exprsOf, propOf, walkExpr } from '../../code/walk.ts';
import { functionAt } from './calls.ts';
import { fallbackOf, placeOf } from './fallbacks.ts';
import { actedUpon, leavesBy, refuses } from './leaving.ts';
import { groupBy } from './group.ts';
import { listOf, type KeyList } from './lists.ts';
import type { Spot } from './names.ts';
import type { EnvObjects } from './objects.ts';
import { inProduction, type Guard } from './production.ts';
import { fieldRead, type FileFacts } from './reads.ts';
import { fieldsOf, type Field, type Fields } from './schemas.ts';
import type { CallSeen, KeySeen, Question } from './sightings.ts';
import { packageBehind, parseOf, verbOf, type Parse, type Placed } from './techniques.ts';

/** The checks of one file, and what their schemas say of each variable. */
export interface FileChecks {
  readonly checks: readonly EnvCheck[];
  readonly reads: readonly EnvRead[];
  /** Functions that check the names they are given, with what happens. */
  readonly given: readonly (Spot & { readonly failure: Failure })[];
}

interface Draft {
  readonly technique: string;
  readonly style: EnvCheck['style'];
  readonly fn: number;
  readonly at: Position;
  readonly fields: readonly { readonly name: string; readonly required: boolean }[];
  readonly complete: boolean;
  readonly failure: Failure;
  readonly guards: readonly Guard[];
}

export function checksOf(objects: EnvObjects, facts: FileFacts, writes: readonly EnvWrite[]): FileChecks {
  const schemas = facts.seen.calls.flatMap((call) => schemaCheck(objects, facts.file, call));
  const lists = listChecks(objects, facts);
  const drafts = [
    ...schemas.map((s) => s.draft),
    ...lists.drafts,
    ...questionChecks(objects, facts),
    ...assertions(objects, facts),
    ...refusals(objects, facts),
  ];
  return {
    checks: drafts
      .map((draft) => finished(objects, facts, draft, writes))
      .filter((c) => c.required.length + c.optional.length > 0 || !c.complete),
    reads: schemas.flatMap((s) => s.fields.map((f) => fieldRead(objects, f))),
    given: lists.given,
  };
}

export function finished(
  objects: EnvObjects,
  { file }: Pick<FileFacts, 'file'>,
  draft: Draft,
  writes: readonly EnvWrite[],
): EnvCheck {
  const names = draft.fields.filter((f) => !setByPlatform(f.name));
  const required = [...new Set(names.filter((f) => f.required).map((f) => f.name))];
  const optional = [...new Set(names.filter((f) => !f.required).map((f) => f.name))].filter(
    (n) => !required.includes(n),
  );
  const filled = (w: EnvWrite): boolean =>
    w.fn === draft.fn &&
    draft.style !== 'single' &&
    w.production &&
    w.names.length > 0 &&
    ['literal', 'derived', 'stand-in', 'other'].includes(w.value);
  return {
    technique: draft.technique,
    style: draft.style,
    at: placeOf(file, draft.at),
    fn: draft.fn,
    symbol: functionAt(objects.names, { file, fn: draft.fn })?.name || bare(file),
    required,
    optional,
    complete: draft.complete,
    failure: draft.failure,
    injects: writes.find((w) => w.at.file === file && filled(w)),
    production: inProduction(objects, draft.guards),
  };
}

const bare = (file: string): string => file.slice(file.lastIndexOf('/') + 1).replace(/\.[cm]?[jt]sx?$/, '');

interface SchemaCheck {
  readonly draft: Draft;
  readonly fields: readonly Field[];
}

function schemaCheck(objects: EnvObjects, file: string, seen: CallSeen): readonly SchemaCheck[] {
  const spot = { file, fn: seen.fn };
  const parse = parseOf(objects, spot, seen.call) ?? nestSchema(objects, spot, seen) ?? classCheck(objects, spot, seen);
  if (!parse) return [];
  const all = parse.schemas.map((schema) => fieldsOf(objects.names, parse.library, schema));
  const fields = all.flatMap((f: Fields) =>
    f.fields.map((field) => ({ ...field, name: parse.names?.get(field.name) ?? field.name })),
  );
  const complete = all.length > 0 && all.every((f) => f.complete);
  const draft: Draft = {
    technique: parse.technique,
    style: 'schema',
    fn: seen.fn,
    at: seen.at,
    fields,
    complete,
    failure: failureOf(objects, spot, parse, seen),
    guards: seen.guards,
  };
  return [{ draft, fields }];
}

function failureOf(objects: EnvObjects, spot: Spot, parse: Parse, seen: CallSeen): Failure {
  if (parse.exits) return 'exits';
  if (parse.throws && !seen.caught) return 'throws';
  const refused = refuses(objects, spot);
  if (refused) return refused;
  return parse.throws || !handsBack(objects, spot) ? 'warns' : 'returns';
}

/** The result of the check leaves the function: its caller may refuse. */
function handsBack(objects: EnvObjects, spot: Spot): boolean {
  if (spot.fn === 0) return false;
  let found = false;
  eachStmt(functionAt(objects.names, spot)?.body ?? [], (stmt) => {
    if (stmt.k === 'return' && stmt.of) found = true;
  });
  return found;
}

/** `ConfigModule.forRoot({ validationSchema })` of NestJS. */
function nestSchema(objects: EnvObjects, spot: Spot, { call }: CallSeen): Parse | undefined {
  if (
    !/^forRoot(?:Async)?$/.test(verbOf(call.callee)) ||
    packageBehind(objects.names, spot, call.callee) !== '@nestjs/config'
  )
    return undefined;
  const schema = propOf(call.args[0], 'validationSchema');
  if (!schema) return undefined;
  return {
    library: packageBehind(objects.names, spot, schema) ?? 'joi',
    technique: "Joi through Nest's ConfigModule",
    throws: true,
    exits: false,
    schemas: [{ ...spot, expr: schema }],
  };
}

/** `validateSync(plainToInstance(Variables, config))`, `validate(this)` in a class of variables. */
function classCheck(objects: EnvObjects, spot: Spot, { call }: CallSeen): Parse | undefined {
  const verb = verbOf(call.callee);
  if (
    !/^(?:validate|validateSync|validateOrReject)$/.test(verb) ||
    packageBehind(objects.names, spot, call.callee) !== 'class-validator'
  )
    return undefined;
  const subject = call.args[0] && classBehind(objects, spot, call.args[0]);
  return (
    subject && {
      library: 'class-validator',
      technique: 'class-validator',
      throws: verb === 'validateOrReject',
      exits: false,
      schemas: [subject],
    }
  );
}

function classBehind(objects: EnvObjects, spot: Spot, expr: Expr): Placed | undefined {
  const found = expr.k === 'ref' ? objects.names.resolve(spot, expr) : { k: 'expr' as const, ...spot, expr, rest: '' };
  if (found?.k === 'class' && expr.k === 'ref' && expr.path === 'this')
    return readsEnvironment(objects, found.file, found.cls)
      ? { file: found.file, fn: 0, expr: { k: 'class', cls: found.cls } }
      : undefined;
  if (found?.k !== 'expr' || found.expr.k !== 'call') return undefined;
  const { expr: made } = found;
  if (/^(?:plainToInstance|plainToClass)$/.test(verbOf(made.callee)))
    return made.args[0] && made.args[1] && mentionsEnvironment(objects, found, made.args[1])
      ? { file: found.file, fn: found.fn, expr: made.args[0] }
      : undefined;
  if (
    made.callee.k === 'ref' &&
    made.callee.path === 'Object.assign' &&
    made.args[0]?.k === 'call' &&
    made.args.slice(1).some((a) => mentionsEnvironment(objects, found, a))
  )
    return { file: found.file, fn: found.fn, expr: made.args[0].callee };
  const cls = made.new ? objects.names.resolve(found, made.callee) : undefined;
  return cls?.k === 'class' && readsEnvironment(objects, cls.file, cls.cls)
    ? { file: cls.file, fn: 0, expr: { k: 'class', cls: cls.cls } }
    : undefined;
}

function readsEnvironment(objects: EnvObjects, file: string, index: number): boolean {
  const cls = objects.names.model.get(file)?.summary.classes[index];
  return (
    cls?.members.some(
      (m) => m.value !== undefined && mentionsEnvironment(objects, { file, fn: cls.parent }, m.value),
    ) ?? false
  );
}

function mentionsEnvironment(objects: EnvObjects, spot: Spot, expr: Expr): boolean {
  let found = false;
  walkExpr(expr, (e) => {
    if (!found && objects.pathOf(spot, e)) found = true;
    return !found;
  });
  return found || objects.gathers(spot, expr);
}

interface Lists {
  readonly drafts: readonly Draft[];
  readonly given: readonly (Spot & { readonly failure: Failure })[];
}

/** Loops over names that ask for each of them. */
function listChecks(objects: EnvObjects, facts: FileFacts): Lists {
  const drafts: Draft[] = [];
  const given: (Spot & { failure: Failure })[] = [];
  for (const seen of facts.seen.keys) {
    const list = listOf(objects.names, facts.passed, { file: facts.file, fn: seen.fn }, seen.key);
    if (!list || list.param !== undefined || comparesValue(objects, facts, seen)) continue;
    const failure = listFailure(objects, facts, seen, list);
    if (list.given) given.push({ file: facts.file, fn: list.host, failure });
    if (list.names.length > 0)
      drafts.push({
        technique: 'a hand-written list',
        style: 'list',
        fn: list.host,
        at: seen.at,
        fields: list.names.map((name) => ({ name, required: true })),
        complete: true,
        failure,
        guards: seen.guards,
      });
  }
  return { drafts, given };
}

/** `placeholders.filter(([key, text]) => env[key] === text)`: it asks what they hold, not whether they are there. */
function comparesValue(objects: EnvObjects, { file }: FileFacts, seen: KeySeen): boolean {
  let found = false;
  const visit = (expr: Expr): void => {
    if (expr.k !== 'bin' || !/^===?$/.test(expr.op)) return;
    for (const [side, other] of [
      [expr.l, expr.r],
      [expr.r, expr.l],
    ] as const)
      if (side.k === 'index' && side.at === seen.at && other.k === 'ref') found = true;
  };
  for (const stmt of functionAt(objects.names, { file, fn: seen.fn })?.body ?? [])
    eachStmt([stmt], (inner) => exprsOf(inner).forEach((expr) => walkExpr(expr, visit)));
  return found;
}

function listFailure(objects: EnvObjects, facts: FileFacts, seen: KeySeen, list: KeyList): Failure {
  const host = { file: facts.file, fn: list.host };
  const outcome = seen.fn === list.host ? undefined : outcomeOf(objects, facts, seen.fn, host);
  if (outcome === 'warns') return 'warns';
  return refuses(objects, host) ?? (handsBack(objects, host) ? 'returns' : 'warns');
}

/** What is done with `const missing = names.filter(…)`: only said, or acted upon. */
function outcomeOf(objects: EnvObjects, facts: FileFacts, callback: number, host: Spot): 'warns' | undefined {
  const call = facts.passed.get(callback)?.call;
  let name = '';
  const all: string[] = [];
  eachStmt(functionAt(objects.names, host)?.body ?? [], (stmt) => {
    if (stmt.k === 'let' && stmt.pattern.k === 'name' && stmt.init && contains(stmt.init, call))
      name = stmt.pattern.name;
    if (stmt.k === 'if' && name && mentions(stmt.test, name)) all.push(leavesBy(objects, host, stmt.then, true) ?? '');
  });
  return all.length > 0 && all.every((outcome) => outcome === 'warns') ? 'warns' : undefined;
}

function contains(expr: Expr, sought: Expr | undefined): boolean {
  let found = false;
  walkExpr(expr, (e) => {
    if (e === sought) found = true;
  });
  return found;
}

function mentions(expr: Expr, name: string): boolean {
  let found = false;
  walkExpr(expr, (e) => {
    if (e.k === 'ref' && e.path.split('.')[0] === name) found = true;
  });
  return found;
}

/** `if (!X) throw …`, gathered by the function in which they stand. */
function questionChecks(objects: EnvObjects, { file, seen }: FileFacts): readonly Draft[] {
  const byFunction = groupBy(seen.questions, (q: Question) => q.fn);
  return [...byFunction].flatMap(([fn, questions]) => {
    const spot = { file, fn };
    const acting = questions.filter(
      (q) => q.leaves === 'throw' || q.leaves === 'exit' || refusedLater(objects, spot, q),
    );
    return [
      ...asDraft(fn, acting, refuses(objects, spot) ?? 'throws'),
      ...asDraft(
        fn,
        warning(questions.filter((q) => !acting.includes(q))),
        handsBack(objects, spot) ? 'returns' : 'warns',
      ),
    ];
  });
}

function refusedLater(objects: EnvObjects, spot: Spot, question: Question): boolean {
  return (
    question.into !== undefined && actedUpon(objects, spot, functionAt(objects.names, spot)?.body ?? [], question.into)
  );
}

/** A place that only complains counts as a check when it speaks of several variables. */
function warning(questions: readonly Question[]): readonly Question[] {
  const said = questions.filter((q) => q.leaves === 'warns' || q.leaves === 'collects');
  return new Set(said.flatMap((q) => q.names)).size >= 3 ? said : [];
}

function asDraft(fn: number, questions: readonly Question[], failure: Failure): readonly Draft[] {
  const [first] = questions;
  const names = [...new Set(questions.flatMap((q) => q.names))];
  if (!first || names.length === 0) return [];
  const list = names.length >= 3 || questions.some((q) => q.leaves === 'collects');
  return [
    {
      technique: list ? 'a hand-written check' : 'a single check',
      style: list ? 'list' : 'single',
      fn,
      at: first.at,
      fields: names.map((name) => ({ name, required: true })),
      complete: true,
      failure,
      guards: first.guards.slice(0, -1),
    },
  ];
}

/** `X ?? fail('X')`: what follows the variable throws. */
function refusals(objects: EnvObjects, { file, seen }: FileFacts): readonly Draft[] {
  const refused = seen.reads.filter(
    (r) =>
      r.operands.length > 0 &&
      !r.checked &&
      fallbackOf(objects, { file, fn: r.fn }, r.operands, r.at).kind === 'throws',
  );
  return [...groupBy(refused, (r) => r.fn)].flatMap(([fn, reads]) => {
    const [first] = reads;
    const names = [...new Set(reads.map((r) => r.name))];
    if (!first) return [];
    return [
      {
        technique: 'a single check',
        style: names.length >= 3 ? ('list' as const) : ('single' as const),
        fn,
        at: first.at,
        fields: names.map((name) => ({ name, required: true })),
        complete: true,
        failure: 'throws' as const,
        guards: first.guards,
      },
    ];
  });
}

/** `assert(process.env.X)`, `invariant(env.X, '…')`. */
function assertions(objects: EnvObjects, { file, seen }: FileFacts): readonly Draft[] {
  return seen.calls.flatMap((c): Draft[] => {
    const [first] = c.call.args;
    if (!/^(?:assert|invariant|ok|tinyInvariant|warning)$/.test(verbOf(c.call.callee)) || !first || c.caught) return [];
    const name = objects.pathOf({ file, fn: c.fn }, first)?.path.split('.')[0];
    return name
      ? [
          {
            technique: 'an assertion',
            style: 'single',
            fn: c.fn,
            at: c.at,
            fields: [{ name, required: true }],
            complete: true,
            failure: 'throws',
            guards: c.guards,
          },
        ]
      : [];
  });
}
