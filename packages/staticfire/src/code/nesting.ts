/**
 * The native parser goes down its own stack and takes the process with it somewhere above 5,000 levels
 * (measured with oxc-parser 0.158). No person writes a tenth of that.
 */
const deepest = 2000;

const [opens, closes, opensAngle, closesAngle] = [1, 2, 3, 4];
const kinds: ReadonlyMap<string, number> = new Map([
  ...Array.from('([{', (char): [string, number] => [char, opens]),
  ...Array.from(')]}', (char): [string, number] => [char, closes]),
  ['<', opensAngle],
  ['>', closesAngle],
]);
/** By character code, for ASCII. */
const kindOf = Uint8Array.from({ length: 128 }, (_, code) => kinds.get(String.fromCharCode(code)) ?? 0);
const equals = '='.charCodeAt(0);

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
    const kind = char < 128 ? kindOf[char] : 0;
    if (kind === 0) continue;
    if (kind === opens) depth += 1;
    else if (kind === closes) {
      if (depth > 0) depth -= 1;
      arrows = 0;
    } else if (kind === opensAngle) angles += 1;
    else if (text.charCodeAt(i - 1) === equals) arrows += 1;
    else if (angles > 0) angles -= 1;
    if (depth > deepest || angles > deepest || arrows > deepest) return true;
  }
  return false;
}
