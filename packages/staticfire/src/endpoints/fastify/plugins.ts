import type { Run } from '../running/library.ts';
import type { Value } from '../running/values.ts';

/** The plugins that a value stands for: functions, modules by their default export, either of several. */
export function defaultsOf(run: Run, value: Value): readonly Value[] {
  if (value.k === 'any') return value.of.flatMap((one) => defaultsOf(run, one));
  if (value.k === 'module') return defaultsOf(run, run.member(value, 'default'));
  if (value.k === 'obj' && !value.cls) {
    const inner = value.props.get('default') ?? value.props.get('plugin');
    return inner ? defaultsOf(run, inner) : [];
  }
  return [value];
}
