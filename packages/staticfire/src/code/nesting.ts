/**
 * The native parser goes down its own stack and takes the process with it somewhere above 5,000 levels
 * (measured with oxc-parser 0.158). No person writes a tenth of that.
 */
const deepest = 2000;

const code = (char: string): number => char.charCodeAt(0);
const openers: ReadonlySet<number> = new Set([code('('), code('['), code('{')]);
const closers: ReadonlySet<number> = new Set([code(')'), code(']'), code('}')]);

/**
 * Could the text nest deeper than the parser bears? Counts brackets without regard to strings, so it may be wrong about
 * a text of thousands of unbalanced brackets, and never about code.
 */
export function nestsTooDeep(text: string): boolean {
  if (text.length < 2 * deepest) return false;
  let depth = 0;
  let angles = 0;
  let arrows = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    // Small letters, spaces and line ends are most of a text.
    if ((char > 96 && char < 123) || char < 33) continue;
    if (openers.has(char)) depth += 1;
    else if (closers.has(char)) {
      if (depth > 0) depth -= 1;
      arrows = 0;
    } else if (char === code('<')) angles += 1;
    else if (char === code('>')) {
      if (text.charCodeAt(i - 1) === code('=')) arrows += 1;
      else if (angles > 0) angles -= 1;
    } else continue;
    if (depth > deepest || angles > deepest || arrows > deepest) return true;
  }
  return false;
}
