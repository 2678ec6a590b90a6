import type { Pattern } from '../summary.ts';
import { denialStatus } from './denial.ts';
import { evaluate } from './evaluate.ts';
import { memberOf } from './members.ts';
import type { Run } from './run.ts';
import { constant, nothing, union, type Frame, type Value } from './values.ts';

/** Binds the names of a pattern to the parts of a value. */
export function bindPattern(run: Run, frame: Frame, pattern: Pattern, value: Value): void {
  switch (pattern.k) {
    case 'name':
      frame.vars.set(pattern.name, value);
      return;
    case 'arr':
      pattern.items.forEach((item) => item && bindPattern(run, frame, item, memberOf(run, value, '[]')));
      return;
    case 'obj':
      for (const prop of pattern.props) {
        const part = memberOf(run, value, prop.key);
        const absent = part.some((atom) => atom.k === 'const' && atom.v === undefined);
        const fallback = prop.default && absent ? evaluate(run, frame, prop.default) : undefined;
        bindPattern(
          run,
          frame,
          prop.pattern,
          fallback
            ? union(
                part.filter((atom) => !(atom.k === 'const' && atom.v === undefined)),
                fallback,
              )
            : part,
        );
      }
      if (pattern.rest) frame.vars.set(pattern.rest, value);
  }
}

/** Sets a variable where it lives, or a member of one. Setting a response's status to an error denies. */
export function assign(run: Run, frame: Frame, path: string, value: Value): void {
  const dot = path.indexOf('.');
  if (dot === -1) {
    const home = homeOf(frame, path) ?? frame;
    for (const key of home.vars.keys()) if (key.startsWith(`${path}.`)) home.vars.delete(key);
    home.vars.set(path, value);
    return;
  }
  frame.vars.set(path, value);
  run.world?.assigned(run, frame, path, value);
  const [status] = value;
  if (/\.(?:status|statusCode)$/.test(path) && status?.k === 'const' && denialStatus(status.v))
    deny(frame, denialStatus(status.v) === 'auth');
}

const homeOf = (frame: Frame | undefined, name: string): Frame | undefined =>
  !frame || frame.vars.has(name) ? frame : homeOf(frame.outer, name);

/** Notes that the caller was told no; the function may go on to return nothing. */
export function deny(frame: Frame, auth: boolean): void {
  frame.vars.set('#denied', constant(true));
  if (auth) frame.vars.set('#auth', constant(true));
}

const flag = (frame: Frame, name: string): boolean => {
  const value = frame.vars.get(name) ?? [nothing];
  return value.every((atom) => atom.k === 'const' && atom.v === true);
};
export const wasDenied = (frame: Frame): boolean => flag(frame, '#denied');
export const wasDeniedAuth = (frame: Frame): boolean => flag(frame, '#auth');

/** Notes that something was changed or answered on this way through the function. */
export const act = (frame: Frame): void => {
  frame.vars.set('#acted', constant(true));
};
export const hasActed = (frame: Frame): boolean =>
  (frame.vars.get('#acted') ?? []).some((atom) => atom.k === 'const' && atom.v === true);
