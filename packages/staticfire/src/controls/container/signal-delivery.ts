import { images, type Image, type Link } from '../../facts/images.ts';
import { service } from '../../facts/services.ts';
import { defineControl, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence, Step } from '../../model/place.ts';

const messages = {
  manager: {
    text: 'The container starts `{command}`: SIGTERM goes to {name}, which stands between it and the server.',
    remedy: 'Start the server itself in exec form, for example CMD ["node", "dist/server.js"].',
  },
  shell: {
    text: 'The container starts a shell (`{command}`): SIGTERM goes to the shell and not to the server.',
    remedy: 'Use the exec form, or put `exec` before the last command.',
  },
  script: {
    text: '{file} starts the server as a child of the shell: `{command}` has no `exec`.',
    remedy: 'Put `exec` before the command that starts the server.',
  },
} as const;

type Said = Violation<typeof messages>;

export const signalDelivery = defineControl({
  id: 'container/signal-delivery',
  area: 'container',
  scope: 'service',
  title: {
    pass: 'SIGTERM reaches the server in the container',
    fail: 'SIGTERM does not surely reach the server in the container',
  },
  why: 'The platform signals the first process of the container and no other. Package managers and shells that stand there pass the signal on late, or not at all.',
  failure:
    'Each deploy waits for the grace period and then kills the server: requests in flight are cut and the shutdown code never runs, however good it is.',
  remedy:
    'Let the server be the first process: exec form, or exec at the end of the start script, or an init that signals its whole group.',
  done: 'Every process between the start of the container and the server gives up its place or forwards signals.',
  severity: 'major',
  confidence: 'likely',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example',
    'https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#cmd',
    'https://cheatsheetseries.owasp.org/cheatsheets/NodeJS_Docker_Cheat_Sheet.html#5-properly-handle-events-to-safely-terminate-a-nodejs-docker-web-application',
  ],
  needs: { images, service },
  messages,
  evaluate({ images: found, service: own }): Verdict<typeof messages> {
    if (found.list.length === 0)
      return {
        verdict: 'not-applicable',
        because: own.serverless ? 'its platform starts and stops it' : 'no image ships it',
      };
    const started = found.list.filter((image) => image.start.some((link) => link.name !== 'init'));
    if (started.length === 0) return { verdict: 'not-applicable', because: 'its images start nothing of their own' };
    const [first, ...rest] = started.flatMap(judge);
    if (first) return { verdict: 'fail', violations: [first, ...rest] };
    const lost = started.flatMap((image) => image.start).find((link) => link.kind === 'lost');
    if (lost)
      return {
        verdict: 'unknown',
        because: `the start script ${lost.name} is not in the repository`,
        settle: 'Look into the image whether the script ends in `exec`.',
        evidence: [lost.at],
      };
    const [one, ...more] = started.map(evidenceOf);
    return { verdict: 'pass', evidence: one ? [one, ...more] : [{ searched: 'start commands' }] };
  },
});

function judge(image: Image): readonly Said[] {
  const group = image.start.findIndex((link) => link.kind === 'init' && link.passes);
  const found = image.start.findIndex((link) => link.kind !== 'init' && !link.passes);
  const link = image.start[found];
  return !link || (group !== -1 && group < found) ? [] : [violationOf(link, trailOf(image.start.slice(0, found + 1)))];
}

function violationOf(link: Link, trail: readonly Step[]): Said {
  const data = { command: short(link.text), name: link.name, file: link.at.file };
  const rest = { at: link.at, trail };
  if (link.kind === 'manager') return { message: 'manager', data, subject: link.name, ...rest };
  if (link.kind === 'script') return { message: 'script', data, subject: link.name, ...rest };
  return { message: 'shell', data, subject: 'shell', severity: isSingle(link.text) ? 'minor' : 'major', ...rest };
}

/** One command only: some shells give up their place to it. */
const isSingle = (text: string): boolean => !/&&|\|\||;|\n|\|/.test(text);

const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text).replaceAll(/\s+/g, ' ');

const trailOf = (links: readonly Link[]): readonly Step[] => [
  ...links.map((link) => ({
    note: `${link.kind === 'manager' ? 'package manager' : link.kind}: ${short(link.text)}`,
    at: link.at,
  })),
  ...(links.at(-1)?.script?.at
    ? [{ note: `runs the script ${links.at(-1)?.script?.name}`, at: links.at(-1)?.script?.at }]
    : []
  ).flatMap(({ note, at }) => (at ? [{ note, at }] : [])),
];

function evidenceOf(image: Image): Evidence {
  const last = image.start.at(-1);
  return {
    ...(last?.at ?? image.end.stage.at),
    note: `starts ${image.start
      .filter((link) => link.kind !== 'replacer')
      .map((link) => link.name)
      .join(' → ')}`,
  };
}
