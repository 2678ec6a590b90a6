/** Answers each question once. */
export function once<K, T>(answer: (key: K) => T): (key: K) => T {
  const known = new Map<K, { readonly answer: T }>();
  return (key) => {
    const held = known.get(key) ?? { answer: answer(key) };
    known.set(key, held);
    return held.answer;
  };
}
