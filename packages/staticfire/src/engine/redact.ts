/** Hides the value inside what a pattern found; `keep` says how much of it stays. */
interface Rule {
  readonly find: RegExp;
  /** Groups: what comes before, the value, what comes after. */
  readonly value: (...groups: string[]) => readonly [before: string, value: string, after: string];
  readonly shown?: (value: string) => string;
  readonly when?: (value: string) => boolean;
}

const around = (before = '', value = '', after = ''): readonly [string, string, string] => [before, value, after];
const whole = (value = ''): readonly [string, string, string] => ['', value, ''];
const secretName = String.raw`(?:secret|passwd|password|pwd|passphrase|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization)`;

const rules: readonly Rule[] = [
  { find: /-----BEGIN [A-Z ]*PRIVATE KEY-----.*/g, value: whole, shown: () => '-----BEGIN PRIVATE KEY----- ' },
  { find: /([a-z][a-z0-9+.-]*:\/\/[^\s:/@'"`]*:)([^\s@/'"`]+)(@)/gi, value: around },
  {
    find: /\b(?:(?:sk|pk|rk|whsec|gh[opsu]|github_pat|npm|re|shpat|dop_v1)_|sk-|glpat-|xox[abprs]-|SG\.|sq0[a-z]{3}-|AKIA|ASIA|AIza|GOCSPX-|eyJ)[-_A-Za-z0-9.]{12,}/g,
    value: whole,
    shown: (value) => value.slice(0, 4),
  },
  // NAME: 'value', NAME = "value", name: value in YAML and documents
  {
    find: new RegExp(
      String.raw`(${secretName}[\w-]*["'\])]*\s*(?:[:=]|\|\||\?\?){1,3}\s*["'\x60])([^"'\x60]{3,})(["'\x60])`,
      'gi',
    ),
    value: around,
  },
  {
    find: new RegExp(String.raw`(${secretName}[\w-]*["']?\s*[:=]\s*)([^\s"'\x60,;(){}[\]$<>]{6,})()`, 'gi'),
    value: around,
    when: (value) => /\d/.test(value) && !value.includes('.'),
  },
  // header !== 'value', 'value' === token
  {
    find: new RegExp(String.raw`(${secretName}\w*["'\])]*\s*[!=]==?\s*["'\x60])([^"'\x60]{3,})(["'\x60])`, 'gi'),
    value: around,
  },
  {
    find: new RegExp(String.raw`(["'\x60])([^"'\x60]{3,})(["'\x60]\s*[!=]==?\s*[\w.]*${secretName})`, 'gi'),
    value: around,
  },
  // ${process.env.X} || 'value' for any variable: a fallback is a value that may be in force
  {
    find: /((?:process\.env|import\.meta\.env|Bun\.env)\S*\s*(?:\|\||\?\?)\s*["'`])([^"'`]{3,})(["'`])/g,
    value: around,
    when: (value) => !/^(?:https?:\/\/|\/|\.|[a-z]{2,12}$|\d+$|localhost|127\.)/.test(value),
  },
  { find: /[A-Za-z0-9+/_=-]{24,}/g, value: whole, shown: (value) => value.slice(0, 4), when: looksRandom },
];

/** Where a secret is known to stand: every quoted text, everything after the name of a secret, every word with a digit. */
const strictRules: readonly Rule[] = [
  { find: /(["'`])([^"'`]{3,})(["'`])/g, value: around },
  { find: new RegExp(String.raw`(${secretName}\w*[^\w=]{1,8})([^\s="'\x60…]{3,})()`, 'gi'), value: around },
  { find: /[^\s"'`=:,;(){}[\]<>|…]{6,}/g, value: whole, when: (value) => /\d/.test(value) && /[A-Za-z]/.test(value) },
];

/**
 * Takes what could be a secret out of lines that will be shown, written or kept. A value hidden in one of the lines is
 * hidden in all of them, so that a comment beside it does not tell it. Errs on the side of hiding; `strict` hides any value.
 */
export function redact(lines: readonly string[], file: string, strict = false): readonly string[] {
  if (isEnvFile(file)) return lines.map((line) => line.replace(/^(\s*(?:export\s+)?[\w.-]+\s*=\s*).+$/, '$1…'));
  const hidden = new Set<string>();
  const inForce = strict ? [...rules, ...strictRules] : rules;
  const clean = lines.map((line) => inForce.reduce((text, rule) => apply(rule, text, hidden), line));
  return clean.map((line) => [...hidden].reduce((text, value) => text.replaceAll(value, '…'), line));
}

function apply(rule: Rule, line: string, hidden: Set<string>): string {
  return line.replaceAll(rule.find, (found: string, ...groups: unknown[]) => {
    const texts = groups.filter((group): group is string => typeof group === 'string');
    const [before, value, after] = texts.length > 2 ? rule.value(...texts) : rule.value(found);
    if (value.includes('…') || (rule.when && !rule.when(value))) return found;
    if (value.length > 3) hidden.add(value);
    return `${before}${rule.shown?.(value) ?? ''}…${after}`;
  });
}

const isEnvFile = (file: string): boolean => /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[\w.-]+\.env)$/.test(file);

function looksRandom(token: string): boolean {
  if (/^[0-9a-f]{24,}$/i.test(token)) return true;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(token)).length;
  const words = token.split(/[-_/=+]|(?<=[a-z])(?=[A-Z])/).filter((part) => /^[A-Za-z]{3,}$/.test(part)).length;
  return kinds === 3 && words < 3;
}
