const knownPrefix = /\b(?:sk|pk|rk|whsec|ghp|gho|ghs|ghu|github_pat|glpat|xox[abprs]|AKIA|ASIA|AIza|GOCSPX|npm|SG|re|shpat|sq0|dop_v1|eyJ)[-_A-Za-z0-9.]{12,}/g;
const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@'"`]*):[^\s@/'"`]+@/gi;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*/g;
/** A quoted or assigned value that looks random: long, of mixed kinds of characters, without spaces. */
const longToken = /[A-Za-z0-9+/_=-]{24,}/g;
const secretAssignment = /((?:secret|password|passwd|pwd|token|api[-_]?key|access[-_]?key|private[-_]?key|credential)[\w-]*["']?\s*[:=]{1,3}\s*)(["'`])([^"'`]{3,})\2/gi;
const comparison = /((?:secret|password|passwd|token|api[-_]?key|authHeader|authorization)\w*["'\])]*\s*[!=]==?\s*)(["'`])([^"'`]{3,})\2/gi;

/** Takes what could be a secret out of a line that will be shown, written or cached. Errs on the side of hiding. */
export function redact(line: string, file: string): string {
  if (isEnvFile(file)) return line.replace(/^(\s*(?:export\s+)?[\w.-]+\s*=\s*).+$/, '$1…');
  return line
    .replaceAll(privateKey, '-----BEGIN PRIVATE KEY----- …')
    .replaceAll(urlPassword, '$1:…@')
    .replaceAll(knownPrefix, (found) => `${found.slice(0, 4)}…`)
    .replaceAll(secretAssignment, '$1$2…$2')
    .replaceAll(comparison, '$1$2…$2')
    .replaceAll(longToken, (found) => (looksRandom(found) ? `${found.slice(0, 4)}…` : found));
}

const isEnvFile = (file: string): boolean => /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[\w.-]+\.env)$/.test(file);

function looksRandom(token: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(token)).length;
  const words = token.split(/[-_/=+]|(?<=[a-z])(?=[A-Z])/).filter((part) => /^[A-Za-z]{3,}$/.test(part)).length;
  if (/^[0-9a-f]{24,}$/i.test(token)) return true;
  return kinds === 3 && words < 3;
}
