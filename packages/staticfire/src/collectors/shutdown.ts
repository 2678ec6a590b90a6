import { follow } from '../code/follow.ts';
import type { CodeModel } from '../code/model.ts';
import { lineOf } from '../code/summary.ts';
import { calls, sites, type LiveCalls, type SitesByFile } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { live, reach, type LiveCode, type Reach } from '../facts/live.ts';
import { service, type Service } from '../facts/services.ts';
import { shutdown, type Shutdown } from '../facts/shutdown.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Place } from '../model/place.ts';
import { effectsOf } from './shutdown/effects.ts';
import { handedIn, handlersIn, registeredIn, waiting } from './shutdown/handlers.ts';
import { providedBy } from './shutdown/provided.ts';

export const shutdownCollector = defineCollector({
  fact: shutdown,
  needs: { calls, code, live, reach, service, sites },
  collect: ({ facts }) => known(gather(facts.code, facts.calls, facts.live, facts.reach, facts.service, facts.sites)),
});

function gather(
  model: CodeModel,
  liveCalls: LiveCalls,
  liveCode: LiveCode,
  reached: Reach,
  own: Service,
  byFile: SitesByFile,
): Shutdown {
  const installed = handlersIn(model, liveCalls.named('on', 'addListener', 'prependListener', ...waiting), byFile.of);
  const { provided, starts } = providedBy(model, own, liveCode, liveCalls);
  const stopping = installed.filter((h) => h.signals.includes('SIGTERM'));
  const roots = stopping.length > 0 ? stopping : installed;
  const all = [...roots.flatMap((h) => [...h.starts, ...handedIn(model, liveCalls, h.call)]), ...starts];
  const first = follow(model, byFile.of, all);
  const files = new Set([...first.functions].map((key) => key.slice(0, key.indexOf('\0'))));
  const registered = first.opaque ? registeredIn(model, liveCalls, files) : [];
  const effects = effectsOf(model, registered.length > 0 ? follow(model, byFile.of, [...all, ...registered]) : first);
  return {
    handlers: installed.flatMap((h) =>
      h.signals.map((signal) => ({ signal, at: { file: h.call.file, line: lineOf(h.call.expr.at) } })),
    ),
    provided,
    ...effects,
    lost: roots.length > 0 && roots.every((h) => h.starts.length === 0),
    dead: installed.length > 0 || provided ? [] : deadHandlers(model, byFile, reached, liveCode, own),
    listens: listening(liveCalls),
  };
}

function listening(liveCalls: LiveCalls): Place | undefined {
  const [call] = liveCalls.named('listen', 'serve', 'startStandaloneServer');
  return call && { file: call.file, line: lineOf(call.expr.at) };
}

/** Handlers of the service's own folder that nothing live runs. */
function deadHandlers(
  model: CodeModel,
  byFile: SitesByFile,
  reached: Reach,
  liveCode: LiveCode,
  own: Service,
): Shutdown['dead'] {
  const inside = (file: string): boolean => own.root === '.' || file.startsWith(`${own.root}/`);
  const candidates = model.files.filter(
    (file) => inside(file) && (liveCode.has(file) || (reached.roleOf(file) === 'unreached' && telling.test(file))),
  );
  return candidates.flatMap((file) => {
    if (liveCode.has(file) && !telling.test(file)) return [];
    const why = liveCode.has(file) ? 'nothing live calls the function it stands in' : 'nothing live imports this file';
    return handlersIn(model, byFile.of(file).calls, byFile.of)
      .filter((h) => h.signals.includes('SIGTERM'))
      .map((h) => ({ at: { file, line: lineOf(h.call.expr.at) }, why }));
  });
}

const telling = /shut|grace|signal|terminat|server|main|index|lifecycle|process|worker|bootstrap/i;
