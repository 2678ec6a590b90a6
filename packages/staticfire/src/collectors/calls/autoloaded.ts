import { posix } from 'node:path';
import type { CodeModel } from '../../code/model.ts';
import { filesBelow } from '../../code/reach/below.ts';
import { loadsOf } from '../../code/reach/loads.ts';
import type { CallSite } from '../../code/sites.ts';
import type { Expr, FileSummary, Position } from '../../code/summary.ts';
import type { Project } from '../../facts/project.ts';

const autoloaders: ReadonlySet<string> = new Set(['@fastify/autoload', 'fastify-autoload']);

/**
 * Registrations that Fastify's autoloader makes: a file that only hands on a package's plugin, `export default helmet`,
 * counts as `fastify.register(helmet, autoConfig)` at that place.
 */
export function autoloaded(model: CodeModel, files: readonly string[], project: Project): CallSite[] {
  const below = (prefix: string): readonly string[] => filesBelow(model.files, prefix);
  const own = new Set(files);
  const loading = files.filter((file) => model.get(file)?.head.imports.some(({ from }) => autoloaders.has(from)));
  const loaded = loading.flatMap(
    (file) => loadsOf(model, file, below, project.manifestOf(file)?.dir ?? posix.dirname(file)).files,
  );
  return [...new Set(loaded)].flatMap((file) => (own.has(file) ? registration(model, file) : []));
}

function registration(model: CodeModel, file: string): CallSite[] {
  const summary = model.get(file)?.summary;
  const exported = summary?.exports.find((one) => one.name === 'default' && !one.typeOnly);
  const value = summary && exported && valueOf(summary, 'default');
  const plugin = value && lifted(model, file, value);
  if (!summary || !exported || !plugin) return [];
  const options = valueOf(summary, 'autoConfig');
  const expr: CallSite['expr'] = {
    k: 'call',
    callee: { k: 'ref', path: 'fastify.register', at: exported.at },
    args: options ? [plugin, options] : [plugin],
    at: exported.at,
  };
  return [{ file, fn: 0, name: 'register', path: 'fastify.register', expr, when: [], within: undefined, bound: '' }];
}

/** The plugin of a package that stands here, also inside `fp(plugin)`. */
function lifted(model: CodeModel, file: string, value: Expr): Expr | undefined {
  const origin = model.origin(file, 0, value);
  if (origin.kind !== 'package') return undefined;
  if (origin.package !== 'fastify-plugin') return origin.called ? undefined : value;
  const [inner] = value.k === 'call' ? value.args : [];
  return inner && lifted(model, file, inner);
}

/** What an export stands for, as an expression of the file. */
function valueOf({ exports }: FileSummary, name: string): Expr | undefined {
  const found = exports.find((one) => one.name === name && !one.typeOnly);
  if (found?.from !== undefined)
    return found.imported === 'default' || found.imported === '*' ? required(found.from, found.at) : undefined;
  return found?.value ?? (found?.local === undefined ? undefined : { k: 'ref', path: found.local, at: found.at });
}

const required = (from: string, at: Position): Expr => ({
  k: 'call',
  callee: { k: 'ref', path: 'require', at },
  args: [{ k: 'str', v: from, at }],
  at,
});
