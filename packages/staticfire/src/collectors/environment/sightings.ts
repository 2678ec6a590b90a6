import type { Expr, Pattern, Position, Stmt } from '../../code/summary.ts';
import { eachStmt, insideOf } from '../../code/walk.ts';
import { answerTo } from './answers.ts';
import type { Spot } from './names.ts';
import { askedMembers } from './members.ts';
import type { EnvObjects } from './objects.ts';
import { leavesBy, notedIn, type Leaving } from './leaving.ts';
import { missingIn, presentIn } from './presence.ts';
import type { Guard } from './production.ts';
import { plainly, type At } from './standing.ts';
import { verbOf } from './techniques.ts';

interface Seen {
  readonly fn: number;
  readonly at: Position;
  readonly guards: readonly Guard[];
}

/** A variable read by name. */
interface ReadSeen extends Seen {
  readonly name: string;
  readonly use: 'value' | 'test' | 'bound';
  /** What follows when it is missing, in order. */
  readonly operands: readonly Expr[];
  /** Read through a variable that holds the value. */
  readonly alias: boolean;
  readonly checked: boolean;
}

/** `env[key]` with a key that is no constant. */
export interface KeySeen extends Seen {
  readonly key: Expr;
  readonly operands: readonly Expr[];
  /** What is read is what a schema returned. */
  readonly checked: boolean;
}

export interface WriteSeen extends Seen {
  readonly name: string | undefined;
  readonly key: Expr | undefined;
  readonly value: Expr;
}

/** `if (…) …` that asks whether variables are missing. */
export interface Question extends Seen {
  readonly names: readonly string[];
  readonly leaves: Leaving;
  /** The list in which it notes the fault. */
  readonly into: string | undefined;
}

export interface CallSeen extends Seen {
  readonly call: Extract<Expr, { k: 'call' }>;
  readonly operands: readonly Expr[];
  readonly use: 'value' | 'test';
  /** In a `try` whose handler goes on as if nothing had happened. */
  readonly caught: boolean;
}

/** Everything about the environment that one file shows. */
export interface Sightings {
  readonly reads: ReadSeen[];
  readonly keys: KeySeen[];
  readonly writes: WriteSeen[];
  readonly questions: Question[];
  readonly calls: CallSeen[];
}

/** Walks a file with the conditions under which each part runs. */
export function sightings(
  objects: EnvObjects,
  file: string,
  wanted: (call: Extract<Expr, { k: 'call' }>) => boolean,
): Sightings {
  const seen: Sightings = { reads: [], keys: [], writes: [], questions: [], calls: [] };
  const summary = objects.names.model.get(file)?.summary;
  if (!summary) return seen;
  const walk = new Walk(objects, file, wanted, seen);
  summary.functions.forEach((func, fn) => {
    const at: At = { fn, guards: [], operands: [], use: 'value', caught: false };
    for (const param of func.params) if (param.default) walk.expr(param.default, at);
    walk.block(func.body, at);
  });
  for (const cls of summary.classes) {
    const at: At = { fn: cls.parent, guards: [], operands: [], use: 'value', caught: false };
    const bound: At = { ...at, use: 'bound' };
    const asked = askedMembers(summary, cls);
    for (const expr of [...cls.decorators, ...cls.members.flatMap((m) => m.decorators)]) walk.expr(expr, at);
    for (const { name, value, decorators } of cls.members) {
      if (value) walk.expr(value, decorators.some(isOptional) || asked.has(name) ? { ...at, use: 'test' } : bound);
    }
  }
  for (const exported of summary.exports)
    if (exported.value && exported.name === 'default' && exported.value.k !== 'fn' && exported.value.k !== 'class')
      walk.expr(exported.value, { fn: 0, guards: [], operands: [], use: 'value', caught: false });
  return seen;
}

class Walk {
  readonly #objects: EnvObjects;
  readonly #file: string;
  readonly #wanted: (call: Extract<Expr, { k: 'call' }>) => boolean;
  readonly #seen: Sightings;

  constructor(
    objects: EnvObjects,
    file: string,
    wanted: (call: Extract<Expr, { k: 'call' }>) => boolean,
    seen: Sightings,
  ) {
    this.#objects = objects;
    this.#file = file;
    this.#wanted = wanted;
    this.#seen = seen;
  }

  block(stmts: readonly Stmt[], at: At): void {
    let here = at;
    for (const stmt of stmts) {
      this.#stmt(stmt, here);
      if (stmt.k !== 'if' || stmt.else || leavesBy(this.#objects, this.#spot(here), stmt.then) === undefined) continue;
      here = { ...here, guards: [...here.guards, this.#guard(stmt.test, false, here)] };
    }
  }

  #spot(at: At): Spot {
    return { file: this.#file, fn: at.fn };
  }

  #guard(test: Expr, holds: boolean, at: At): Guard {
    return { test, holds, file: this.#file, fn: at.fn };
  }

  #under(test: Expr, holds: boolean, at: At): At {
    return { ...at, guards: [...at.guards, this.#guard(test, holds, at)] };
  }

  #stmt(stmt: Stmt, at: At): void {
    switch (stmt.k) {
      case 'expr':
      case 'throw':
        return this.expr(stmt.of, at);
      case 'return':
        if (!stmt.of) return;
        this.#returned(stmt.of, at);
        return this.expr(stmt.of, at);
      case 'let':
        return stmt.init && this.#declared(stmt.pattern, stmt.init, at);
      case 'if':
        return this.#if(stmt, at);
      case 'loop':
        for (const expr of stmt.head) this.expr(expr, at);
        return this.block(stmt.body, at);
      case 'try':
        return this.#try(stmt, at);
      case 'switch':
        this.expr(stmt.on, { ...at, use: 'test' });
        for (const one of stmt.cases)
          this.block(
            one.body,
            one.test ? this.#under({ k: 'bin', op: '===', l: stmt.on, r: one.test, at: stmt.at }, true, at) : at,
          );
        return;
      default:
        return;
    }
  }

  #if(stmt: Extract<Stmt, { k: 'if' }>, at: At): void {
    this.expr(stmt.test, { ...at, use: 'test' });
    const names = missingIn(this.#objects, this.#spot(at), stmt.test);
    const leaves = leavesBy(this.#objects, this.#spot(at), stmt.then, true);
    if (names.length > 0 && leaves)
      this.#seen.questions.push({
        names,
        leaves,
        into: leaves === 'collects' ? notedIn(stmt.then) : undefined,
        fn: at.fn,
        at: stmt.at,
        guards: [...at.guards, this.#guard(stmt.test, true, at)],
      });
    this.block(stmt.then, this.#under(stmt.test, true, at));
    if (stmt.else) this.block(stmt.else, this.#under(stmt.test, false, at));
  }

  #try(stmt: Extract<Stmt, { k: 'try' }>, at: At): void {
    const handled = leavesBy(this.#objects, this.#spot(at), stmt.handler ?? [], true);
    const goesOn = stmt.handler !== undefined && handled !== 'throw' && handled !== 'exit';
    this.block(stmt.block, { ...at, caught: at.caught || goesOn });
    this.block(stmt.handler ?? [], at);
    this.block(stmt.finally ?? [], at);
  }

  #declared(pattern: Pattern, init: Expr, at: At): void {
    const env = pattern.k === 'name' ? undefined : this.#objects.pathOf(this.#spot(at), init);
    if (pattern.k === 'obj' && env?.path === '') {
      for (const prop of pattern.props)
        this.#read(
          prop.key,
          init,
          { ...at, use: 'bound', operands: prop.default ? [prop.default] : [] },
          env.checked,
          false,
        );
    }
    this.expr(init, pattern.k === 'name' ? { ...at, use: 'bound' } : at);
  }

  #read(name: string, expr: Expr, at: At, checked: boolean, alias: boolean): void {
    const position = 'at' in expr ? expr.at : 0;
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || /^(?:hasOwnProperty|toString)$/.test(name)) return;
    this.#seen.reads.push({
      name,
      use: at.use,
      operands: at.operands,
      guards: at.guards,
      fn: at.fn,
      at: position,
      alias,
      checked,
    });
  }

  /** One expression and all inside it. */
  expr(expr: Expr, at: At): void {
    switch (expr.k) {
      case 'ref':
      case 'member':
      case 'index':
        return this.#chain(expr, at);
      case 'bin':
        return this.#binary(expr, at);
      case 'unary':
        return this.expr(expr.of, {
          ...at,
          operands: [],
          use: expr.op === '!' || expr.op === 'typeof' ? 'test' : at.use,
        });
      case 'cond':
        return this.#cond(expr, at);
      case 'await':
        return this.expr(expr.of, at);
      case 'assign':
        return this.#assign(expr, at);
      case 'call':
        return this.#call(expr, at);
      default:
        return this.#inside(expr, at);
    }
  }

  #inside(expr: Expr, at: At): void {
    const parts = insideOf(expr);
    if (parts.length === 0) return;
    const inner: At = plainly(at);
    for (const part of parts) this.expr(part, inner);
  }

  #chain(expr: Extract<Expr, { k: 'ref' | 'member' | 'index' }>, at: At): void {
    const env = this.#objects.pathOf(this.#spot(at), expr);
    if (env) {
      const [name = ''] = env.path.split('.');
      const direct = expr.k !== 'ref' || /(?:^|\.)env\.|^env\b|\.[A-Z]/.test(expr.path);
      if (name) this.#read(name, expr, at, env.checked, !direct);
      return;
    }
    if (expr.k === 'index' && this.#objects.gathers(this.#spot(at), expr.of)) {
      this.#seen.keys.push({
        checked: this.#objects.pathOf(this.#spot(at), expr.of)?.checked === true,
        key: expr.by,
        operands: at.operands,
        guards: at.guards,
        fn: at.fn,
        at: expr.at,
      });
    }
    if (expr.k !== 'ref') this.#inside(expr, at);
  }

  #binary(expr: Extract<Expr, { k: 'bin' }>, at: At): void {
    if (expr.op === '||' || expr.op === '??') {
      this.expr(expr.l, { ...at, operands: [expr.r, ...at.operands] });
      return this.expr(expr.r, this.#under(expr.l, false, at));
    }
    if (expr.op === '&&') {
      this.expr(expr.l, { ...at, operands: [], use: 'test' });
      return this.expr(expr.r, this.#under(expr.l, true, at));
    }
    const constant = [expr.l, expr.r].some((e) => ['str', 'num', 'bool', 'null', 'undefined'].includes(e.k));
    const compared = /^[!=]==?$/.test(expr.op) && (constant || expr.l.k === 'unary');
    for (const side of [expr.l, expr.r]) this.expr(side, { ...at, operands: [], use: compared ? 'test' : 'value' });
  }

  /** `X ? f(X) : other`: the other side stands in for X. */
  #cond(expr: Extract<Expr, { k: 'cond' }>, at: At): void {
    this.expr(expr.test, { ...at, operands: [], use: 'test' });
    const asks = presentIn(this.#objects, this.#spot(at), expr.test).length > 0;
    const denies = missingIn(this.#objects, this.#spot(at), expr.test).length > 0;
    const then = this.#under(expr.test, true, at);
    const otherwise = this.#under(expr.test, false, at);
    this.expr(expr.then, asks ? { ...then, operands: [expr.else, ...at.operands] } : then);
    this.expr(expr.else, denies ? { ...otherwise, operands: [expr.then, ...at.operands] } : otherwise);
  }

  #assign(expr: Extract<Expr, { k: 'assign' }>, at: At): void {
    const { target } = expr;
    if (target.k === 'pattern') return this.#declared(target.pattern, expr.value, at);
    const env = this.#objects.pathOf(this.#spot(at), target);
    const written = { value: expr.value, fn: at.fn, at: expr.at, guards: at.guards };
    if (env?.path && !env.path.includes('.') && !env.checked) this.#written(env.path, target, written, at);
    else if (target.k === 'index' && this.#objects.gathers(this.#spot(at), target.of)) {
      this.#seen.writes.push({ ...written, name: undefined, key: target.by });
    }
    this.expr(expr.value, { ...at, operands: [], use: target.k === 'ref' ? 'bound' : 'value' });
  }

  /** A write to the environment, or to a variable that holds a value of it: then what is written stands in for it. */
  #written(name: string, target: Expr, written: Omit<WriteSeen, 'name' | 'key'>, at: At): void {
    if (isMember(target)) this.#seen.writes.push({ ...written, name, key: undefined });
    else this.#read(name, target, { ...at, operands: [written.value], use: 'value' }, false, false);
  }

  /** `if (!X) return 'text'` in a function that returns X otherwise. */
  #returned(of: Expr, at: At): void {
    const guard = at.guards.at(-1);
    if (!guard) return;
    const names = guard.holds
      ? missingIn(this.#objects, guard, guard.test)
      : presentIn(this.#objects, guard, guard.test);
    if (names.length === 0 || typeof this.#objects.names.model.literal(this.#file, at.fn, of) !== 'string') return;
    const given = this.#givenBack(at);
    for (const name of names)
      if (given.has(name)) this.#read(name, of, { ...at, operands: [of], use: 'value' }, false, false);
  }

  #givenBack(at: At): ReadonlySet<string> {
    const names = new Set<string>();
    eachStmt(this.#objects.names.model.get(this.#file)?.summary.functions[at.fn]?.body ?? [], (stmt) => {
      if (stmt.k === 'return' && stmt.of) names.add(this.#objects.pathOf(this.#spot(at), stmt.of)?.path ?? '');
    });
    return names;
  }

  #call(expr: Extract<Expr, { k: 'call' }>, at: At): void {
    if (this.#wanted(expr)) {
      const use = at.use === 'test' ? 'test' : 'value';
      this.#seen.calls.push({
        call: expr,
        operands: at.operands,
        use,
        guards: at.guards,
        fn: at.fn,
        at: expr.at,
        caught: at.caught,
      });
    }
    const asks =
      /^(?:Boolean|isSet|isDefined|isEmpty|isNil|yes|isYes|isTrue|isTruthy|isEnabled|(?:to|as|parse)Bool(?:ean)?)$/.test(
        verbOf(expr.callee),
      );
    const passes: At = asks ? { ...at, use: 'test' } : at;
    if (expr.callee.k !== 'fn') this.expr(expr.callee, passes);
    expr.args.forEach((arg, index) => {
      const given: At = index === 0 ? passes : plainly(at);
      this.expr(arg, arg.k === 'ref' ? this.#given(expr, arg, index, given) : given);
    });
  }

  /** A function that asks whether its argument is there deals with a missing variable itself. */
  #given(call: Extract<Expr, { k: 'call' }>, arg: Expr, index: number, at: At): At {
    const name = this.#objects.pathOf(this.#spot(at), arg)?.path;
    if (!name || name.includes('.')) return at;
    const answer = answerTo(this.#objects, this.#spot(at), call, index);
    if (answer === 'throw' || answer === 'exit') {
      this.#seen.questions.push({
        names: [name],
        leaves: answer,
        into: undefined,
        fn: at.fn,
        at: call.at,
        guards: [...at.guards, this.#guard(arg, true, at)],
      });
    }
    return answer === undefined ? at : { ...at, use: 'test' };
  }
}

const isMember = (target: Expr): boolean => target.k !== 'ref' || target.path.includes('.');

/** `@IsOptional()`: the variable behind the property may be missing. */
const isOptional = (decorator: Expr): boolean =>
  verbOf(decorator.k === 'call' ? decorator.callee : decorator) === 'IsOptional';
