import { images, type Image, type Images } from '../../facts/images.ts';
import { service } from '../../facts/services.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  absent: {
    text: 'Other services of the repository have an image ({others}); nothing says how this one is built and started.',
    remedy: 'Add a Dockerfile for the service, or a file of the platform that starts it.',
    severity: 'minor',
    confidence: 'hint',
  },
  'lockfile-missing': {
    text: '`{command}` fails in the image: {names} is not in the build context `{context}`.',
    remedy: 'Build in the folder that holds the lockfile and copy it beside package.json before installing.',
  },
  'lockfile-ignored': {
    text: '`{command}` fails in the image: {file} leaves {names} out of the build context.',
    remedy: 'Take the lockfile out of the ignore file.',
  },
  'source-missing': {
    text: 'The build stops at COPY: `{source}` does not exist in the build context `{context}`.',
    remedy: 'Copy what exists, or build in the folder in which it does.',
  },
  'script-missing': {
    text: 'The image starts the script `{script}`, which no package.json has.',
    remedy: 'Start the built server directly, or add the script.',
  },
  'development-server': {
    text: 'The image starts a development server: `{command}`.',
    remedy: 'Build in an earlier stage and start the built server, for example CMD ["node", "dist/server.js"].',
  },
  'starts-nothing': {
    text: 'The last stage of {file} has neither CMD nor ENTRYPOINT: the container starts nothing of the service.',
    remedy: 'End the Dockerfile with the command that starts the server, in exec form.',
  },
} as const;

type Said = Violation<typeof messages>;

const development =
  /\b(?:nodemon|ts-node-dev|tsnd|next dev|nest start (?:--watch|--debug|-w)|tsx (?:watch|--watch)|node (?:[\w=-]+ )*--watch|remix dev|react-router dev|astro dev|nuxi? dev|webpack(?:-dev-server| serve)|vinxi dev|bun (?:run )?--(?:watch|hot)|wrangler dev|ng serve|react-scripts start|vite dev|next-remote-watch)\b|(?:^|&& |\n)vite(?: --[\w=.-]+(?: [\d.]+)?)*\s*(?:$|\n)/;

/** Does a link of the start run a development server? */
const startsDevelopment = (image: Image): Image['start'][number] | undefined =>
  image.start.find(
    (link) => development.test(link.script?.text ?? '') || (link.kind !== 'shell' && development.test(link.text)),
  );

export const image = defineControl({
  id: 'container/image',
  area: 'container',
  scope: 'service',
  title: {
    pass: 'The service has an image or a platform build that starts it',
    fail: 'The image of the service cannot be built or does not start its production server',
  },
  why: 'A service that is built and started from one committed description runs the same on every machine. A description that cannot be built, or starts a development server, is found out on the day of the deploy.',
  failure:
    'The build breaks half way, or the container comes up with a file watcher and a compiler in place of the server: slow, hungry and restarted at its first fault.',
  remedy:
    'Keep one Dockerfile for each service whose stages install from the lockfile, build, and start the built server.',
  done: 'Each deployable service has a Dockerfile whose sources and lockfile are in its build context and whose last stage starts the built server, or a file of its platform that does.',
  severity: 'major',
  confidence: 'likely',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://docs.docker.com/build/building/best-practices/',
    'https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md',
    'https://12factor.net/build-release-run',
  ],
  needs: { images, service },
  messages,
  evaluate({ images: found, service: own }): Verdict<typeof messages> {
    if (found.list.length > 0)
      return failOr<typeof messages>(found.list.flatMap(shortcomings), () => ({
        verdict: 'pass',
        evidence: evidenceOf(found.list),
      }));
    if (own.serverless)
      return {
        verdict: 'not-applicable',
        because: `its platform builds and starts it (${own.platforms.join(', ') || 'serverless'})`,
      };
    const start = found.platforms.find((process) => process.command ?? !process.serverless);
    if (start) return { verdict: 'pass', evidence: [{ ...start.at, note: `${start.platform} builds and starts it` }] };
    if (own.platforms.length > 0)
      return { verdict: 'not-applicable', because: `its platform builds and starts it (${own.platforms.join(', ')})` };
    return nothing(found);
  },
});

function nothing(found: Images): Verdict<typeof messages> {
  const [first] = found.shippedBeside;
  if (first === undefined)
    return {
      verdict: 'not-applicable',
      because: `no image or platform file starts it: ${found.total} Dockerfiles looked at, none of this service`,
    };
  const others = found.shippedBeside.slice(0, 3).join(', ');
  return {
    verdict: 'fail',
    violations: [
      {
        message: 'absent',
        data: { others },
        searched: `Dockerfiles and platform files of the service among ${found.total} Dockerfiles`,
        subject: 'image',
      },
    ],
  };
}

function shortcomings(found: Image): readonly Said[] {
  return [...installs(found), ...sources(found), ...starts(found)];
}

const installs = (found: Image): readonly Said[] =>
  found.installs.flatMap((install): Said[] => {
    const names = install.needs[0] ?? 'the lockfile';
    const data = {
      command: install.command,
      names,
      context: found.context.dir,
      file: found.context.ignore?.file ?? '.dockerignore',
    };
    const rest = { at: install.at, subject: install.command, trail: trailOf(found) };
    if (install.lockfile === 'missing') return [{ message: 'lockfile-missing', data, ...rest }];
    return install.lockfile === 'ignored' ? [{ message: 'lockfile-ignored', data, ...rest }] : [];
  });

const sources = (found: Image): readonly Said[] =>
  found.missing.map(({ source, at }) => ({
    message: 'source-missing',
    data: { source, context: found.context.dir },
    at,
    subject: source,
    trail: trailOf(found),
  }));

function starts(found: Image): readonly Said[] {
  if (found.start.length === 0 && isOfficial(found.end.image))
    return [
      { message: 'starts-nothing', data: { file: found.dockerfile.file }, at: found.end.stage.at, subject: 'start' },
    ];
  const lost = found.start.find((link) => link.script && link.script.text === undefined);
  if (lost?.script)
    return [
      {
        message: 'script-missing',
        data: { script: lost.script.name },
        at: lost.at,
        subject: lost.script.name,
        severity: 'major',
      },
    ];
  const link = startsDevelopment(found);
  if (!link) return [];
  const trail = link.script?.at ? [{ note: `the script ${link.script.name}`, at: link.script.at }] : [];
  return [{ message: 'development-server', data: { command: link.text }, at: link.at, subject: 'start', trail }];
}

/** Images of a runtime, whose own command is an interactive prompt. */
const isOfficial = (name: string): boolean =>
  /^(?:docker\.io\/(?:library\/)?)?(?:node|debian|ubuntu|alpine|oven\/bun|denoland\/deno)(?:[:@]|$)/.test(name);

const trailOf = (found: Image) => [
  {
    note: `built in ${found.context.dir}: ${found.context.why}`,
    ...(found.context.at ? { at: found.context.at } : {}),
  },
];

function evidenceOf([first, ...rest]: readonly Image[]): readonly [Evidence, ...Evidence[]] {
  const one = (found: Image): Evidence => ({
    ...(found.start.at(-1)?.at ?? found.end.stage.at),
    note: `${found.dockerfile.file}: ${found.why}`,
  });
  return first ? [one(first), ...rest.map(one)] : [{ searched: 'Dockerfiles' }];
}
