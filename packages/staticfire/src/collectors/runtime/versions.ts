/** Every major that a range may be asked about. */
const knownMajors: readonly number[] = [0, ...Array.from({ length: 28 }, (_, n) => n + 4)];

const codenames: Readonly<Record<string, number>> = {
  argon: 4,
  boron: 6,
  carbon: 8,
  dubnium: 10,
  erbium: 12,
  fermium: 14,
  gallium: 16,
  hydrogen: 18,
  iron: 20,
  jod: 22,
  krypton: 24,
};

export interface ReadVersion {
  readonly majors: readonly number[];
  readonly floating: boolean;
}

/** What a version, range, alias or codename lets in; undefined when it says nothing about a version. */
export function readVersion(text: string): ReadVersion | undefined {
  const own = text
    .trim()
    .toLowerCase()
    .replace(/^node[-@ ]?/, '');
  const named = codenames[own.replace(/^lts\//, '')];
  if (named !== undefined) return { majors: [named], floating: false };
  if (/^(lts(\/\*|_\*|-\*)?|latest|current|stable|node|\*|x)$/.test(own))
    return { majors: knownMajors, floating: true };
  if (own === '' || !/^[\d.x*v^~<>=|\s-]+$/.test(own)) return undefined;
  const majors = knownMajors.filter((major) => own.split('||').some((set) => admits(set, major)));
  return majors.length > 0 ? { majors, floating: false } : undefined;
}

/** Is there a version of this major that meets all comparators of the set? */
function admits(set: string, major: number): boolean {
  const hyphen = /^\s*v?(\d+)[\d.x*]*\s+-\s+v?(\d+)/.exec(set);
  if (hyphen) return major >= Number(hyphen[1]) && major <= Number(hyphen[2]);
  const comparators = [...set.matchAll(/(>=|<=|>|<|\^|~|=)?\s*v?(\d+|[x*])(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?/g)];
  return (
    comparators.length > 0 &&
    comparators.every(([, op = '=', first = '', minor, patch]) => meets(major, op, first, minor, patch))
  );
}

function meets(
  major: number,
  op: string,
  first: string,
  minor: string | undefined,
  patch: string | undefined,
): boolean {
  if (first === 'x' || first === '*') return true;
  const bound = Number(first);
  const whole = [minor, patch].every((part) => part === undefined || part === '0' || part === 'x' || part === '*');
  if (op === '>=') return major >= bound;
  if (op === '<=') return major <= bound;
  if (op === '<') return whole ? major < bound : major <= bound;
  if (op === '>') return minor === undefined ? major > bound : major >= bound;
  return major === bound;
}

/** The version of Node.js in an image's name; undefined for images of something else, and for a digest that names none. */
export function imageVersion(image: string): { readonly text: string; readonly read: ReadVersion } | undefined {
  const name = image.replace(/@sha256:.*$/, '');
  const family =
    /(?:^|\/)(?:node|bitnami\/node|nodejs|circleci\/node|cimg\/node|lambda\/nodejs|aws-lambda-nodejs|chainguard\/node)(?::([\w.-]+))?$/.exec(
      name,
    );
  const inside = /(?:^|[/-])nodejs-?(\d+)/.exec(name);
  if (inside?.[1]) return { text: name, read: { majors: [Number(inside[1])], floating: false } };
  if (!family) return undefined;
  const tag = family[1] ?? 'latest';
  const pinned = name !== image;
  const read = readVersion(/^v?\d+(\.\d+)*/.exec(tag)?.[0] ?? tag.split('-')[0] ?? '') ?? {
    majors: knownMajors,
    floating: true,
  };
  return pinned && read.floating ? undefined : { text: name, read };
}
