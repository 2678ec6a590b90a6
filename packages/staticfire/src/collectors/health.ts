import type { CodeModel } from '../code/model.ts';
import type { Spot } from '../code/production.ts';
import type { CallReach, CallsReached } from '../code/reach/calls-of.ts';
import { lineOf } from '../code/summary.ts';
import { callReach, calls, type LiveCalls } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { endpoints, type Endpoint, type Endpoints } from '../facts/endpoints.ts';
import { health, type HealthEndpoint, type HealthRole } from '../facts/health.ts';
import { reach } from '../facts/live.ts';
import { service, type Service } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Place } from '../model/place.ts';
import { claimsOf, failsWith } from './health/answers.ts';
import { touchesOf } from './health/asks.ts';
import { roleOfPath } from './health/paths.ts';
import { probesIn, type Probe } from './health/probes.ts';
import { provided, type Provided } from './health/provided.ts';

export const healthCollector = defineCollector({
  fact: health,
  needs: { callReach, calls, code, endpoints, reach, service },
  collect({ workspace, facts }) {
    const probes = probesIn(workspace);
    const reading: Facts = { code: facts.code, calls: facts.calls, reach: facts.callReach };
    const routes = candidates(facts.endpoints, probes).map((one) => fromEndpoint(reading, one, probes));
    const others = provided(reading).map((one) => fromProvided(reading, one, probes));
    const list = onePerPlace([...routes, ...others]);
    return known({
      endpoints: list.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
      served: facts.endpoints.list.length,
      dead: list.length > 0 ? [] : deadChecks(facts.code, facts.service, (file) => facts.reach.roleOf(file)),
    });
  },
});

export interface Facts {
  readonly code: CodeModel;
  readonly calls: LiveCalls;
  readonly reach: CallReach;
}

const asking = new Set(['GET', 'HEAD', 'ALL', 'query']);

function candidates({ list }: Endpoints, probes: readonly Probe[]): readonly Endpoint[] {
  const probed = new Set(probes.map(({ path }) => path));
  return list.filter(
    ({ surface, method, path }) =>
      asking.has(method) &&
      (surface === 'http'
        ? roleOfPath(path) !== undefined || (probed.has(path) && path !== '/')
        : surface === 'rpc' && /^(?:\w+\.)?health(?:z|[cC]heck)?$/.test(path)),
  );
}

function onePerPlace(list: readonly HealthEndpoint[]): readonly HealthEndpoint[] {
  const key = ({ at, path }: HealthEndpoint): string => `${at.file}\0${at.line}\0${path}`;
  return list.filter((one, i) => list.findIndex((other) => key(other) === key(one)) === i);
}

function fromEndpoint(facts: Facts, { method, path, at, handler }: Endpoint, probes: readonly Probe[]): HealthEndpoint {
  return { method, path, at, ...probedAs(path, probes), ...read(facts, handler ? [handler] : []) };
}

function fromProvided(facts: Facts, { path, at, handlers, fails }: Provided, probes: readonly Probe[]): HealthEndpoint {
  const found = read(facts, handlers);
  return { method: 'GET', path, at, ...probedAs(path, probes), ...found, fails: found.fails || fails };
}

/** A probe knows better what a path is for than its name does. */
function probedAs(path: string, all: readonly Probe[]): Pick<HealthEndpoint, 'role' | 'probes'> {
  const probes = all.filter((one) => one.path === path || one.path === `${path}/`);
  const told = new Set(probes.map(({ role }) => role));
  const byName = roleOfPath(path) ?? 'general';
  const role: HealthRole =
    byName === 'general' && told.has('readiness') && !told.has('liveness') ? 'readiness' : byName;
  return { role, probes: probes.map(({ by, at }) => ({ by, at })) };
}

function read(facts: Facts, handlers: readonly Spot[]): Pick<HealthEndpoint, 'asks' | 'fails' | 'claims' | 'lost'> {
  const { code: model, reach: followed } = facts;
  const direct = handlers.map((handler) => followed.from(handler));
  const lost = handlers.length === 0 || direct.some(mayAsk);
  const checks = lost ? registeredChecks(facts) : [];
  const functions = [...direct, ...checks.map((check) => followed.from(check))].flatMap((one) => one.functions);
  const touches = touchesOf(model, followed, functions);
  return {
    asks: touches.map(({ asked }) => asked),
    fails: failsWith(model, functions, touches),
    claims: claimsOf(model, functions),
    lost: lost && checks.length === 0,
  };
}

/** `readiness.register('database', check)`: what a handler that asks a registry may run. */
function registeredChecks({ calls: walked, code: model }: Facts): readonly Spot[] {
  return walked
    .named('register', 'registerCheck', 'registerReadinessCheck', 'add', 'addCheck', 'addHealthCheck', 'ReadinessCheck')
    .filter(({ path }) => /(?:readiness|health|checks?|probes?)\w*(?:\.\w+)?$/i.test(path))
    .flatMap(({ file, fn, expr }) =>
      expr.args.flatMap((arg) => {
        const origin = arg.k === 'fn' || arg.k === 'ref' ? model.origin(file, fn, arg) : undefined;
        return origin?.kind === 'function' && !origin.member ? [{ file: origin.file, fn: origin.fn }] : [];
      }),
    );
}

const telling = /check|health|ping|ready|alive|connect|query|execute|isUp|probe|indicator/i;
const ofRequest = /^(?:res|reply|response|req|request|ctx|c|next|h)\b/;

/** Something was called that could not be followed and sounds like a question. */
const mayAsk = ({ lost }: CallsReached): boolean =>
  lost.some(({ call: { site } }) => telling.test(site.path || site.name) && !ofRequest.test(site.path));

/** Files of the service's repository that are named for health checks and serve nothing. */
function deadChecks(model: CodeModel, own: Service, roleOf: (file: string) => string): readonly Place[] {
  const inside = (file: string): boolean => own.root === '.' || file.startsWith(`${own.root}/`);
  return model.files
    .filter((file) => /(?:^|\/)health(?:z|-?check)?(?:[/.-][\w./-]*)?\.[cm]?[jt]sx?$/i.test(file))
    .filter((file) => /(?:^|\/)(?:api|routes?|pages|controllers?|modules|handlers|health|server|src)\//.test(file))
    .filter((file) => roleOf(file) === 'unreached' && (inside(file) || own.root !== '.'))
    .slice(0, 3)
    .map((file) => ({ file, line: lineOf(model.get(file)?.summary.functions[1]?.at ?? 1025) }));
}
