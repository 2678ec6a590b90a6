import type { CodeModel } from '../../code/model.ts';
import type { Expr } from '../../code/summary.ts';
import { walkStmts } from '../../code/walk.ts';
import type { ChainLink } from '../../facts/endpoints.ts';
import { linkOf } from '../reading/functions.ts';
import { ancestorsOf, classAt, type ClassSpot } from './classes.ts';
import { appliedBy, type Applied } from './decorators.ts';
import { classLink, type Kind } from './links.ts';

/** What decorators put before a handler, by what it is; NestJS runs each kind after the other. */
export interface Layers {
  readonly settings: readonly ChainLink[];
  readonly wrappers: readonly ChainLink[];
  readonly guard: readonly ChainLink[];
  readonly interceptor: readonly ChainLink[];
  readonly pipe: readonly ChainLink[];
  readonly filter: readonly ChainLink[];
}

export const noLayers: Layers = { settings: [], wrappers: [], guard: [], interceptor: [], pipe: [], filter: [] };

/** The chain of a handler: metadata that guards read, then guards, interceptors and pipes, each from the outermost in. */
export const inOrder = (layers: readonly Layers[]): readonly ChainLink[] =>
  (['settings', 'guard', 'interceptor', 'pipe', 'wrappers', 'filter'] as const).flatMap((kind) =>
    layers.flatMap((layer) => layer[kind]),
  );

export const together = (layers: readonly Layers[]): Layers => ({
  settings: layers.flatMap(({ settings }) => settings),
  wrappers: layers.flatMap(({ wrappers }) => wrappers),
  guard: layers.flatMap(({ guard }) => guard),
  interceptor: layers.flatMap(({ interceptor }) => interceptor),
  pipe: layers.flatMap(({ pipe }) => pipe),
  filter: layers.flatMap(({ filter }) => filter),
});

/** What the decorators of a class, those it inherits included, put before its handlers. */
export const layersOfClass = (code: CodeModel, spot: ClassSpot): Layers =>
  together(
    ancestorsOf(code, spot).map((one) => {
      const cls = classAt(code, one);
      return cls ? layersOf(code, one.file, cls.parent, cls.decorators) : noLayers;
    }),
  );

const kindOf: ReadonlyMap<string, Kind> = new Map([
  ['UseGuards', 'guard'],
  ['UseInterceptors', 'interceptor'],
  ['UsePipes', 'pipe'],
  ['UseFilters', 'filter'],
]);

/** What a list of decorators puts before a handler. Decorators are applied from the last to the first. */
export function layersOf(code: CodeModel, file: string, fn: number, decorators: readonly Expr[]): Layers {
  const found = decorators.map((written) => ({ written, applied: appliedBy(code, file, fn, [written]) }));
  const classes = found
    .toReversed()
    .flatMap(({ applied }) => applied)
    .flatMap((one) => {
      const kind = one.package === '@nestjs/common' ? kindOf.get(one.name) : undefined;
      return kind ? listed(code, one).map((expr) => classLink(code, one, expr, kind)) : [];
    });
  const others = found.flatMap(({ written, applied }) => metadata(code, file, fn, written, applied));
  const of = (kind: ChainLink['role']): readonly ChainLink[] => classes.filter(({ role }) => role === kind);
  return {
    settings: others.filter(({ role }) => role === 'settings'),
    wrappers: others.filter(({ role }) => role === 'wrapper'),
    guard: of('guard'),
    interceptor: of('interceptor'),
    pipe: of('pipe'),
    filter: of('filter'),
  };
}

/** `UseGuards(A, ...others)`. */
const listed = (code: CodeModel, { file, fn, args }: Applied): readonly Expr[] =>
  args.flatMap((arg) => {
    if (arg.k !== 'spread') return [arg];
    const origin = code.origin(file, fn, arg.of);
    return origin.kind === 'value' && origin.file === file && origin.expr.k === 'arr' ? origin.expr.items : [arg];
  });

/** Packages whose decorators route, document or persist: nothing that a guard would read. */
const silent =
  /^(?:@nestjs\/(?:common|core|swagger|graphql|websockets|microservices|cqrs|schedule|event-emitter|mongoose|typeorm|bullm?q?|terminus)|@nestjsx?\/swagger.*|class-validator|class-transformer|typeorm|reflect-metadata)$/;

/** A decorator that sets metadata for guards to read, or that replaces the method. */
function metadata(
  code: CodeModel,
  file: string,
  fn: number,
  written: Expr,
  applied: readonly Applied[],
): readonly ChainLink[] {
  const callee = written.k === 'call' ? written.callee : written;
  const origin = code.origin(file, fn, callee);
  const own = origin.kind === 'function' ? { runs: { file: origin.file, fn: origin.fn } } : {};
  if (applied.some(speaks)) return [{ file, fn, expr: written, ...own, role: 'settings' }];
  if (applied.length > 0 || origin.kind !== 'function') return [];
  const wraps = replacesMethod(code, origin.file, origin.fn);
  return [{ ...linkOf(code, { file, fn }, written), ...own, role: wraps ? 'wrapper' : 'settings' }];
}

const speaks = ({ package: from, name }: Applied): boolean =>
  name === 'SetMetadata' || name === 'createDecorator' || !silent.test(from);

/** `descriptor.value = …` in the decorator or in what it returns. */
function replacesMethod(code: CodeModel, file: string, fn: number): boolean {
  let found = false;
  (code.get(file)?.summary.functions ?? []).forEach((func, index) => {
    if (index !== fn && func.parent !== fn) return;
    walkStmts(func.body, (expr) => {
      if (expr.k === 'assign' && expr.target.k === 'ref' && expr.target.path.endsWith('.value')) found = true;
    });
  });
  return found;
}
