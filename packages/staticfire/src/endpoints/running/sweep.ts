import type { Param } from '../../code/summary.ts';
import { instanceOf, runFunction } from './calls.ts';
import type { Library } from './library.ts';
import type { Machine } from './machine.ts';
import { escape, type Arg, type Thing, type Value } from './values.ts';

/**
 * What is live and was not met: classes that a container makes, functions that something unknown hands an application.
 * They run by themselves, and what they register counts, at a place that is not known.
 */
export function sweep(m: Machine): void {
  for (const file of m.site.live.files) {
    if (!m.modules.has(file) && !m.matters.has(file)) continue;
    sweepClasses(m, file);
    sweepFunctions(m, file);
  }
}

function sweepClasses(m: Machine, file: string): void {
  const scope = m.modules.get(file)?.scope;
  const classes = m.site.code.get(file)?.summary.classes ?? [];
  if (!scope || !m.matters.has(file)) return;
  classes.forEach((cls, index) => {
    const maker = cls.members.find(({ kind }) => kind === 'constructor')?.fn;
    const fields = cls.members.some(({ kind, value }) => kind === 'property' && value?.k === 'call');
    if (cls.parent !== 0 || m.made.has(`${file}\0${index}`) || (maker === undefined && !fields)) return;
    if (!m.site.live.hasBinding(file, cls.name)) return;
    const before = m.things.length;
    instanceOf(m, { k: 'class', file, cls: index, scope });
    for (const thing of m.things.slice(before)) thing.escaped = true;
  });
}

function sweepFunctions(m: Machine, file: string): void {
  const scope = m.modules.get(file)?.scope;
  if (!scope) return;
  (m.site.code.get(file)?.summary.functions ?? []).forEach((func, fn) => {
    if (func.parent !== 0 || func.owner !== undefined || m.runs.has(`${file}\0${fn}`)) return;
    const args = func.params.map((param) => handedTo(m, file, fn, param, func.at));
    if (!args.some(({ value }) => value.k === 'thing') || !m.site.live.hasFunction(file, fn)) return;
    runFunction(m, { k: 'fn', file, fn, scope }, args);
  });
}

/** Does the file import the library, be it only its types? */
const names = (m: Machine, file: string, { packages }: Library): boolean =>
  m.site.code.get(file)?.head.imports.some(({ from }) => packages.includes(from)) ?? false;

/** An application for a parameter whose type says that it wants one. */
function handedTo(m: Machine, file: string, fn: number, param: Param, at: number): Arg {
  const site = { file, fn, at };
  const { type = '' } = param;
  const library = m.libraries.find((one) => one.given?.types.test(type) && names(m, file, one));
  const thing: Thing | undefined = library?.given?.make(m.run, site);
  const value: Value = thing ? { k: 'thing', thing } : { k: 'unknown' };
  escape(value);
  return { value, expr: { k: 'other' }, site };
}
