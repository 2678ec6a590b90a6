import type { Command } from '../../facts/containers.ts';
import type { Link } from '../../facts/images.ts';
import type { Place } from '../../model/place.ts';
import { nameOf, words } from '../containers/words.ts';

/** Looks a start script of the image up in the repository. */
export type FindScript = (path: string) => { readonly file: string; readonly text: string } | undefined;

/** What follows a script's `exec "$@"`: the words of CMD. */
interface Walk {
  readonly find: FindScript;
  readonly at: Place;
  readonly depth: number;
}

const inits = /^(?:tini|tini-static|dumb-init|docker-init|catatonit|s6-svscan|init|runit|my_init|pid1)$/;
const replacers =
  /^(?:exec|gosu|su-exec|env|setpriv|chpst|nice|ionice|setuidgid|s6-setuidgid|command|stdbuf|chroot|timeout)$/;
const forwarders =
  /^(?:dotenvx|dotenv|cross-env|cross-env-shell|doppler|infisical|op|env-cmd|chamber|aws-vault|sops|newrelic-admin|vault-env|secrets-init|aws-lambda-web-adapter|teller|berglas)$/;
const managers =
  /^(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|bunx|corepack|turbo|nx|lerna|rush|npm-run-all|npm-run-all2|run-s|run-p|concurrently|wireit|nodemon|ts-node-dev|tsnd|nest|forever|make|just|task|zx|rushx|vlt|moon)$/;
const shells = /^(?:sh|bash|ash|dash|zsh|busybox)$/;

/** Which processes a command line starts, one inside the other. */
export function linksOf(
  list: readonly string[],
  command: { readonly at: Place; readonly text?: string },
  find: FindScript,
): readonly Link[] {
  return follow(list, { find, at: command.at, depth: 0 });
}

/** ENTRYPOINT with CMD, as docker joins them. */
export function startWords(entrypoint: Command | undefined, cmd: Command | undefined): readonly string[] {
  if (entrypoint?.form === 'shell') return ['/bin/sh', '-c', entrypoint.text];
  const tail = cmd?.form === 'shell' ? ['/bin/sh', '-c', cmd.text] : (cmd?.words ?? []);
  return [...(entrypoint?.words ?? []), ...tail];
}

function follow(list: readonly string[], walk: Walk): readonly Link[] {
  const rest = list.slice(list.findIndex((word) => !/^\w+=/.test(word)));
  const [first] = rest;
  if (first === undefined || list.every((word) => /^\w+=/.test(word)) || walk.depth > 8) return [];
  const name = nameOf(first);
  const link = (kind: Link['kind'], passes: boolean): Link => ({
    kind,
    name,
    text: rest.join(' '),
    at: walk.at,
    passes,
  });
  const deeper = { ...walk, depth: walk.depth + 1 };
  if (inits.test(name)) return [link('init', signalsGroup(name, rest)), ...follow(afterOptions(rest), deeper)];
  if (replacers.test(name)) return [link('replacer', true), ...follow(afterUser(name, afterOptions(rest)), deeper)];
  if (forwarders.test(name)) return [link('forwarder', true), ...follow(afterDashes(rest), deeper)];
  if (isManager(name, rest)) return [link('manager', false)];
  if (shells.test(name)) return shell(rest, link, deeper);
  if (/\.(?:sh|bash)$/.test(name) || /entry-?point|^(?:docker-)?(?:start|run|cmd|boot)$/i.test(name))
    return script(first, rest, link, deeper);
  return [link('program', true)];
}

/** dumb-init signals the whole process group unless told not to; tini only with -g. */
const signalsGroup = (name: string, list: readonly string[]): boolean =>
  name === 'dumb-init'
    ? !list.some((word) => /^(?:-c|--single-child)$/.test(word))
    : name.startsWith('tini') && list.some((word) => /^-\w*g/.test(word));

function isManager(name: string, list: readonly string[]): boolean {
  if (managers.test(name)) return true;
  const target = list.slice(1).find((word) => !word.startsWith('-') && word !== 'run') ?? '';
  if (name === 'bun') return list[1] === 'start' || (list[1] === 'run' && !/[./]/.test(target)) || list[1] === 'x';
  if (name === 'deno') return list[1] === 'task';
  return name === 'pm2' && list[1] === 'start' && !list.includes('--no-daemon');
}

const afterOptions = (list: readonly string[]): readonly string[] => {
  const index = list.findIndex((word, i) => i > 0 && !word.startsWith('-') && !/^-[ep]$/.test(list[i - 1] ?? ''));
  const dashes = list.indexOf('--');
  return dashes > 0 && (index === -1 || dashes < index)
    ? list.slice(dashes + 1)
    : index === -1
      ? []
      : list.slice(index);
};

/** gosu and its like name the user first. */
const afterUser = (name: string, list: readonly string[]): readonly string[] =>
  /^(?:gosu|su-exec|setuidgid|s6-setuidgid|timeout)$/.test(name) ? list.slice(1) : list;

const afterDashes = (list: readonly string[]): readonly string[] => {
  const dashes = list.indexOf('--');
  return dashes === -1
    ? list.slice(1).filter((word) => !word.startsWith('-') && word !== 'run')
    : list.slice(dashes + 1);
};

type MakeLink = (kind: Link['kind'], passes: boolean) => Link;

function shell(list: readonly string[], link: MakeLink, walk: Walk): readonly Link[] {
  const flag = list.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  const text = list[flag + 1];
  if (flag > 0 && text !== undefined) return [link('shell', endsInExec(text)), ...follow(lastCommand(text), walk)];
  const file = list.slice(1).find((word) => !word.startsWith('-'));
  return file === undefined ? [link('shell', false)] : script(file, list.slice(list.indexOf(file)), link, walk);
}

function script(path: string, list: readonly string[], link: MakeLink, walk: Walk): readonly Link[] {
  const found = walk.find(path);
  if (!found) return [link('lost', true)];
  const code = stripped(found.text);
  const last = code.at(-1);
  const passed = code.findLast(({ text }) => /^exec\s+(?![<>\d])/.test(text));
  const at = { file: found.file, line: (passed ?? last)?.line ?? 1 };
  const own: Link = {
    kind: 'script',
    name: nameOf(path),
    text: (passed ?? last)?.text ?? '',
    at,
    passes: passed !== undefined || forwardsByTrap(found.text),
  };
  const next = passed ? words(passed.text).slice(1) : lastCommand(last?.text ?? '');
  const given = next.flatMap((word) => (/^\$[@*]$/.test(word) ? list.slice(1) : [word]));
  return [own, ...follow(given, { ...walk, at })];
}

const forwardsByTrap = (text: string): boolean =>
  /^\s*trap\s.*\b(?:SIG)?TERM\b/m.test(text) && /\bkill\b|\bwait\b/.test(text);

/** Lines that do something, with continued lines joined. */
function stripped(text: string): readonly { readonly text: string; readonly line: number }[] {
  const found: { text: string; line: number }[] = [];
  let joined = '';
  text.split('\n').forEach((raw, index) => {
    const line = joined + raw.trim();
    joined = line.endsWith('\\') ? `${line.slice(0, -1)} ` : '';
    if (joined === '' && line !== '' && !line.startsWith('#') && !/^(?:fi|done|esac|;;|\}|else|then)$/.test(line))
      found.push({ text: line, line: index + 1 });
  });
  return found;
}

/** A single command counts too: a shell may run it in its own place, but none promises it. */
const endsInExec = (text: string): boolean => /(?:^|&&|;|\|\||\n)\s*exec\s+\S[^\n;&|]*$/.test(text.trim());

function lastCommand(text: string): readonly string[] {
  const last =
    text
      .trim()
      .split(/\n|&&|;|\|\|/)
      .findLast((part) => part.trim() !== '') ?? '';
  return words(last).filter((word) => word !== 'exec');
}
