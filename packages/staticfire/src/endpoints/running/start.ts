import { lineOf } from '../../code/summary.ts';
import type { EndpointSite } from '../framework.ts';
import { callValue } from './calls.ts';
import { evaluate } from './expressions.ts';
import type { Library, Run } from './library.ts';
import type { Machine } from './machine.ts';
import { memberOf } from './members.ts';
import { ensureModule, entriesOf } from './modules.ts';
import { sweep } from './sweep.ts';
import { unknown, type Arg, type Thing, type Value } from './values.ts';

/** Enough for a service of several thousand routes; a run that needs more is cut off and says so. */
const fuel = 1_500_000;

/** Runs a service from its entries, as far as routing libraries are concerned. Undefined when it uses none. */
export function runService(site: EndpointSite, libraries: readonly Library[]): Machine | undefined {
  const sources = libraries.flatMap((library) =>
    site.importing(...library.packages).filter((file) => imports(site, file, library)),
  );
  if (sources.length === 0 && !libraries.some((library) => library.byPlace?.(site))) return undefined;
  const m = createMachine(site, libraries, mattering(site, sources));
  for (const { file } of site.service.entries) if (site.live.has(file)) ensureModule(m, file);
  // Modules that are loaded by what could not be followed.
  for (const file of site.live.files) if (m.matters.has(file)) ensureModule(m, file);
  sweep(m);
  if (m.fuel <= 0)
    m.lost.push({
      at: { file: site.service.entries[0].file },
      framework: libraries[0]?.id ?? '',
      what: 'number',
      why: 'the program is too large to follow to its end',
    });
  return m;
}

/** Does a file import something that makes things, and not only types and errors? */
function imports(site: EndpointSite, file: string, { packages, makers }: Library): boolean {
  const source = site.code.get(file);
  return (source?.head.imports ?? []).some((one) => {
    if (
      one.typeOnly ||
      !packages.some((name) => one.from === name || one.from.startsWith(name.endsWith('/') ? name : `${name}/`))
    )
      return false;
    if (one.kind !== 'static') return true;
    return one.names.some(
      ({ imported, typeOnly }) => !typeOnly && (imported === 'default' || imported === '*' || makers.test(imported)),
    );
  });
}

function createMachine(site: EndpointSite, libraries: readonly Library[], matters: ReadonlySet<string>): Machine {
  const things: Thing[] = [];
  const lost: Machine['lost'] = [];
  const said = new Set<string>();
  const run: Run = {
    site,
    things,
    get open() {
      return [...m.open];
    },
    get handed() {
      return m.stack.toReversed().map(({ args }) => args);
    },
    call: (fn, values) => callValue(m, fn, values.map(plain), { file: '', fn: 0, at: 0 }),
    member: (of, name) => memberOf(m, of, name),
    entries: ({ file }) => entriesOf(m, file).map(([, value]) => value),
    make(library, kind, at, data) {
      const thing: Thing = { library, kind, at, data, escaped: false };
      things.push(thing);
      return thing;
    },
    valueAt(file, expr) {
      const module = ensureModule(m, file);
      return module ? evaluate(m, module.scope, expr) : unknown;
    },
    lose(at, framework, what, why) {
      const key = `${at.file}\0${at.at}\0${what}\0${why}`;
      if (said.has(key)) return;
      said.add(key);
      lost.push({ at: { file: at.file, line: lineOf(at.at) }, framework, what, why });
    },
  };
  const m: Machine = {
    site,
    run,
    libraries,
    matters,
    things,
    lost,
    modules: new Map(),
    stack: [],
    open: [],
    runs: new Map(),
    made: new Set(),
    injected: new Map(),
    quiet: 0,
    fuel,
  };
  return m;
}

const plain = (value: Value): Arg => ({ value, expr: { k: 'other' }, site: { file: '', fn: 0, at: 0 } });

/** Live files from which one of these is loaded, near or far. */
function mattering(site: EndpointSite, sources: readonly string[]): ReadonlySet<string> {
  const found = new Set(sources);
  const queue = [...sources];
  for (const file of queue)
    for (const importer of site.code.importersOf(file))
      if (!found.has(importer) && site.live.has(importer)) {
        found.add(importer);
        queue.push(importer);
      }
  return found;
}
