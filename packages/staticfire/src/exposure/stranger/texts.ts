import type { Call } from '../../code/polarity/calls.ts';
import { booleans, constant, truth, type Atom, type Value } from '../../code/polarity/values.ts';
import type { Expr } from '../../code/summary.ts';

const textOf = (value: Value | undefined): string | undefined => {
  const [only] = value ?? [];
  return value?.length === 1 && only?.k === 'const' && typeof only.v === 'string' ? only.v : undefined;
};

/** What methods of a text that is known come to: paths are compared with those that are let through. */
export function onText(call: Call): Value | undefined {
  const { name, receiver, args, expr } = call;
  if (name === 'test' || name === 'exec') return pattern(expr, args[0]);
  const text = textOf(receiver);
  if (text === undefined) return undefined;
  const [first] = args;
  if (/^(?:startsWith|endsWith|includes)$/.test(name) && first)
    return first.length === 0 ? undefined : booleansOf(first, (other) => compare(name, text, other));
  if (name === 'match') return matched(expr.args[0], text);
  if (name === 'split')
    return textOf(first) === undefined ? undefined : [{ k: 'list', items: partsOf(text, textOf(first) ?? '') }];
  if (name === 'replace' && textOf(args[1]) !== undefined)
    return replaced(expr.args[0], text, textOf(args[1]) ?? '', textOf(first));
  return name === 'slice' || name === 'substring' ? sliced(text, args) : undefined;
}

const partsOf = (text: string, by: string): Value => text.split(by).map((part): Atom => ({ k: 'const', v: part }));

function booleansOf(values: Value, test: (other: string) => boolean): Value {
  let yes = false;
  let no = false;
  for (const atom of values) {
    const known = atom.k === 'const' && typeof atom.v === 'string' ? test(atom.v) : undefined;
    yes ||= known !== false;
    no ||= known !== true;
  }
  return booleans(yes, no);
}

function compare(name: string, text: string, other: string): boolean {
  if (name === 'startsWith') return text.startsWith(other);
  return name === 'endsWith' ? text.endsWith(other) : text.includes(other);
}

/** `/^\/api/.test(path)`. */
function pattern({ callee }: Call['expr'], value: Value | undefined): Value | undefined {
  const text = textOf(value);
  const regex = callee.k === 'member' && callee.of.k === 'regex' ? regexOf(callee.of.v) : undefined;
  return text !== undefined && regex ? constant(regex.test(text)) : undefined;
}

function matched(expr: Expr | undefined, text: string): Value | undefined {
  const regex = expr?.k === 'regex' ? regexOf(expr.v) : undefined;
  if (!regex) return undefined;
  return regex.test(text) ? [{ k: 'list', items: [{ k: 'any', present: true }] }] : constant(null);
}

function replaced(expr: Expr | undefined, text: string, by: string, from: string | undefined): Value | undefined {
  const regex = expr?.k === 'regex' ? regexOf(expr.v) : undefined;
  const what = regex ?? from;
  return what === undefined ? undefined : constant(text.replace(what, by));
}

function sliced(text: string, args: readonly Value[]): Value | undefined {
  const numbers = args.map(([atom]) => (atom?.k === 'const' && typeof atom.v === 'number' ? atom.v : undefined));
  const [from, to] = numbers;
  return numbers.length > 0 && numbers.every((one) => one !== undefined) ? constant(text.slice(from, to)) : undefined;
}

/** A regular expression as it stands in the source. Nested quantifiers are not run: they can take forever. */
function regexOf(source: string): RegExp | undefined {
  const [, body, flags] = /^\/(.*)\/([a-z]*)$/s.exec(source) ?? [undefined, source, ''];
  if (body === undefined || body.length > 300 || /[+*]\)?[+*{]/.test(body)) return undefined;
  try {
    return new RegExp(body, flags?.replaceAll(/[gy]/g, ''));
  } catch {
    return undefined;
  }
}

/** `list.some(test)` where one item is sure to fit. */
export function certain(results: readonly Value[]): Value {
  const outcomes = results.map(truth);
  if (outcomes.some(({ yes, no }) => yes && !no)) return constant(true);
  return booleans(
    outcomes.some(({ yes }) => yes),
    true,
  );
}
