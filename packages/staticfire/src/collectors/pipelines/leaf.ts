import type { Obstacle, Purpose } from '../../facts/pipelines.ts';
import type { Place, Step as Trail } from '../../model/place.ts';
import type { Followed } from './followed.ts';
import { obstacleOf } from './obstacles.ts';
import type { Packages } from './packages.ts';
import { purposesOf } from './programs.ts';
import { surroundings } from './surroundings.ts';

/** A command at the end of all scripts, Makefiles and task runners. */
export interface Leaf {
  readonly command: string;
  readonly words: readonly string[];
  readonly purposes: readonly Purpose[];
  readonly dirs: readonly string[];
  readonly trail: readonly Trail[];
  readonly swallowed?: { readonly how: string; readonly at?: Place };
  readonly obstacle?: Obstacle;
  readonly hollow?: string;
}

export interface Frame {
  readonly packages: Packages;
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly trail: readonly Trail[];
  readonly depth: number;
  readonly seen: ReadonlySet<string>;
  readonly swallowed?: { readonly how: string; readonly at?: Place };
  /** The folder is not known: nothing is said about what is missing there. */
  readonly lost: boolean;
  /** Counts down over one expansion. */
  readonly budget: { left: number };
  /** Shared by all expansions. */
  readonly followed: Followed;
}

/** A call as written, and without its wrappers. */
export interface Written {
  readonly written: string;
  readonly inner: readonly string[];
  readonly fetched: boolean;
}

/** The leaf of a program that is followed no further. */
export function leafOf(from: Written, words: readonly string[], frame: Frame): Leaf {
  const purposes = purposesOf(words, surroundings(frame.packages, frame.dir));
  const more = installPurposes(words);
  const obstacle = frame.lost
    ? undefined
    : obstacleOf({ words, env: frame.env, dir: frame.dir, packages: frame.packages, fetched: from.fetched });
  const hollow = hollowness(words, frame);
  return {
    command: from.written,
    words,
    purposes: more.length > 0 ? more : purposes.length > 0 ? purposes : ['other'],
    dirs: [frame.dir],
    trail: frame.trail,
    ...swallowing(words, frame),
    ...(obstacle ? { obstacle } : {}),
    ...(hollow ? { hollow } : {}),
  };
}

/** Scanners that report and succeed unless they are told otherwise. */
const forgiving: Readonly<Record<string, string>> = { trivy: '--exit-code', grype: '--fail-on' };

function swallowing(words: readonly string[], frame: Frame): Pick<Leaf, 'swallowed'> {
  const flag = forgiving[words[0] ?? ''];
  const lenient = flag && !words.some((word) => word === flag || word.startsWith(`${flag}=`));
  const swallowed =
    frame.swallowed ?? (lenient ? { how: `it succeeds whatever it finds unless \`${flag}\` is set` } : undefined);
  return swallowed ? { swallowed } : {};
}

/** Package managers' own verbs. */
function installPurposes(words: readonly string[]): readonly Purpose[] {
  const [program = '', verb = '', second = ''] = words;
  if (!['npm', 'pnpm', 'yarn', 'yarnpkg', 'bun'].includes(program)) return [];
  if (verb === 'audit' || (verb === 'npm' && second === 'audit'))
    return words.includes('fix') || words.includes('signatures') ? ['other'] : ['audit'];
  const bareYarn =
    program.startsWith('yarn') &&
    (verb === '' || verb.startsWith('-')) &&
    !words.includes('--version') &&
    !words.includes('-v');
  if (bareYarn) return ['install'];
  if (words.includes('-g') || words.includes('--global')) return ['other'];
  return ['ci', 'install', 'i', 'clean-install', 'ic', 'install-clean', 'cit'].includes(verb) &&
    (second === '' || second.startsWith('-'))
    ? ['install']
    : ['other'];
}

const testFile =
  /(\.|-|_)(test|spec|e2e-spec|cy)\.[cm]?[jt]sx?$|(^|\/)(__tests__|tests?|e2e|cypress)\/.*\.[cm]?[jt]sx?$/;

/** A test run told to succeed without tests, in a folder without any. */
function hollowness(words: readonly string[], frame: Frame): string | undefined {
  if (!words.some((word) => /^--pass-?[wW]ith-?[nN]o-?[tT]ests(=true)?$/.test(word))) return undefined;
  const below = frame.dir === '.' ? '' : `${frame.dir}/`;
  const found = frame.packages.workspace.files.some((file) => file.path.startsWith(below) && testFile.test(file.path));
  return found
    ? undefined
    : `it passes without tests, and ${frame.dir === '.' ? 'the repository' : frame.dir} has no test file`;
}
