import type { AnyControl } from '../model/control.ts';
import { Problem } from '../model/problem.ts';
import { nearest } from './suggest.ts';

/** Ids and areas as typed, turned into control ids. An unknown word is a problem: a typing error must not look like a pass. */
export function selected(option: string, words: readonly string[], controls: readonly AnyControl[]): string[] {
  return [...new Set(words.flatMap((word) => matching(option, word, controls)))].toSorted();
}

function matching(option: string, word: string, controls: readonly AnyControl[]): string[] {
  const found = controls.filter((control) => control.id === word || control.area === word).map((control) => control.id);
  if (found.length === 0) throw unknownControl(option, word, controls);
  return found;
}

export function unknownControl(where: string, word: string, controls: readonly AnyControl[]): Problem {
  const known = [...controls.map((control) => control.id), ...new Set(controls.map((control) => control.area))];
  const meant = nearest(word, known);
  return new Problem('unknown-control', {
    found: `there is no control and no area "${word}"`,
    where,
    expected: 'the id of a control, such as config/boot-validation, or an area, such as config',
    todo:
      meant === undefined
        ? 'list them with: staticfire controls'
        : `did you mean ${meant}? All of them: staticfire controls`,
  });
}
