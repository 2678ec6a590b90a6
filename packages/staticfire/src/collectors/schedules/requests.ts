import type { Sent } from '../../facts/schedules.ts';

/** A request that a command line or configuration makes. */
export interface MadeRequest {
  readonly method: string;
  /** The host as written: 'https://shop.example', '$BASE_URL', '${{ secrets.APP_URL }}'; '' for none. */
  readonly host: string;
  readonly path: string;
  readonly sends: readonly Sent[];
  /** Line of the text, from 0. */
  readonly line: number;
}

type Names = Readonly<Record<string, string>>;

/** The requests that a shell text makes with curl or wget. */
export function requestsIn(text: string, env: Names): readonly MadeRequest[] {
  const names: Record<string, string> = { ...env };
  return logicalLines(text).flatMap(({ line, at }) => {
    for (const [, name, value] of line.matchAll(/(?:^|;|&&|\bexport\s+)\s*(\w+)=("[^"]*"|'[^']*'|[^\s;&|]*)/g))
      if (name !== undefined && value !== undefined && !value.includes('$(')) names[name] ??= plain(value);
    return [
      ...line.matchAll(/(?:^|[\s(`;|&])(curl|wget|http|xh)\s+((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^|;&)`])*)/g),
    ].flatMap((match) => {
      const made = requestOf(wordsOf(match[2] ?? ''), names);
      return made ? [{ ...made, line: at }] : [];
    });
  });
}

/** Lines joined where a backslash says so. */
function logicalLines(text: string): readonly { readonly line: string; readonly at: number }[] {
  const found: { line: string; at: number }[] = [];
  let open = false;
  text.split('\n').forEach((line, at) => {
    const more = /\\\s*$/.test(line);
    const own = line.replace(/\\\s*$/, ' ');
    const last = found.at(-1);
    if (open && last) last.line += own.trim() + ' ';
    else if (!/^\s*#/.test(line)) found.push({ line: own, at });
    open = more;
  });
  return found;
}

const plain = (value: string): string => value.replace(/^(["'])([\s\S]*)\1$/, '$2');

const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:\$\{\{[^}]*\}\}|\$\{[^}]*\}|"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replaceAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
  );

const valued =
  /^(?:-[a-zA-Z]*[odeuFbcAmTwK]|--(?:output|user|cookie|form|user-agent|max-time|retry|retry-delay|connect-timeout|write-out|config|cacert|cert|timeout|tries|output-document))$/;

function requestOf(words: readonly string[], names: Names): Omit<MadeRequest, 'line'> | undefined {
  let method: string | undefined;
  let url: string | undefined;
  const sends: Sent[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const next = (): string => words[(index += 1)] ?? '';
    if (/^-[a-zA-Z]*X$/.test(word) || word === '--request' || word === '--method') method = next();
    else if (/^-X[A-Z]+$/.test(word)) method = word.slice(2);
    else if (/^--(?:request|method)=/.test(word)) method = word.slice(word.indexOf('=') + 1);
    else if (/^-[a-zA-Z]*H$/.test(word) || word === '--header') sends.push(...headerOf(next(), names));
    else if (word.startsWith('--header=')) sends.push(...headerOf(word.slice(9), names));
    else if (/^-[a-zA-Z]*d$/.test(word) || /^--(?:data|data-raw|data-binary|json|post-data)$/.test(word)) {
      next();
      method ??= 'POST';
    } else if (/^--(?:data|data-raw|data-binary|json|post-data)=/.test(word)) method ??= 'POST';
    else if (word === '-I' || word === '--head' || word === '--spider') method ??= 'HEAD';
    else if (valued.test(word)) next();
    else if (/^(?:GET|POST|PUT|PATCH|DELETE)$/.test(word)) method = word;
    else if (!word.startsWith('-') && url === undefined && mayBeUrl(word)) url = word;
    else if (word === '--url') url = next();
  }
  const split = url === undefined ? undefined : splitUrl(url, names);
  return (
    split && { method: (method ?? 'GET').toUpperCase(), ...split, sends: [...sends, ...queryOf(split.path, names)] }
  );
}

const mayBeUrl = (word: string): boolean => /^(?:https?:\/\/|\$|localhost)/.test(word);

/** The host and the path of a URL whose host may be a variable. */
export function splitUrl(url: string, names: Names): { readonly host: string; readonly path: string } | undefined {
  const text = filled(url, names, 0);
  const match = /^((?:https?:\/\/)?(?:\$\{\{[^}]*\}\}|\$\{[^}]*\}|\$\w+|[^/$?])+)((?:\/|\?)[\s\S]*)?$/.exec(text);
  return match?.[1] === undefined ? undefined : { host: match[1], path: match[2] ?? '/' };
}

/** Variables of the script take their values; what only the platform knows stays. */
function filled(text: string, names: Names, depth: number): string {
  if (depth > 4) return text;
  return text.replaceAll(/\$\{(\w+)(?:[:%#/][^}]*)?\}|\$(\w+)/g, (whole, braced?: string, bare?: string) => {
    const value = names[braced ?? bare ?? ''];
    return value === undefined || value === whole ? whole : filled(value, names, depth + 1);
  });
}

/** `Authorization: Bearer $X` */
export function headerOf(text: string, names: Names): readonly Sent[] {
  const [, name, value] = /^([\w-]+)\s*[:=]\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  if (name === undefined || value === undefined) return [];
  const [, scheme, rest] = /^(?:(Bearer|Basic|Token|ApiKey)\s+)?([\s\S]*)$/i.exec(value.trim()) ?? [];
  const secret = secretIn(rest ?? '', names);
  const carries = secret !== '' || /authorization|key|secret|token|signature/i.test(name);
  return carries ? [{ in: 'header', name: name.toLowerCase(), scheme: scheme ?? '', secret }] : [];
}

function queryOf(path: string, names: Names): readonly Sent[] {
  const query = path.split('?')[1] ?? '';
  return query.split('&').flatMap((pair): readonly Sent[] => {
    const [name = '', value = ''] = pair.split('=');
    const secret = secretIn(value, names);
    return secret !== '' || /key|secret|token/i.test(name) ? [{ in: 'query', name, scheme: '', secret }] : [];
  });
}

/** The variable or secret that a text holds. */
export function secretIn(text: string, names: Names): string {
  const value = filled(text, names, 0);
  const platform = /\$\{\{\s*(?:secrets|vars|env|inputs)\.(\w+)/.exec(value)?.[1];
  return platform ?? /\$\{?(\w+)/.exec(value)?.[1] ?? /\bprocess\.env\.(\w+)/.exec(value)?.[1] ?? '';
}
