import { defineReporter } from '../model/reporter.ts';

/** Keys in the order in which a reader wants them; keys that are data (names of phases) follow in their own order. */
const top = 'schema tool subject coverage services results verdict blockers counts timing'.split(' ');
const inner = [
  'control id area service name version root commit dirty kind frameworks entries start',
  'title message text remedy verdict level severity confidence stage reason settle at command why',
  'path file line endLine column excerpt excerptLine note searched subject trail fingerprint evidence findings',
].flatMap((keys) => keys.split(' '));

type Compare = (a: [string, unknown], b: [string, unknown]) => number;

function by(order: readonly string[]): Compare {
  const places = new Map(order.map((key, index) => [key, index]));
  const placeOf = (key: string): number => places.get(key) ?? order.length;
  return ([a], [b]) => placeOf(a) - placeOf(b) || (a < b ? -1 : a > b ? 1 : 0);
}

const [byTop, byInner] = [by(top), by(inner)];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ordered = (key: string, value: unknown): unknown =>
  isObject(value) ? Object.fromEntries(Object.entries(value).toSorted(key === '' ? byTop : byInner)) : value;

/** Characters that JSON allows raw and a terminal or an editor would obey. */
const obeyed = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;
const escaped = (text: string): string =>
  Array.from({ length: text.length }, (_, index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`).join(
    '',
  );

export const json = defineReporter({
  id: 'json',
  mediaType: 'application/json',
  render: (assessment) => `${JSON.stringify(assessment, ordered, 2).replace(obeyed, escaped)}\n`,
});
