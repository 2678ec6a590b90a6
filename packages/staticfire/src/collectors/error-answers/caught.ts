import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { FileSites } from '../../code/sites.ts';
import type { Expr, Func, Pattern, Position, Stmt } from '../../code/summary.ts';
import { eachStmt, walkStmts } from '../../code/walk.ts';

/** A stretch of code in which a caught error goes by a name. */
export interface Caught {
  readonly names: ReadonlySet<string>;
  /** What local variables were given there. */
  readonly lets: ReadonlyMap<string, Expr>;
  /** Calls and assignments inside, by position. */
  has(at: Position): boolean;
}

const errorName = /^_?(?:e|er|err|error|ex|exc|exception|cause|reason|thrown)$/i;
const catching = /^(?:catch|onError|setErrorHandler|onerror|catchError)$/;

/** Where errors are at hand in a function: catch blocks, and the whole body where a parameter is an error. */
export function caughtIn(model: CodeModel, sites: (file: string) => FileSites, spot: Spot): readonly Caught[] {
  const func = model.get(spot.file)?.summary.functions[spot.fn];
  if (!func) return [];
  const blocks: Caught[] = [];
  eachStmt(func.body, (stmt) => {
    if (stmt.k === 'try' && stmt.handler && stmt.param) blocks.push(region(namesOf(stmt.param), stmt.handler));
  });
  const given = errorParameter(func, sites(spot.file).handedTo.get(spot.fn)?.name);
  return given === undefined ? blocks : [...blocks, region([given], func.body)];
}

function errorParameter(func: Func, handedTo: string | undefined): string | undefined {
  const [first] = func.params;
  const isFirst =
    func.params.length === 4 || (handedTo !== undefined && catching.test(handedTo)) || func.name === 'catch';
  if (isFirst && first?.pattern.k === 'name') return first.pattern.name;
  return func.params.flatMap(({ pattern, type }) =>
    pattern.k === 'name' && errorName.test(pattern.name) && isAnyError(type) ? [pattern.name] : [],
  )[0];
}

/** Not a class of errors that somebody made on purpose. */
const isAnyError = (type: string | undefined): boolean =>
  type === undefined || /^(?:any|unknown|Error|NodeJS\.ErrnoException|FastifyError|object)\b(?!\w)/.test(type);

const namesOf = (pattern: Pattern): readonly string[] => (pattern.k === 'name' ? [pattern.name] : []);

function region(names: readonly string[], body: readonly Stmt[]): Caught {
  const lets = new Map<string, Expr>();
  const places = new Set<Position>();
  const known = new Set(names);
  eachStmt(body, (stmt) => {
    if (stmt.k !== 'let' || stmt.pattern.k !== 'name' || !stmt.init) return;
    lets.set(stmt.pattern.name, stmt.init);
    // `const err = error as Error`
    if (stmt.init.k === 'ref' && known.has(stmt.init.path)) known.add(stmt.pattern.name);
  });
  walkStmts(body, (expr) => {
    if (expr.k === 'call' || expr.k === 'assign') places.add(expr.at);
    // `error = new InternalError()`: from there on it is another error.
    if (expr.k === 'assign' && expr.target.k === 'ref' && expr.value.k === 'call') known.delete(expr.target.path);
  });
  return { names: known, lets, has: (at) => places.has(at) };
}
