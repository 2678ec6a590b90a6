import type { CodeModel } from '../../code/model.ts';
import type { LiveCode } from '../../facts/live.ts';
import { lineOf } from '../../code/summary.ts';
import type { Step } from '../../model/place.ts';
import type { Ground } from './standing.ts';
import type { Unit } from './units.ts';

/** Why a unit protects nothing. */
export interface Death {
  readonly how: 'unloaded' | 'uncalled';
  readonly why: string;
  readonly trail: readonly Step[];
}

/** Is this part of a module reached by no service? Undefined when it is live, or when that cannot be told. */
export function deathOf(
  ground: Ground,
  liveOf: (service: string) => LiveCode | undefined,
  file: string,
  unit: Unit,
): Death | undefined {
  if (ground.reach.roleOf(file) === 'unreached') return unloaded(ground, file);
  const services = ground.reach.servicesOf(file);
  if (services.length === 0 || unit.form === 'body' || isWork(ground.model, file, unit)) return undefined;
  if (codeIsMissing(ground, file)) return undefined;
  const codes = services.map(liveOf).filter((code) => code !== undefined);
  if (codes.length === 0 || codes.some((code) => inUse(code, file, unit))) return undefined;
  const tested = ground.model.importersOf(file).some((other) => ground.reach.roleOf(other) === 'test');
  const at = { file, line: lineOf(unit.at) };
  return {
    how: 'uncalled',
    why: 'its file is loaded, but no live code uses it',
    trail: [
      { note: `${unit.name} is declared here`, at },
      { note: tested ? 'only tests can call it' : 'no live code refers to it' },
      ...services.slice(0, 1).flatMap((id) => entryStep(liveOf(id), file)),
    ],
  };
}

/** `export const app = bootstrap()`: it is done as soon as the file is loaded, whoever uses the promise. */
function isWork(model: CodeModel, file: string, unit: Unit): boolean {
  if (unit.form !== 'binding') return false;
  const first = unit.calls.find((call) => call.fn === 0);
  const callee = first && model.origin(file, 0, first.expr.callee);
  return (
    callee?.kind === 'function' &&
    !callee.called &&
    callee.member === '' &&
    model.get(callee.file)?.summary.functions[callee.fn]?.async === true
  );
}

/** Its package imports files of its own that are not in the repository, as generated code is: they may use it. */
function codeIsMissing({ model, project }: Ground, file: string): boolean {
  const home = project.manifestOf(file)?.dir;
  return model.links.unresolved.some(
    (link) =>
      /^\.{1,2}\//.test(link.specifier) &&
      /\/[\w-]+(?:\.[cm]?[jt]sx?)?$/.test(link.specifier) &&
      !/prisma|graphql|gql|package(?:-?json)?|version|client$/i.test(link.specifier) &&
      project.manifestOf(link.file)?.dir === home,
  );
}

function inUse(code: LiveCode, file: string, unit: Unit): boolean {
  if (unit.form === 'function' || unit.form === 'method')
    return unit.fn === undefined || code.hasFunction(file, unit.fn);
  return code.hasBinding(file, unit.name);
}

function entryStep(code: LiveCode | undefined, file: string): readonly Step[] {
  const [entry] = code?.pathTo(file) ?? [];
  return entry === undefined ? [] : [{ note: 'the service that loads the file starts here', at: { file: entry } }];
}

function unloaded({ model, reach }: Ground, file: string): Death {
  const trail: Step[] = [];
  let at = file;
  const seen = new Set([file]);
  for (;;) {
    const importers = model.importersOf(at).filter((other) => !seen.has(other));
    const product = importers.filter((other) => reach.roleOf(other) === 'unreached');
    const [next] = product;
    if (next === undefined || trail.length > 4) {
      const tests = importers.filter((other) => reach.roleOf(other) === 'test').length;
      const browsers = importers.some((other) => reach.roleOf(other) === 'client');
      const end = browsers
        ? 'only code for browsers imports it'
        : tests > 0
          ? `only ${tests === 1 ? 'a test imports' : `${tests} tests import`} it`
          : 'nothing imports it';
      trail.push({ note: `${at}: ${end}`, at: { file: at, line: 1 } });
      return {
        how: 'unloaded',
        why: at === file ? end : `only ${at} leads to it, and ${end.replace(' it', ' that')}`,
        trail,
      };
    }
    seen.add(next);
    trail.push({
      note:
        product.length > 1
          ? `${at}: imported by ${next} and ${product.length - 1} more, none of them live`
          : `${at}: imported only by ${next}`,
      at: { file: at, line: 1 },
    });
    at = next;
  }
}
