import type { CodeModel, Origin } from '../../code/model.ts';
import type { CallSite } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import type { Backends, Kind } from './kinds.ts';
import { structuredLoggers } from './loggers.ts';

/** What the frameworks' own loggers were told to write with. */
export function backendsOf(model: CodeModel, calls: LiveCalls): Backends {
  const middleware = [
    'pino-http',
    'express-pino-logger',
    'hono-pino',
    'koa-pino-logger',
    'express-bunyan-logger',
    'nestjs-pino',
    'fastify-winston',
  ].some((name) => calls.packages.has(name));
  return { nest: nestBackend(model, calls), request: middleware ? 'structured' : fastifyBackend(model, calls) };
}

function nestBackend(model: CodeModel, calls: LiveCalls): Kind {
  const given = [
    ...calls.named('useLogger').map((call) => ({ call, value: call.expr.args[0] })),
    ...calls
      .named('create', 'createMicroservice', 'createApplicationContext')
      .map((call) => ({ call, value: propOf(call.expr.args.at(-1), 'logger') })),
  ];
  return given.some(({ call, value }) => value && isStructured(model, call, value)) ? 'structured' : 'plain';
}

function isStructured(model: CodeModel, call: CallSite, value: Expr): boolean {
  const origin = model.origin(call.file, call.fn, value);
  if (fromStructured(origin)) return true;
  const made = origin.kind === 'value' ? origin.expr : (boundTo(model, call, value) ?? value);
  if (made.k === 'call' && made.args.some((arg) => fromStructured(model.origin(call.file, call.fn, arg)))) return true;
  if (
    made.k === 'call' &&
    (propOf(made.args[0], 'json')?.k === 'bool' || propOf(made.args.at(-1), 'json')?.k === 'bool')
  )
    return true;
  // A class of the repository that takes the place of Nest's logger: judged by the loggers its file has.
  if (origin.kind === 'class') return importsStructured(model, origin.file);
  if (made.k !== 'call') return false;
  return made.args.some((arg) => {
    const token = model.origin(call.file, call.fn, arg);
    return token.kind === 'class' && importsStructured(model, token.file);
  });
}

/** `const logger = app.get(TOKEN)` in the same function. */
function boundTo(model: CodeModel, call: CallSite, value: Expr): Expr | undefined {
  if (value.k !== 'ref') return undefined;
  const body = model.get(call.file)?.summary.functions[call.fn]?.body ?? [];
  const bound = body.find((stmt) => stmt.k === 'let' && stmt.pattern.k === 'name' && stmt.pattern.name === value.path);
  return bound?.k === 'let' ? bound.init : undefined;
}

const fromStructured = (origin: Origin): boolean => origin.kind === 'package' && structuredLoggers.has(origin.package);

function importsStructured(model: CodeModel, file: string): boolean {
  return (model.get(file)?.head.imports ?? []).some(
    (imported) => !imported.typeOnly && structuredLoggers.has(imported.from),
  );
}

/** Fastify writes records as soon as its logger is on. */
function fastifyBackend(model: CodeModel, calls: LiveCalls): Kind {
  const made = [...calls.named('fastify', 'Fastify', 'FastifyAdapter')].filter((call) => /fastify/i.test(call.path));
  const on = made.some((call) => {
    const options = call.expr.args[0];
    const origin = options && options.k !== 'obj' ? model.origin(call.file, call.fn, options) : undefined;
    const object = origin?.kind === 'value' ? origin.expr : options;
    const logger = propOf(object, 'logger') ?? propOf(object, 'loggerInstance');
    return logger !== undefined && !(logger.k === 'bool' && !logger.v);
  });
  return on ? 'structured' : 'lost';
}
