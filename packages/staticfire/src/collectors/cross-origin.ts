import type { CodeModel } from '../code/model.ts';
import type { FileSites } from '../code/sites.ts';
import { lastName } from '../code/sites.ts';
import type { Expr } from '../code/summary.ts';
import { walkExpr, walkFile } from '../code/walk.ts';
import { calls, sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { crossOrigin, type CrossOriginPolicy } from '../facts/cross-origin.ts';
import { endpoints } from '../facts/endpoints.ts';
import { live } from '../facts/live.ts';
import { project } from '../facts/project.ts';
import { service } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { byConfiguration } from './cross-origin/configuration.ts';
import { byHand } from './cross-origin/handwritten.ts';
import { byLibraries } from './cross-origin/libraries.ts';

export const crossOriginCollector = defineCollector({
  fact: crossOrigin,
  needs: { calls, code, endpoints, live, project, service, sites },
  collect({ workspace, facts }) {
    const reading = {
      ...facts,
      sites: facts.sites.of,
      openByDefault: schemaDefaults(facts.code, facts.live.files, facts.sites.of),
    };
    const found = [...byLibraries(reading), ...byHand(reading), ...byConfiguration(workspace, reading)];
    return known({
      policies: onePerPlace(found).toSorted(byPlace),
      searched: `packages for CORS, Access-Control-Allow-Origin and options of frameworks in ${facts.live.files.length} live files and their configuration`,
    });
  },
});

function onePerPlace(list: readonly CrossOriginPolicy[]): CrossOriginPolicy[] {
  return list.filter(
    (one, i) => list.findIndex((other) => other.at.file === one.at.file && other.at.line === one.at.line) === i,
  );
}

const byPlace = ({ at: a }: CrossOriginPolicy, { at: b }: CrossOriginPolicy): number =>
  a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0);

/** Is `*` what a schema gives a variable that is not set, with nothing behind it that refuses that? */
function schemaDefaults(
  model: CodeModel,
  files: readonly string[],
  sites: (file: string) => FileSites,
): (name: string) => boolean {
  let open: Set<string> | undefined;
  return (name) => {
    open ??= new Set(files.flatMap((file) => (sites(file).strings.has('*') ? openFields(model, file) : [])));
    return open.has(name);
  };
}

function openFields(model: CodeModel, file: string): readonly string[] {
  const summary = model.get(file)?.summary;
  const found: string[] = [];
  if (summary)
    walkFile(summary, (expr) => {
      if (expr.k === 'obj')
        found.push(...expr.props.filter(({ value }) => opensByDefault(value)).map(({ key }) => key));
    });
  return found;
}

/** `z.string().default('*')`, `str({ default: '*' })`, with no check of the value behind it. */
function opensByDefault(value: Expr): boolean {
  if (value.k !== 'call') return false;
  let open = false;
  let checked = false;
  walkExpr(value, (expr) => {
    if (expr.k === 'fn') return false;
    if (expr.k === 'call') {
      const name = lastName(expr.callee);
      const [first] = expr.args;
      open ||= name === 'default' && first?.k === 'str' && first.v === '*';
      checked ||= /^(?:refine|superRefine|check|custom|invalid|disallow)$/.test(name);
    }
    if (expr.k === 'obj')
      open ||= expr.props.some((prop) => prop.key === 'default' && prop.value.k === 'str' && prop.value.v === '*');
    return true;
  });
  return open && !checked;
}
