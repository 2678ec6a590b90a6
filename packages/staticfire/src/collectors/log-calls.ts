import type { CodeModel, Origin } from '../code/model.ts';
import { runsInProduction } from '../code/production.ts';
import type { CallSite } from '../code/sites.ts';
import { lineOf } from '../code/summary.ts';
import { calls, sites, type LiveCalls, type SitesByFile } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { reach, type Reach } from '../facts/live.ts';
import { logCalls, type LogCalls, type LogFile } from '../facts/log-calls.ts';
import { project, type Project } from '../facts/project.ts';
import { service, type Service } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { backendsOf } from './log-calls/backends.ts';
import { classifier, printsJson, type Kind } from './log-calls/kinds.ts';
import { levels, plainLoggers, structuredLoggers } from './log-calls/loggers.ts';

export const logCallsCollector = defineCollector({
  fact: logCalls,
  needs: { calls, code, project, reach, service, sites },
  collect: ({ facts }) =>
    known(gather(facts.code, facts.calls, facts.sites, facts.reach, facts.service, facts.project)),
});

interface Line {
  readonly call: CallSite;
  readonly kind: Kind;
}

function gather(
  model: CodeModel,
  liveCalls: LiveCalls,
  byFile: SitesByFile,
  reached: Reach,
  own: Service,
  found: Project,
): LogCalls {
  const lines = linesOf(model, liveCalls, byFile);
  const lost = lines.filter((line) => line.kind === 'lost').length;
  const files = byFileOf(lines);
  const sum = (kind: 'structured' | 'plain'): number => files.reduce((total, file) => total + file[kind], 0);
  const loggers = [...liveCalls.packages].flatMap(([name, [at]]) =>
    structuredLoggers.has(name) && at ? [{ package: name, at }] : [],
  );
  return {
    files,
    structured: sum('structured'),
    plain: sum('plain'),
    lost,
    loggers,
    dead: loggers.length > 0 ? [] : deadLoggers(model, reached, own, found),
  };
}

function linesOf(model: CodeModel, liveCalls: LiveCalls, byFile: SitesByFile): Line[] {
  const backends = backendsOf(model, liveCalls);
  const kinds = classifier(model, byFile, backends);
  const lines = [...liveCalls.named(...levels), ...debugCalls(model, liveCalls)].flatMap((call): Line[] => {
    if (runsInProduction(model, call, call.when) === false || inBrowser(model, call) || inLoggerSetup(model, call))
      return [];
    if (printsJson(model, call)) return [{ call, kind: 'structured' }];
    const origin = call.path.startsWith('console.') ? consoleOrigin(call) : liveCalls.origin(call);
    const kind = kinds.of(call, origin) ?? (namedLogger(call) ? ofRequest(call, origin, backends.request) : undefined);
    return kind ? [{ call, kind }] : [];
  });
  return settled(lines, liveCalls);
}

const consoleOrigin = (call: CallSite): Origin => ({ kind: 'global', name: 'console', member: call.name });

/** `const log = debug('x'); log('…')`: the package itself is called. */
function debugCalls(model: CodeModel, liveCalls: LiveCalls): readonly CallSite[] {
  if (![...plainLoggers].some((name) => liveCalls.packages.has(name))) return [];
  return liveCalls.named('log', 'debug', 'dbg').filter((call) => {
    const origin = model.origin(call.file, call.fn, call.expr.callee);
    return !call.path.includes('.') && origin.kind === 'package' && origin.package === 'debug' && origin.called;
  });
}

function namedLogger(call: CallSite): boolean {
  const receiver = call.path.split('.').at(-2) ?? '';
  return (
    /^(?:\w*log(?:ger)?|_log(?:ger)?|\w+Log(?:ger)?)$/i.test(receiver) &&
    !/dialog|catalog|blog|changelog|auditlog/i.test(receiver)
  );
}

/** `req.log`, `app.log`: what the framework was given; another logger stays lost. */
function ofRequest(call: CallSite, origin: Origin, request: Kind): Kind {
  const parts = call.path.split('.');
  return parts.at(-2) === 'log' && parts.length > 2 && origin.kind !== 'value' ? request : 'lost';
}

/** Loggers that could not be followed are what the ones that could be are, when those agree. */
function settled(lines: readonly Line[], liveCalls: LiveCalls): Line[] {
  const known = lines.filter((line) => line.kind !== 'lost' && !line.call.path.startsWith('console.'));
  const structured = known.filter((line) => line.kind === 'structured').length;
  const some = [...liveCalls.packages.keys()].some((name) => structuredLoggers.has(name));
  const guess: Kind =
    known.length === 0 ? (some ? 'structured' : 'lost') : structured * 2 >= known.length ? 'structured' : 'plain';
  return lines.map((line) => (line.kind === 'lost' ? { call: line.call, kind: guess } : line));
}

function byFileOf(lines: readonly Line[]): LogFile[] {
  const files = new Map<string, { structured: number; plain: number; firstPlain: number | undefined }>();
  for (const { call, kind } of lines) {
    if (kind === 'lost') continue;
    const entry = files.get(call.file) ?? { structured: 0, plain: 0, firstPlain: undefined };
    entry[kind] += 1;
    const line = lineOf(call.expr.at);
    if (kind === 'plain') entry.firstPlain = Math.min(entry.firstPlain ?? line, line);
    files.set(call.file, entry);
  }
  return [...files]
    .map(([file, counts]) => ({ file, ...counts }))
    .toSorted((a, b) => b.plain - a.plain || (a.file < b.file ? -1 : 1));
}

/** A logger that was set up and left in a file that nothing live loads. */
function deadLoggers(model: CodeModel, reached: Reach, own: Service, found: Project): LogCalls['dead'] {
  const manifest = found.manifests.find((m) => m.file === own.manifest);
  const near = (file: string): boolean => {
    if (own.root === '.' || file.startsWith(`${own.root}/`)) return true;
    const other = found.manifestOf(file);
    return (
      other === undefined || other.dir === '.' || (other.name !== undefined && found.depends(manifest, other.name))
    );
  };
  return model.files.flatMap((file) => {
    if (reached.roleOf(file) !== 'unreached' || !/log/i.test(file) || !near(file)) return [];
    const imported = model.get(file)?.head.imports.find((i) => !i.typeOnly && structuredLoggers.has(i.from));
    return imported ? [{ package: imported.from, at: { file, line: lineOf(imported.at) } }] : [];
  });
}

/** Inside a component or hook, whose handlers and effects run in the browser although the file is loaded by the server. */
function inBrowser(model: CodeModel, call: CallSite): boolean {
  const source = model.get(call.file);
  if (!source?.head.jsx && !/\.[jt]sx$/.test(call.file)) return false;
  const functions = source?.summary.functions ?? [];
  let outer = call.fn;
  while ((functions[outer]?.parent ?? 0) > 0) outer = functions[outer]?.parent ?? 0;
  const func = functions[outer];
  return outer > 0 && func !== undefined && !func.async && /^(?:$|default$|[A-Z]|use[A-Z])/.test(func.name);
}

/** The module that makes the logger cannot log through it yet. */
function inLoggerSetup(model: CodeModel, call: CallSite): boolean {
  if (!call.path.startsWith('console.') || !/log/i.test(call.file)) return false;
  return (model.get(call.file)?.head.imports ?? []).some((i) => !i.typeOnly && structuredLoggers.has(i.from));
}
