import type { Endpoint } from '../../facts/endpoints.ts';
import type { Reached } from '../../facts/exposure.ts';
import type { Place, Step } from '../../model/place.ts';
import { handingOf, type Context } from '../reading/context.ts';
import { stepOf, type Stage } from '../reading/stages.ts';
import { absent } from '../site.ts';
import { takesAnything } from '../sources/schemas.ts';
import { validators } from '../sources/validators.ts';
import { typedBodies, validationPipe } from './dto.ts';
import { parsesOf, type Parse } from './parses.ts';
import { takesBody } from './takes.ts';

/** What is known of the input of an endpoint. */
export interface Input {
  /** Where it reads the body, or the arguments of its caller; undefined where it takes none. */
  readonly takes: Place | undefined;
  readonly reached: Reached;
}

/** Reads which schema stands before the use of what the caller sends. */
export function inputOf(context: Context, endpoint: Endpoint): Input {
  const stages = context.stages.of(endpoint);
  const handling = stages.at(-1);
  const handing = handingOf(endpoint);
  const takes = handling && !handling.link && mayTake(endpoint) ? takesBody(context, handling, handing) : undefined;
  const reached =
    fromLinks(context, endpoint, stages) ??
    fromTypes(context, endpoint, stages) ??
    best(
      stages.flatMap((stage) => parsesOf(context, stage, stage.link ? 'request' : handing)),
      takes !== undefined,
    );
  return { takes, reached: reached ?? foreign(stages) ?? besideHandler(context, endpoint) ?? absent };
}

/** Named like a check, from a package that nothing here knows. */
function foreign(stages: readonly Stage[]): Reached | undefined {
  const found = stages.find(
    ({ link, origin, name }) =>
      link !== undefined &&
      origin?.kind === 'package' &&
      !origin.package.startsWith('@nestjs/') &&
      /valid|schema|parse(?!r)|openapi/i.test(`${name} ${origin.package}`),
  );
  if (found?.origin?.kind !== 'package') return undefined;
  const why = `whether ${found.name || 'a link'} of ${found.origin.package} checks the input is not known`;
  return { answer: 'unknown', what: '', why, trail: [stepOf(found)] };
}

/** In these a schema stands in the options or the builder of the route; a service that shows none at all was not read well. */
function besideHandler({ described }: Context, { framework, surface, at }: Endpoint): Reached | undefined {
  const beside = /^(?:fastify|elysia|trpc)$/.test(framework) || (framework === 'tanstack-start' && surface === 'rpc');
  if (!beside || described.has(framework)) return undefined;
  const why = `no schema was found beside any route of ${framework}, which may hold them where nothing here looks`;
  return { answer: 'unknown', what: '', why, trail: [{ note: 'the route stands here', at }] };
}

const mayTake = ({ surface, method }: Endpoint): boolean =>
  surface !== 'http' || !/^(?:GET|HEAD|OPTIONS)$/.test(method);

/** Validators that the framework or a package runs before the handler. */
function fromLinks(context: Context, { framework }: Endpoint, stages: readonly Stage[]): Reached | undefined {
  const found = stages.flatMap((stage): Reached[] => {
    const { link, origin } = stage;
    if (!link) return [];
    // A class of NestJS is only what a pipe may check the body against.
    if (link.role === 'validator' && framework !== 'nestjs' && isOfInput(link.on))
      return [fromValidator(context, stage)];
    if (origin?.kind !== 'package') return [];
    const called = `${origin.name} ${origin.member}`;
    const known = validators.find(({ packages, names }) => packages.test(origin.package) && names.test(called));
    return known ? [yes(`${known.what}${argumentName(stage)}`, [stepOf(stage)])] : [];
  });
  return found.toSorted((a, b) => Number(a.answer !== 'yes') - Number(b.answer !== 'yes'))[0];
}

/** A schema, or a function that checks with one. */
function fromValidator(context: Context, stage: Stage): Reached {
  const { link, origin, reached, name } = stage;
  const on = link?.on ?? 'body';
  if (origin && takesAnything(origin)) return no(`the schema ${name} accepts anything`, [stepOf(stage)]);
  const isFunction = link?.expr.k === 'fn' || (origin?.kind === 'function' && !origin.called);
  if (!isFunction || !reached) return yes(`${name || 'a schema'} on ${on}`, [stepOf(stage)]);
  const found = best(parsesOf(context, stage, 'input'), true);
  return found ?? no('the function that should check the input gives it back as it is', [stepOf(stage)]);
}

const no = (why: string, trail: readonly Step[]): Reached => ({ answer: 'no', what: '', why, trail });

const isOfInput = (on: string | undefined): boolean => on === undefined || /^(?:body|json|form|input|data)$/.test(on);

const argumentName = ({ name }: Stage): string => (name ? `: ${name}` : '');

const yes = (what: string, trail: readonly Step[]): Reached => ({ answer: 'yes', what, why: '', trail });

function fromTypes(context: Context, endpoint: Endpoint, stages: readonly Stage[]): Reached | undefined {
  const bodies = typedBodies(context, endpoint);
  if (bodies.length === 0) return undefined;
  const lacking = bodies.find(({ weak }) => weak !== '');
  const [first] = bodies;
  const trail = (note: string): readonly Step[] => [{ note, at: endpoint.at }];
  if (lacking) return no(lacking.weak, trail('the handler takes the body here'));
  const pipe = validationPipe(context, stages);
  const builtIn = endpoint.framework === 'routing-controllers' || endpoint.surface === 'graphql';
  const own = bodies.every(({ schema, described }) => described?.line === undefined && schema !== '');
  if (!pipe && !builtIn && !own)
    return no(
      `${first?.schema ?? 'the class'} describes the body, and no validating pipe runs`,
      trail('the handler takes the body here'),
    );
  return yes(`class-validator: ${bodies.map(({ schema }) => schema).join(', ')} on body`, [
    ...(pipe ? [stepOf(pipe)] : []),
    { note: 'the handler takes the body here', at: endpoint.at },
    ...(first?.described ? [{ note: `${first.schema} describes it`, at: first.described }] : []),
  ]);
}

const rank: readonly Parse['on'][] = ['body', 'request', 'query', 'params', 'cookies', 'headers'];

/** The check that says most: one that counts before one that does not, the body before the rest. */
function best(parses: readonly Parse[], takes: boolean): Reached | undefined {
  const [first] = parses.toSorted(
    (a, b) => Number(a.weak !== '') - Number(b.weak !== '') || rank.indexOf(a.on) - rank.indexOf(b.on),
  );
  if (!first) return undefined;
  if (first.weak !== '') return no(`${first.what}: ${first.weak}`, first.trail);
  if (takes && first.on !== 'body' && first.on !== 'request')
    return no(`only its ${first.on} are checked`, first.trail);
  return yes(first.what, first.trail);
}
