/** What a command line asks a package manager or task runner to do. */
export type Request =
  | {
      readonly kind: 'scripts';
      readonly names: readonly string[];
      readonly where: Where;
      readonly ifPresent: boolean;
      readonly orProgram?: readonly string[];
    }
  /** A task runner over the workspace: each name is a script of the members that have it. */
  | {
      readonly kind: 'tasks';
      readonly runner: 'turbo' | 'nx' | 'lerna';
      readonly names: readonly string[];
      readonly filters: readonly string[];
      readonly everywhere: boolean;
    }
  | { readonly kind: 'commands'; readonly texts: readonly string[]; readonly dir?: string }
  | { readonly kind: 'make'; readonly targets: readonly string[]; readonly dir: string }
  | { readonly kind: 'file'; readonly path: string; readonly errexit: boolean }
  | { readonly kind: 'program'; readonly words: readonly string[]; readonly dir?: string };

export type Where =
  | { readonly kind: 'here'; readonly dir: string }
  /** Members by filter, all of them without. */
  | { readonly kind: 'members'; readonly dir: string; readonly filters: readonly string[]; readonly withRoot: boolean };

/** Reads the words behind a program's name; undefined when they ask for nothing that is followed. */
export type Reader = (args: readonly string[], words: readonly string[]) => Request | undefined;

export interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly rest: readonly string[];
}

export const script = (name: string, where: Where, ifPresent: boolean, orProgram?: readonly string[]): Request => ({
  kind: 'scripts',
  names: [name],
  where,
  ifPresent,
  ...(orProgram ? { orProgram } : {}),
});

/** Reads options up to the first plain words, and those between them that are known to take a value. */
export function options(args: readonly string[], valued: readonly string[]): Options {
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const [name = '', inline] =
      arg.startsWith('-') && arg.includes('=')
        ? [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]
        : [arg];
    if (arg === '--') return { flags, values, rest: [...rest, ...args.slice(at)] };
    if (!arg.startsWith('-')) rest.push(arg);
    else if (valued.includes(name)) values.set(name, [...(values.get(name) ?? []), inline ?? args[++at] ?? '']);
    else flags.add(arg);
  }
  return { flags, values, rest };
}

export const value = (found: Options, ...names: readonly string[]): string | undefined =>
  names.flatMap((name) => found.values.get(name) ?? [])[0];
export const all = (found: Options, ...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => found.values.get(name) ?? []);
export const any = (found: Options, ...names: readonly string[]): boolean =>
  names.some((name) => found.flags.has(name));

export const until = (words: readonly string[]): readonly string[] =>
  words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
