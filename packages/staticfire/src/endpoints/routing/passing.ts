import type { Spot } from '../../code/production.ts';
import type { Run } from '../running/library.ts';

/** May a handler pass a request on to what is registered after it? It calls its parameter of this index without an error. */
export function passesOn({ site }: Run, { file, fn }: Spot, index: number): boolean {
  const functions = site.code.get(file)?.summary.functions;
  const pattern = functions?.[fn]?.params[index]?.pattern;
  if (pattern?.k !== 'name' || pattern.name === '') return false;
  return site
    .sites(file)
    .calls.some(
      (call) => call.path === pattern.name && call.expr.args.length === 0 && within(functions ?? [], call.fn, fn),
    );
}

function within(functions: readonly { readonly parent: number }[], inner: number, outer: number): boolean {
  for (let at = inner; at >= 0; at = functions[at]?.parent ?? -1) if (at === outer) return true;
  return false;
}
