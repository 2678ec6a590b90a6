import type { CodeModel, SourceFile } from '../../code/model.ts';
import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Import, type Position } from '../../code/summary.ts';
import { walkFile } from '../../code/walk.ts';
import type { LiveCalls, SitesByFile } from '../../facts/calls.ts';
import type { Project } from '../../facts/project.ts';
import type { Service } from '../../facts/services.ts';
import type { TelemetryStart } from '../../facts/telemetry.ts';
import type { Place } from '../../model/place.ts';
import { instrumented } from './packages.ts';

export interface Grounds {
  readonly model: CodeModel;
  readonly calls: LiveCalls;
  readonly sites: SitesByFile;
  readonly project: Project;
  readonly service: Service;
}

type Order = Pick<TelemetryStart, 'order' | 'after'>;

const early: Order = { order: 'early', after: undefined };
const deepest = 8;

/** Does a start run before the first package that it would instrument is loaded? */
export function orderOf(
  grounds: Grounds,
  start: { readonly file: string; readonly call: CallSite | undefined; readonly at: Position },
): Order {
  const { service } = grounds;
  const first = service.entries.filter((entry) => entry.kind === 'instrumentation');
  if (first.some((entry) => reaches(grounds.model, entry.file, start.file))) return early;
  const triggers = start.call ? triggersOf(grounds, start.call) : new Map([[start.file, [start.at]]]);
  if (triggers.size === 0) return { order: 'unknown', after: undefined };
  const orders = service.entries
    .filter((entry) => entry.kind !== 'instrumentation')
    .flatMap((entry) => simulate(grounds, entry.file, triggers) ?? []);
  return orders.find((order) => order.order === 'late') ?? orders[0] ?? { order: 'unknown', after: undefined };
}

function reaches(model: CodeModel, from: string, to: string): boolean {
  const seen = new Set([from]);
  const waiting = [from];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === to) return true;
    const fresh = model.importsOf(next).filter((file) => !seen.has(file));
    for (const file of fresh) seen.add(file);
    waiting.push(...fresh);
  }
  return false;
}

type Triggers = ReadonlyMap<string, readonly Position[]>;

/** Where module bodies run into the start: the call itself, or calls of the functions around it. */
function triggersOf(grounds: Grounds, start: CallSite): Triggers {
  const found = new Map<string, Position[]>();
  const seen = new Set<string>();
  const waiting: { call: CallSite; depth: number }[] = [{ call: start, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { call, depth } = next;
    if (call.fn === 0) found.set(call.file, [...(found.get(call.file) ?? []), call.expr.at]);
    const key = `${call.fn} ${call.file}`;
    if (call.fn === 0 || depth > deepest || seen.has(key)) continue;
    seen.add(key);
    for (const outer of callersOf(grounds, call.file, call.fn)) waiting.push({ call: outer, depth: depth + 1 });
  }
  return found;
}

function callersOf({ model, calls, sites }: Grounds, file: string, fn: number): readonly CallSite[] {
  const taker = sites.of(file).handedTo.get(fn);
  const func = model.get(file)?.summary.functions[fn];
  if (taker) return [taker];
  if (!func?.name) return [];
  const cls =
    func.name === 'constructor' && func.owner !== undefined
      ? model.get(file)?.summary.classes[func.owner]?.name
      : undefined;
  return calls.named(cls ?? func.name).filter((call) => {
    const origin = calls.origin(call);
    return (
      (origin.kind === 'function' && origin.file === file && origin.fn === fn) ||
      (cls !== undefined && origin.kind === 'class' && origin.file === file && origin.cls === func.owner)
    );
  });
}

interface Walk extends Grounds {
  readonly triggers: Triggers;
  readonly seen: Set<string>;
  first: { readonly package: string; readonly at: Place } | undefined;
}

/** Loads modules in the order in which Node.js evaluates them, until the start runs. */
function simulate(grounds: Grounds, entry: string, triggers: Triggers): Order | undefined {
  const walk: Walk = { ...grounds, triggers, seen: new Set(), first: undefined };
  if (!load(walk, entry, 0)) return undefined;
  return walk.first ? { order: 'late', after: walk.first } : early;
}

/** True when the start ran. */
function load(walk: Walk, file: string, depth: number): boolean {
  if (walk.seen.has(file) || depth > 200) return false;
  walk.seen.add(file);
  const source = walk.model.get(file);
  const starts = walk.triggers.get(file) ?? [];
  const starting = starts.length > 0 ? Math.min(...starts) : Infinity;
  // The body of an ECMAScript module runs after all that it imports; requires stand where they stand.
  const hoisted = isModule(walk, file);
  const used = usedIn(source);
  for (const imported of source?.head.imports ?? []) {
    if (imported.typeOnly || imported.kind === 'dynamic' || isErased(imported, used)) continue;
    if ((!hoisted || imported.kind === 'require') && imported.at > starting) return true;
    const target = source?.resolve(imported.from);
    if (target?.kind === 'file' && load(walk, target.path, depth + 1)) return true;
    if (target?.kind === 'package' && instrumented.test(target.name) && imported.names.some((name) => !name.typeOnly))
      walk.first ??= { package: target.name, at: { file, line: lineOf(imported.at) } };
  }
  return starts.length > 0;
}

/** TypeScript drops an import of which no name is used as a value. */
const isErased = (imported: Import, used: ReadonlySet<string>): boolean =>
  imported.kind === 'static' && imported.names.length > 0 && !imported.names.some((name) => used.has(name.local));

/** Names that a file uses as values, or passes on. */
function usedIn(source: SourceFile | undefined): ReadonlySet<string> {
  const found = new Set<string>();
  if (!source) return found;
  walkFile(source.summary, (expr) => {
    if (expr.k === 'ref') found.add(expr.path.split('.', 1)[0] ?? '');
    if (expr.k === 'jsx') found.add(expr.tag.split('.', 1)[0] ?? '');
  });
  for (const exported of source.head.exports) if (exported.local !== undefined) found.add(exported.local);
  // Decorators keep the types of parameters.
  for (const func of source.summary.functions)
    for (const { type } of func.owner === undefined ? [] : func.params)
      if (type) found.add(/^\w+/.exec(type)?.[0] ?? '');
  return found;
}

const isModule = ({ project }: Walk, file: string): boolean =>
  /\.m[jt]s$/.test(file) || (!/\.c[jt]s$/.test(file) && project.manifestOf(file)?.type === 'module');
