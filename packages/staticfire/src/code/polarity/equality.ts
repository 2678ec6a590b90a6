import { Unclear, type Atom, type Outcome, type Value } from './values.ts';

/** Told when a comparison fails because the caller cannot know the secret. */
export type Refuse = (of: string) => void;

const never: Outcome = { yes: false, no: true };
const open: Outcome = { yes: true, no: true };

/** Can two values be equal, can they differ, when the caller picks what they send? */
export function equality(a: Value, b: Value, refuse: Refuse): Outcome {
  let yes = false;
  let no = false;
  for (const left of a) {
    for (const right of b) {
      const one = equalAtoms(left, right, refuse);
      yes ||= one.yes;
      no ||= one.no;
    }
  }
  return { yes, no };
}

function equalAtoms(a: Atom, b: Atom, refuse: Refuse): Outcome {
  if (a.k === 'lost' || b.k === 'lost') throw new Unclear();
  if (a.k === 'const' && b.k === 'const') return a.v === b.v ? { yes: true, no: false } : never;
  if (a.k === 'secret') return equalSecret(a.of, b, refuse);
  if (b.k === 'secret') return equalSecret(b.of, a, refuse);
  if (a.k === 'const') return equalConstant(a, b);
  if (b.k === 'const') return equalConstant(b, a);
  const identities = [a, b].some(({ k }) => k === 'object' || k === 'list' || k === 'function' || k === 'settings');
  return identities ? never : open;
}

function equalSecret(of: string, other: Atom, refuse: Refuse): Outcome {
  if (other.k === 'secret') return other.of === of ? { yes: true, no: false } : open;
  if (other.k === 'setting') return open;
  if (other.k === 'input' || other.k === 'any') refuse(of);
  return never;
}

function equalConstant(a: Extract<Atom, { k: 'const' }>, b: Atom): Outcome {
  const absent = a.v === undefined || a.v === null;
  // What is not known is not assumed to be absent as well: an accusation needs proof.
  if (b.k === 'any') return absent && a.missing ? never : open;
  if (b.k === 'input') return absent || a.v === '' ? never : open;
  if (b.k === 'unfound') return { yes: absent, no: !absent };
  if (b.k === 'setting') return absent || a.v === '' ? never : open;
  return never;
}
