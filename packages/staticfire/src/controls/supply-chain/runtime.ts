import { project } from '../../facts/project.ts';
import { type NodeSource, nodeRuntime } from '../../facts/runtime.ts';
import { services } from '../../facts/services.ts';
import { defineControl, failOr, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';
import { related, targetsOf } from '../ci/steps.ts';
import { endOfLife, isOver, supported } from './node-releases.ts';

const messages = {
  unpinned: {
    text: 'Nothing says which Node.js runs this: each machine and platform chooses its own.',
    remedy: `Pin it in one place that all others read: .nvmrc or engines in package.json, and the image. Supported are ${supported}.`,
  },
  'end-of-life': {
    text: '{where} Node.js {major}, which has had no security fixes since {date}.',
    remedy: `Move to a supported version: ${supported}.`,
  },
  'open-to-end-of-life': {
    text: 'Only engines speaks of Node.js, and `{range}` lets in {major}, which has had no security fixes since {date}.',
    remedy: `Pin the version that production runs, and raise the range. Supported are ${supported}.`,
  },
  conflict: {
    text: 'The sources disagree about Node.js: {sources}.',
    remedy: 'Choose one version and let the image, the pipeline and package.json say the same.',
  },
  floating: {
    text: '{where} whatever Node.js is newest (`{text}`), so a new major version arrives unasked.',
    remedy: 'Name the major version.',
    severity: 'minor',
  },
  'pin-ignored': {
    text: "The pipeline gives node-version {version} to {action}, which does not know it: the runner's own Node.js is used.",
    remedy: 'Use actions/setup-node in that step.',
    severity: 'minor',
  },
} as const;

type Found = Violation<typeof messages>;

export const runtime = defineControl({
  id: 'supply-chain/runtime',
  area: 'supply-chain',
  scope: 'repository',
  title: {
    pass: 'Node.js is pinned, the same everywhere, and supported',
    fail: 'Node.js is not pinned, differs, or is past its end of life',
  },
  why: 'A Node.js version past its end of life gets no security fixes, for anything from TLS to the HTTP parser. And a service tested on one major version and run on another is tested for a platform that it does not meet.',
  failure:
    'A vulnerability of the HTTP parser is published, and no fixed version exists for the major that production runs.',
  remedy: `Run a supported version (${supported}) and name it in the image, the pipeline and package.json alike.`,
  done: 'Image, pipeline, version file and package.json agree on a major version that is supported.',
  severity: 'major',
  confidence: 'proven',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://nodejs.org/en/about/previous-releases',
    'https://github.com/nodejs/Release',
    'https://nodejs.org/en/about/eol',
  ],
  needs: { nodeRuntime, project, services },
  messages,
  evaluate({ nodeRuntime: found, services: all, project: packages }) {
    if (packages.manifests.length === 0) return { verdict: 'not-applicable', because: 'there is no package.json' };
    if (found.other) return { verdict: 'not-applicable', because: `the repository runs on ${found.other}` };
    const roots = targetsOf(all);
    const sources = found.sources.filter((source) => roots.some((root) => governs(source, root)));
    const strong = sources.filter((source) => source.kind !== 'engines');
    const ignored = found.ignored.map((pin): Found => ({
      message: 'pin-ignored',
      data: { version: pin.text, action: pin.action },
      at: pin.at,
      subject: pin.action,
    }));
    if (sources.length === 0)
      return failOr<typeof messages>([unpinned, ...ignored], () => ({ verdict: 'not-applicable', because: '' }));
    const violations = [
      ...over(strong),
      ...(strong.length === 0 ? sources.flatMap(open) : []),
      ...conflicts(sources),
      ...strong.flatMap((source) => floating(source, strong)),
      ...ignored,
    ];
    return failOr(violations, () => ({ verdict: 'pass', evidence: proof(sources) }));
  },
});

const unpinned: Found = {
  message: 'unpinned',
  data: {},
  searched: 'engines, .nvmrc, .node-version, .tool-versions, mise, Volta, images, pipelines and platform files',
  subject: 'Node.js',
};

/** Version files and engines hold below their folder; images and pipelines for what they are made of. */
const governs = (source: NodeSource, root: string): boolean =>
  ['version-file', 'volta', 'engines'].includes(source.kind)
    ? source.dir === '.' || source.dir.startsWith('..') || source.dir === root || root.startsWith(`${source.dir}/`)
    : related(source.dir, root);

const words: Readonly<Record<NodeSource['kind'], string>> = {
  image: 'The image runs',
  platform: 'The platform runs',
  pipeline: 'The pipeline runs',
  'version-file': 'The version file names',
  volta: 'Volta pins',
  engines: 'engines names',
};

const place = ({ at }: NodeSource): string => `${at.file}${at.line ? `:${at.line}` : ''}`;

/** All versions that it lets in are over; one finding for each file, and one for all pipelines. */
function over(sources: readonly NodeSource[]): readonly Found[] {
  const dead = lines(sources).filter((group) =>
    group.every((source) => !source.floating && source.majors.every(isOver)),
  );
  const keys = [...new Set(dead.map(keyOf))];
  return keys.flatMap((key) => {
    const same = dead.filter((group) => keyOf(group) === key).flat();
    const [first] = same;
    const major = Math.max(...(first?.majors ?? [0]));
    if (!first) return [];
    return [
      {
        message: 'end-of-life' as const,
        data: { where: words[first.kind], major, date: endOfLife[major] ?? '' },
        at: first.at,
        subject: key,
        trail: same.slice(1, 12).map((source) => ({ note: `${place(source)} says ${source.text}`, at: source.at })),
      },
    ];
  });
}

const keyOf = (group: readonly NodeSource[]): string =>
  `${group[0]?.kind === 'pipeline' ? 'pipeline' : group[0]?.at.file} ${Math.max(...group.flatMap((source) => source.majors))}`;

/** The versions of a matrix stand on one line and count together. */
const lines = (sources: readonly NodeSource[]): readonly (readonly NodeSource[])[] =>
  [...new Set(sources.map(place))].map((at) => sources.filter((source) => place(source) === at));

function open(source: NodeSource): readonly Found[] {
  const [lowest] = source.majors;
  if (lowest === undefined || source.floating || !isOver(lowest)) return [];
  return [
    {
      message: 'open-to-end-of-life',
      data: { range: source.text, major: lowest, date: endOfLife[lowest] ?? '' },
      at: source.at,
      subject: source.at.file,
    },
  ];
}

/** No major that all of them let in. A matrix agrees when one of its versions does. */
function conflicts(sources: readonly NodeSource[]): readonly Found[] {
  const groups = lines(sources.filter((source) => !source.floating)).map((group) => ({
    majors: [...new Set(group.flatMap((source) => source.majors))],
    first: group[0],
  }));
  const [head, ...rest] = groups;
  const common = rest.reduce(
    (majors, group) => majors.filter((major) => group.majors.includes(major)),
    head?.majors ?? [],
  );
  if (!head?.first || common.length > 0) return [];
  const firsts = groups
    .flatMap(({ first }) => first ?? [])
    .filter(
      (source, index, all) =>
        all.findIndex((other) => other.text === source.text && other.kind === source.kind) === index,
    );
  const told = firsts.map((source) => `${place(source)} says ${source.text}`);
  return [
    {
      message: 'conflict',
      data: { sources: told.slice(0, 5).join(', ') },
      at: head.first.at,
      subject: 'Node.js',
      trail: firsts.map((source) => ({ note: `says ${source.text}`, at: source.at })).slice(0, 12),
    },
  ];
}

/** A floating tag of a pipeline is no risk while the image is pinned. */
function floating(source: NodeSource, strong: readonly NodeSource[]): readonly Found[] {
  const pinned = strong.some((other) => !other.floating && (other.kind === 'image' || other.kind === 'platform'));
  if (
    !source.floating ||
    (source.kind !== 'image' && pinned) ||
    (source.kind === 'version-file' && strong.some((other) => !other.floating))
  )
    return [];
  return [
    {
      message: 'floating',
      data: { where: words[source.kind], text: source.text },
      at: source.at,
      subject: source.at.file,
    },
  ];
}

function proof(sources: readonly NodeSource[]): [Evidence, ...Evidence[]] {
  return [
    { searched: `${sources.length} places that name a version of Node.js` },
    ...sources.slice(0, 8).map((source) => ({ ...source.at, note: source.text.slice(0, 60) })),
  ];
}
