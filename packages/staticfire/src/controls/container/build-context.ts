import { bringing, bringsAll, excludes } from '../../facts/build-context.ts';
import { envFiles, type EnvFiles } from '../../facts/env-files.ts';
import { images, type Image } from '../../facts/images.ts';
import { service } from '../../facts/services.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  absent: {
    text: 'The build context `{context}` has no .dockerignore: {what} are sent with every build{copied}.',
    remedy: 'Add {context}/.dockerignore with at least .git, node_modules and .env*.',
  },
  partial: {
    text: '{file} does not leave out {what}{copied}.',
    remedy: 'Add {what} to {file}; a pattern without `**/` holds at the top of the context only.',
  },
} as const;

export const buildContext = defineControl({
  id: 'container/build-context',
  area: 'container',
  scope: 'service',
  title: {
    pass: 'The build context leaves out secrets, history and dependencies',
    fail: 'The build context holds what must not reach an image',
  },
  why: 'What is in the build context can reach a layer, and layers are pushed to registries and kept. The history brings every secret that was ever committed, node_modules brings binaries of another machine.',
  failure:
    'A local .env with working keys, or the whole history, is found in a published image; or a native module built for a laptop crashes the container.',
  remedy: 'Keep a .dockerignore in the folder that is built, with .git, node_modules and .env* in it.',
  done: 'The ignore file in force for each image leaves out .git, node_modules and .env, also in the folder of the service.',
  severity: 'minor',
  confidence: 'proven',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://docs.docker.com/build/concepts/context/#dockerignore-files',
    'https://cheatsheetseries.owasp.org/cheatsheets/NodeJS_Docker_Cheat_Sheet.html',
    'https://cwe.mitre.org/data/definitions/538.html',
  ],
  needs: { envFiles, images, service },
  messages,
  evaluate({ envFiles: env, images: found, service: own }): Verdict<typeof messages> {
    if (found.list.length === 0)
      return { verdict: 'not-applicable', because: own.serverless ? 'its platform builds it' : 'no image ships it' };
    const built = found.list.filter(
      (image) => !image.context.lost && copies(image).some((copy) => copy.from === undefined),
    );
    if (built.length === 0)
      return { verdict: 'not-applicable', because: 'nothing is copied from a folder of the repository' };
    return failOr<typeof messages>(
      distinct(built).flatMap((image) => judge(image, own.root, env)),
      () => ({ verdict: 'pass', evidence: evidenceOf(built) }),
    );
  },
});

const copies = (image: Image) => image.dockerfile.stages.flatMap((stage) => stage.copies);

/** One image for each ignore file or folder without one. */
const distinct = (list: readonly Image[]): readonly Image[] =>
  [
    ...new Map(list.toReversed().map((image) => [image.context.ignore?.file ?? image.context.dir, image])).values(),
  ].toReversed();

function judge(image: Image, root: string, env: EnvFiles): readonly Violation<typeof messages>[] {
  const missing = required(image, root, env).filter((path) => !excludes(image.context, path));
  if (missing.length === 0) return [];
  const what = missing.map((path) => `\`${path}\``).join(', ');
  const { dir, ignore } = image.context;
  const secret = missing
    .filter((path) => path.endsWith('.env'))
    .map((path) => bringing(copies(image), path))
    .find((copy) => copy !== undefined);
  const copied = secret
    ? `, and line ${secret.at.line ?? 0} of ${image.dockerfile.file} copies the env file into a layer`
    : '';
  const shipped = secret !== undefined && image.end.copies.includes(secret);
  const rest = { severity: shipped ? 'major' : 'minor', subject: missing.join(' '), trail: trailOf(image) } as const;
  if (!ignore)
    return [
      {
        message: 'absent',
        data: { context: dir, what, copied },
        searched: `${dir}/.dockerignore and ${image.dockerfile.file}.dockerignore`,
        ...rest,
      },
    ];
  return [
    { message: 'partial', data: { file: ignore.file, what, copied }, at: { file: ignore.file, line: 1 }, ...rest },
  ];
}

/** What no context should hold; in the folder of the service where env files are kept there and it is copied. */
function required(image: Image, root: string, env: EnvFiles): readonly string[] {
  const { dir, gitRoot } = image.context;
  const inner = dir === '.' ? root : root.startsWith(`${dir}/`) ? root.slice(dir.length + 1) : '.';
  const kept = env.list.some((file) => file.dir === root && file.kind !== 'test');
  const nested = inner === '.' || !kept ? [] : [`${inner}/.env`].filter((path) => bringing(copies(image), path));
  return [...(gitRoot ? ['.git'] : []), 'node_modules', '.env', ...nested];
}

const trailOf = (image: Image) => {
  const all = bringsAll(copies(image));
  return [
    {
      note: `built in ${image.context.dir}: ${image.context.why}`,
      ...(image.context.at ? { at: image.context.at } : {}),
    },
    ...(all ? [{ note: 'the whole context is copied here', at: all.at }] : []),
  ];
};

function evidenceOf([first, ...rest]: readonly Image[]): readonly [Evidence, ...Evidence[]] {
  const one = (image: Image): Evidence => ({
    file: image.context.ignore?.file ?? image.dockerfile.file,
    line: 1,
    note: `in force for ${image.dockerfile.file}`,
  });
  return first ? [one(first), ...rest.map(one)] : [{ searched: 'ignore files of the build contexts' }];
}
