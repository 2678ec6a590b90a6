import type { CodeModel, Origin } from '../code/model.ts';
import type { CallSite, Mention, Setting } from '../code/sites.ts';
import { lineOf } from '../code/summary.ts';
import { calls, sites, type LiveCalls, type SitesByFile } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { live, type LiveCode } from '../facts/live.ts';
import { project, type Project } from '../facts/project.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Place } from '../model/place.ts';
import { autoloaded } from './calls/autoloaded.ts';

export const callsCollector = defineCollector({
  fact: calls,
  needs: { code, live, project, sites },
  collect: ({ facts }) => known(gather(facts.code, facts.live, facts.sites, facts.project)),
});

function gather(model: CodeModel, liveCode: LiveCode, byFile: SitesByFile, found: Project): LiveCalls {
  const named = new Map<string, CallSite[]>();
  const settings = new Map<string, Setting[]>();
  const mentions = new Map<string, Mention[]>();
  for (const file of liveCode.files) {
    const inFile = byFile.of(file);
    for (const call of inFile.calls) if (call.name) append(named, call.name, call);
    for (const setting of inFile.settings) append(settings, setting.key, setting);
    for (const mention of inFile.mentions) append(mentions, mention.key, mention);
  }
  for (const call of autoloaded(model, liveCode.files, found)) append(named, call.name, call);
  const runs = <T extends { readonly file: string; readonly fn: number }>(site: T): boolean =>
    site.fn === 0 || liveCode.hasFunction(site.file, site.fn);
  return {
    named: (...names) => names.flatMap((name) => (named.get(name) ?? []).filter(runs)),
    settings: (...keys) => keys.flatMap((key) => (settings.get(key) ?? []).filter(runs)),
    mentions: (...keys) => keys.flatMap((key) => (mentions.get(key) ?? []).filter(runs)),
    origin: remembering(model),
    packages: packagesOf(model, liveCode),
    files: liveCode.files.length,
  };
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function remembering(model: CodeModel): (call: CallSite) => Origin {
  const known = new Map<CallSite, Origin>();
  return (call) => {
    const before = known.get(call);
    if (before) return before;
    const origin = model.origin(call.file, call.fn, call.expr.callee);
    known.set(call, origin);
    return origin;
  };
}

function packagesOf(model: CodeModel, liveCode: LiveCode): ReadonlyMap<string, readonly Place[]> {
  const found = new Map<string, Place[]>();
  for (const file of liveCode.files) {
    const source = model.get(file);
    for (const imported of source?.head.imports ?? []) {
      if (imported.typeOnly || imported.from.startsWith('.')) continue;
      const target = source?.resolve(imported.from);
      if (target?.kind === 'package') append(found, target.name, { file, line: lineOf(imported.at) });
    }
  }
  return found;
}
