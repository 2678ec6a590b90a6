import type { ChainLink, Endpoint } from '../facts/endpoints.ts';
import type { EndpointSite } from './framework.ts';
import { joinUrl, verbNames } from './reading/paths.ts';
import { routeFiles, verbExports } from './reading/verb-exports.ts';
import { methodsOf, optionOf, pathsOf, type Path } from './routing/arguments.ts';
import { covering } from './routing/covers.ts';
import { heldUnder, placed, toLink, toPlaced, type Placed } from './routing/links.ts';
import type { Library, Run } from './running/library.ts';
import { itemsAsArgs, type Arg, type Site } from './running/values.ts';

const id = 'medusa';

/** A row of `defineMiddlewares`. */
interface Row {
  readonly paths: readonly Path[];
  /** Empty: every method. */
  readonly methods: readonly string[];
  readonly links: readonly Placed[];
}

/** Medusa: routes are files, what stands before them is a table of paths. */
export const medusa: Library = {
  id,
  packages: ['@medusajs/framework', '@medusajs/medusa'],
  makers: /^defineMiddlewares$/,
  byPlace: ({ service }) => service.frameworks.includes(id),
  make(run, of, args, at) {
    if (of.name === 'defineMiddlewares') run.make(id, 'table', at, rowsOf(run, args[0], at));
    return undefined;
  },
  call: () => undefined,
  endpoints(run, things) {
    const rows = things.flatMap(({ data }) => (Array.isArray(data) ? (data as readonly Row[]) : []));
    const served = run.site.service.frameworks.includes(id) ? routeFiles(run.site, 'src/api') : [];
    const list = served.flatMap(({ file, inside }) =>
      verbExports(run.site, { framework: id, file, path: pathOf(inside), methods: verbNames }),
    );
    return { list: list.map((endpoint) => withPolicies(run.site, endpoint, rows)), lost: [] };
  },
};

/** `admin/items/[id]/route.ts`. */
const pathOf = (inside: string): string =>
  joinUrl(
    inside
      .replace(/\/?route\.[jt]s$/, '')
      .replaceAll(/\[\.\.\.\w*\]/g, '*')
      .replaceAll(/\[(\w+)\]/g, ':$1'),
  );

/** `{ routes: [{ matcher, method, middlewares }] }`, or the list itself. */
function rowsOf(run: Run, given: Arg | undefined, at: Site): readonly Row[] {
  const routes = given?.value.k === 'arr' ? given : optionOf(given, 'routes');
  if (routes?.value.k !== 'arr') {
    run.lose(at, id, 'number', 'the table of middleware could not be followed');
    return [];
  }
  return itemsAsArgs(routes).flatMap((row) => rowOf(run, row, at));
}

function rowOf(run: Run, row: Arg, at: Site): readonly Row[] {
  const matcher = optionOf(row, 'matcher');
  const paths = matcher && pathsOf(matcher);
  if (!paths) {
    run.lose(at, id, 'path', 'the paths of a row of middleware could not be read');
    return [];
  }
  const method = optionOf(row, 'method') ?? optionOf(row, 'methods');
  const middlewares = optionOf(row, 'middlewares');
  const schema = optionOf(row, 'additionalDataValidator');
  const links = [
    ...toPlaced(run, middlewares ? [middlewares] : [], { role: 'policy' }),
    ...(schema ? [placed(run, toLink(run, schema, { role: 'validator', on: 'body' }))] : []),
  ];
  return [{ paths, methods: method ? methodsOf(method) : [], links }];
}

function withPolicies(site: EndpointSite, endpoint: Endpoint, rows: readonly Row[]): Endpoint {
  const own = rows.filter(
    ({ paths, methods }) =>
      (methods.length === 0 || methods.includes('ALL') || methods.includes(endpoint.method)) &&
      paths.some((path) => covering('/', path)(endpoint.path)),
  );
  const before = own.flatMap(({ links }) => links.map((link) => heldUnder(link, [])));
  return { ...endpoint, chain: [...builtIn(site, endpoint), ...before, ...endpoint.chain] };
}

/** Routes of the back office and of a customer ask for a session, unless the file exports `AUTHENTICATE = false`. */
function builtIn({ code }: EndpointSite, { path, at }: Endpoint): readonly ChainLink[] {
  const of = /^\/admin(?:\/|$)/.test(path) ? 'user' : /^\/store\/customers\/me(?:\/|$)/.test(path) ? 'customer' : '';
  if (of === '' || code.literal(at.file, 0, { k: 'ref', path: 'AUTHENTICATE', at: 0 }) === false) return [];
  const from = { k: 'str' as const, v: '@medusajs/framework', at: 0 };
  const callee = { k: 'member' as const, of: { k: 'import' as const, of: from, at: 0 }, name: 'authenticate', at: 0 };
  const expr = { k: 'call' as const, callee, args: [{ k: 'str' as const, v: of, at: 0 }], at: 0 };
  return [{ file: at.file, fn: 0, expr, role: 'policy' }];
}
