import { optionOf } from '../routing/arguments.ts';
import { placed, toLink, toPlaced, type Placed } from '../routing/links.ts';
import type { Run } from '../running/library.ts';
import type { Arg } from '../running/values.ts';
import type { Scope } from './scope.ts';

/** When each hook runs. The schemas stand between the third and the fourth. */
const ranks: Readonly<Record<string, number>> = {
  onRequest: 0,
  preParsing: 1,
  preValidation: 2,
  preHandler: 4,
};
const validatorRank = 3;

/** `addHook`: in every route of the scope and of those below, whenever it is added. */
export function addHook(run: Run, scope: Scope, name: Arg | undefined, fn: Arg): void {
  if (name?.value.k !== 'text') return;
  const rank = ranks[name.value.v];
  if (rank !== undefined) scope.always.push(...toPlaced(run, [fn], { role: 'hook', rank }));
  // It may change the options of the routes that follow.
  if (name.value.v === 'onRoute') scope.waiting.push(...toPlaced(run, [fn], { role: 'settings' }));
  if (name.value.v === 'onRoute') scope.load();
}

/** `setErrorHandler`: also for the routes before it. */
export function addFilter(run: Run, scope: Scope, fn: Arg): void {
  scope.filters.push(placed(run, toLink(run, fn, { role: 'filter' })));
}

/** Plugins that write themselves into the options of each route that is registered after them. */
const perRoute = /(?:rate-limit|helmet|compress)$/;

/** Plugins that only lend the instance methods and values: nothing runs before a handler that does not ask for it. */
const lending =
  /^(?:@fastify\/|fastify-)(?:jwt|auth|basic-auth|csrf-protection|oauth2|swagger|swagger-ui|sensible|postgres|mongodb|redis|mysql|env|static|view|multipart|websocket|http-proxy|type-provider-\w+)$/;

/** A plugin of a package: what it adds is in the chain like a middleware that was made with its options. */
export function addPackage(run: Run, scope: Scope, name: string, plugin: Arg, options: Arg | undefined): void {
  const { file, fn, at } = plugin.site;
  const expr = { k: 'call' as const, callee: plugin.expr, args: options ? [options.expr] : [], at };
  const link = placed(run, { file, fn, expr, role: lending.test(name) ? 'settings' : 'hook' });
  if (perRoute.test(name)) scope.waiting.push(link);
  else scope.always.push(link);
}

/** Hooks, schemas and settings in the options of a route. */
export function ofOptions(run: Run, options: Arg | undefined): readonly Placed[] {
  const hooks = Object.entries(ranks).flatMap(([name, rank]) => {
    const found = optionOf(options, name);
    return found ? toPlaced(run, [found], { role: 'hook', rank }) : [];
  });
  return [...settings(run, options), ...hooks, ...schemas(run, options)];
}

function settings(run: Run, options: Arg | undefined): readonly Placed[] {
  const config = optionOf(options, 'config');
  return config ? [placed(run, toLink(run, config, { role: 'settings' }))] : [];
}

const parts: Readonly<Record<string, string>> = {
  params: 'params',
  body: 'body',
  querystring: 'query',
  query: 'query',
  headers: 'headers',
};

function schemas(run: Run, options: Arg | undefined): readonly Placed[] {
  const schema = optionOf(options, 'schema');
  if (schema && schema.value.k !== 'obj')
    return [placed(run, toLink(run, schema, { role: 'validator' }), validatorRank)];
  return Object.entries(parts).flatMap(([key, on]) => {
    const found = optionOf(schema, key);
    return found ? [placed(run, toLink(run, found, { role: 'validator', on }), validatorRank)] : [];
  });
}
