import { optionOf, root } from '../routing/arguments.ts';
import { placed, toLink, toPlaced, type Placed } from '../routing/links.ts';
import { mount, Router, routerOf } from '../routing/router.ts';
import type { Run } from '../running/library.ts';
import type { Arg, Thing } from '../running/values.ts';

/** What an instance hands to those that use it. */
interface Exported {
  readonly placed: Placed;
  /** Also to those that use the user. */
  readonly far: boolean;
}

/** An instance: hooks are its own unless they say otherwise; macros go to everyone that uses it. */
export class Instance extends Router {
  readonly exported: Exported[] = [];
  readonly macros: Map<string, Arg>;

  constructor(macros?: ReadonlyMap<string, Arg>) {
    super({ falls: false, nextAt: 9, exactly: false });
    this.macros = new Map(macros);
  }

  exportAll(far: boolean): void {
    for (const step of this.steps)
      if (step.k === 'use') this.exported.push(...step.links.map((link) => ({ placed: link, far })));
  }
}

const ranks: Readonly<Record<string, number>> = {
  onRequest: 0,
  onParse: 1,
  parse: 1,
  onTransform: 2,
  transform: 2,
  derive: 2,
  onBeforeHandle: 4,
  beforeHandle: 4,
  resolve: 4,
};
const validatorRank = 3;

/** `app.onBeforeHandle({ as: 'global' }, check)`. */
export function addPart(run: Run, instance: Instance, name: string, args: readonly Arg[]): void {
  const as = optionOf(args.length > 1 ? args[0] : undefined, 'as')?.value;
  const links = toPlaced(run, args.slice(-1), { role: 'hook', rank: ranks[name] ?? 0 });
  instance.steps.push({ k: 'use', paths: [root], links, except: [] });
  if (as?.k === 'text' && as.v !== 'local')
    instance.exported.push(...links.map((link) => ({ placed: link, far: as.v === 'global' })));
}

/** What a used instance exports stands before what follows. */
export function useInstance(run: Run, instance: Instance, thing: Thing): void {
  mount(run, instance, thing, [root]);
  const inner = routerOf(thing);
  if (!(inner instanceof Instance)) return;
  for (const [name, macro] of inner.macros) instance.macros.set(name, macro);
  const links = inner.exported.map((one) => one.placed);
  if (links.length > 0) instance.steps.push({ k: 'use', paths: [root], links, except: [] });
  instance.exported.push(...inner.exported.filter(({ far }) => far));
}

const parts: Readonly<Record<string, string>> = {
  params: 'params',
  query: 'query',
  headers: 'headers',
  cookie: 'cookies',
  body: 'body',
};

/** Hooks, schemas and macros in the options of a route or a guard. */
export function hooksOf(run: Run, { macros }: Instance, options: Arg | undefined): readonly Placed[] {
  const names = options?.value.k === 'obj' ? [...options.value.props.keys()] : [];
  return names.flatMap((name): readonly Placed[] => {
    const found = optionOf(options, name);
    if (!found) return [];
    const rank = ranks[name];
    if (rank !== undefined) return toPlaced(run, [found], { role: 'hook', rank });
    const on = parts[name];
    if (on !== undefined) return [placed(run, toLink(run, found, { role: 'validator', on }), validatorRank)];
    const macro = macros.get(name);
    return macro && !(found.value.k === 'lit' && found.value.v === false) ? ofMacro(run, macro, found) : [];
  });
}

/** What a macro puts before the handler: `{ resolve }`, or what it returns when it is given the option. */
function ofMacro(run: Run, macro: Arg, option: Arg): readonly Placed[] {
  const made = macro.value.k === 'fn' ? run.call(macro.value, [option.value]) : macro.value;
  const holder: Arg = { ...macro, value: made };
  const found = ['derive', 'beforeHandle', 'resolve'].flatMap((name) => {
    const one = optionOf(holder, name);
    return one ? toPlaced(run, [one], { role: 'hook', rank: ranks[name] ?? 0 }) : [];
  });
  return found.length > 0 ? found : toPlaced(run, [macro], { role: 'hook', rank: ranks['beforeHandle'] ?? 0 });
}
