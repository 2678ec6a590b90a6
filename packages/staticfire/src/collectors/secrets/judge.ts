const dummyWords = new Set(
  (
    'your yours change changeme replace replaceme example examples placeholder dummy sample fake here todo insert redacted secret secrets password passwd ' +
    'passw pass test tests testing tester dev devel develop development local localhost default foo bar baz foobar lorem ipsum generate generated random put enter some ' +
    'any none null undefined token key apikey hidden mock mocked mocking invalid demo sensitive unsafe insecure chars characters minimum long string value ' +
    'user username admin root postgres mysql mongo redis guest cafebabe deadbeef real actual valid wrong correct incorrect super very strong complex please my the old new ' +
    'production staging prod stage openssl base hex uuid redact masked ci e2e fixture stub anonymous supersecret letmein qwerty welcome hello world abc abcd abcdef abcdefg'
  ).split(' '),
);

const holes =
  /^[<[{(%$]|[>\]})%]$|\$\{|\{\{|\$\(|<[\w -]+>|\.{3}|…|\*{2,}|x{4,}|\?{3,}|_{3,}|-{4,}|#\{|process\.env|import\.meta|%[sd]\b|\\n$/i;
const runs =
  /(.)\1{4,}|0123456|1234567|abcdef0|abcdefg|9876543|a1b2c3|1a2b3c|abc123|123abc|def456|456def|a0b1c2|:APA91|(?:deadbeef|cafebabe)/i;

/** Words of a value: runs of letters, split where a lower-case letter meets an upper-case one. */
const wordsOf = (value: string): readonly string[] =>
  (value.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map((word) => word.toLowerCase());

/** Is it meant to be replaced, or does it come from somewhere else? */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text.length < 4 || holes.test(text) || runs.test(text)) return true;
  const words = wordsOf(text);
  const letters = words.join('').length;
  const dummy = words.filter((word) => word.length >= 3 && dummyWords.has(word)).join('').length;
  return dummy > 0 && dummy * 3 >= letters;
}

/** Words of a language, without a digit: a phrase, not a key. */
const isPhrase = (value: string): boolean =>
  /^[a-z]+(?:[ ._/:-][a-z]+)*$/i.test(value) && !/[a-z][A-Z].*[a-z][A-Z].*[a-z][A-Z]/.test(value);

/** Bits a character, over the value's own characters. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum - (n / value.length) * Math.log2(n / value.length), 0);
}

/** A value that a generator made: a key, a token, a hash. */
export function looksRandom(value: string): boolean {
  if (value.length < 16 || /\s/.test(value) || isPlaceholder(value) || isPhrase(value)) return false;
  if (/^[0-9a-f]+$/i.test(value))
    return value.length >= 32 && /\d/.test(value) && /[a-f]/i.test(value) && entropy(value) >= 3;
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value)) return entropy(value) >= 3;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(value)).length;
  return (
    kinds >= (value.length >= 28 ? 2 : 3) &&
    /\d/.test(value) &&
    entropy(value) >= 3.3 &&
    longWords(value) <= value.length / 3
  );
}

/** Letters that stand in runs of five or more of one case: identifiers and phrases have many, keys few. */
const longWords = (value: string): number =>
  wordsOf(value)
    .filter((word) => word.length >= 5)
    .join('').length;

/** A password that a person made up: letters with digits or signs, of some length. */
export function looksLikePassword(value: string): boolean {
  if (value.length < 8 || value.length > 64 || /\s/.test(value) || isPlaceholder(value)) return false;
  if (/^(?:https?:|\/|\.|#|@|--)|[()<>{}=;]|\.(?:[a-z]{2,5})$|^[\w.-]+@[\w.-]+$/i.test(value)) return false;
  return (
    /[A-Za-z]/.test(value) &&
    /\d|[!@#$%^&*?~+]/.test(value) &&
    !/^[a-z]+[-_][a-z0-9-_]+$/.test(value) &&
    !/^v?\d+[.\d]*\w*$/.test(value)
  );
}

const secretName =
  /(?:secret|passw(?:or)?d|passwd|passphrase|passcode|token|api[-_]?key|private[-_]?key|access[-_]?key|auth[-_]?key|encryption[-_]?key|signing[-_]?key|master[-_]?key|service[-_]?key|jwt[-_]?key|credentials?|(?:^|[-_])(?:pwd|pat|salt))$/i;
const harmlessName =
  /publishable|public|anon[-_]?key|site[-_]?key|measurement|csrf|xsrf|(?:checkout|cart)[-_]?token|fcm|device[-_]?token|push[-_]?token|one[-_]?password|nxCloud|placeholder|example|dummy|fake|mock|sample|invalid|wrong|page[-_]?token|next[-_]?token|cursor|sort[-_]?key|partition|primary[-_]?key|cache[-_]?key|design[-_]?token|color|theme|i18n|translation|label/i;

/** Does a variable of this name hold a secret? */
export const namesSecret = (name: string): boolean => secretName.test(name) && !harmlessName.test(name);

/** Does a variable of this name hold a password, which people make up? */
export const namesPassword = (name: string): boolean =>
  /(?:passw(?:or)?d|passwd|passphrase|passcode|(?:^|[-_])pwd)$/i.test(name) && !harmlessName.test(name);

/** Keys that their vendors give out for browsers. */
export const isPublicKey = (value: string): boolean =>
  /^(?:phc_|pk_(?:live|test)_|pk\.eyJ|pub[-_]|GTM-|UA-\d|G-[A-Z0-9]{6,}$)/.test(value);

/** Bundled into browsers on purpose. */
export const isPublicName = (name: string): boolean =>
  /^(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY|STORYBOOK)_/.test(name);

/** At most four characters of a prefix that says nothing, then an ellipsis. */
export const redacted = (value: string, prefix = 0): string => `${value.slice(0, Math.min(prefix, 4))}…`;
