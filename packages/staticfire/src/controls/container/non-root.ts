import { images, type Image } from '../../facts/images.ts';
import { service } from '../../facts/services.ts';
import { defineControl, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  absent: {
    text: 'The image runs as root: {file} sets no USER after `FROM {image}`.',
    remedy: 'Add `USER node`, or create a user of your own and name it, before the start command.',
  },
  root: {
    text: 'The image runs as root: USER is `{user}` when the last stage ends.',
    remedy: 'Go back to an unprivileged user before the start command.',
  },
  'compose-root': {
    text: 'The compose service {name} runs the image as `{user}`.',
    remedy: 'Take `user` out, or name an unprivileged user.',
  },
} as const;

type Judged =
  | { readonly evidence: Evidence }
  | { readonly violation: Violation<typeof messages> }
  | { readonly lost: string };

export const nonRoot = defineControl({
  id: 'container/non-root',
  area: 'container',
  scope: 'service',
  title: { pass: 'The image runs as an unprivileged user', fail: 'The image runs as root' },
  why: 'Whoever gets a foothold in the process has its rights. As root they can rewrite the program and its dependencies, install tools and reach for the host through a fault of the kernel or a mount.',
  failure:
    'A flaw in one dependency becomes control of the whole container, and on a shared host often of more than that. Clusters that forbid root refuse to start the image.',
  remedy: 'Name an unprivileged user in the last stage; official Node.js images bring one called node.',
  done: 'The last stage of each image ends with a USER that is not root, its base image sets one, or the orchestrator forbids root.',
  severity: 'major',
  confidence: 'proven',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://docs.docker.com/build/building/best-practices/#user',
    'https://cheatsheetseries.owasp.org/cheatsheets/NodeJS_Docker_Cheat_Sheet.html',
    'https://cwe.mitre.org/data/definitions/250.html',
  ],
  needs: { images, service },
  messages,
  evaluate({ images: found, service: own }): Verdict<typeof messages> {
    if (found.list.length === 0)
      return {
        verdict: 'not-applicable',
        because: own.serverless ? 'its platform starts it, there is no image' : 'no image ships it',
      };
    const judged = found.list.flatMap(judge);
    const violations = judged.flatMap((one) => ('violation' in one ? [one.violation] : []));
    const [first, ...rest] = violations;
    if (first) return { verdict: 'fail', violations: [first, ...rest] };
    const lost = judged.flatMap((one) => ('lost' in one ? [one.lost] : []));
    if (lost[0] !== undefined)
      return {
        verdict: 'unknown',
        because: lost[0],
        settle:
          'Name the user with USER in the last stage, or look at `docker inspect --format {{.Config.User}}` of the base image.',
      };
    const [one, ...more] = judged.flatMap((item) => ('evidence' in item ? [item.evidence] : []));
    return { verdict: 'pass', evidence: one ? [one, ...more] : [{ searched: 'users of the images' }] };
  },
});

function judge(image: Image): readonly Judged[] {
  const compose = image.compose.find((service) => service.user !== undefined && isRoot(service.user));
  if (compose)
    return [
      {
        violation: {
          message: 'compose-root',
          data: { name: compose.name, user: compose.user ?? '' },
          at: compose.at,
          subject: compose.name,
        },
      },
    ];
  return [judgeUser(image)];
}

function judgeUser(image: Image): Judged {
  const { user, stage, image: base } = image.end;
  if (user && user.name !== '' && !isRoot(user.name)) return { evidence: { ...user.at, note: `USER ${user.name}` } };
  const kept = keptFromRoot(image);
  if (kept) return { evidence: kept };
  if (user && user.name === '')
    return { lost: `USER of ${image.dockerfile.file} is a build argument without a default` };
  if (user)
    return { violation: { message: 'root', data: { user: user.name }, at: user.at, subject: image.dockerfile.file } };
  if (unprivileged.test(base)) return { evidence: { ...stage.at, note: `${base} runs as an unprivileged user` } };
  if (!runsAsRoot.test(base))
    return {
      lost: `${image.dockerfile.file} sets no USER, and which one its base image ${base || '(a build argument)'} sets is not known`,
    };
  return {
    violation: {
      message: 'absent',
      data: { file: image.dockerfile.file, image: base },
      at: stage.at,
      subject: image.dockerfile.file,
    },
  };
}

/** Compose, the orchestrator or the start script give the image another user. */
function keptFromRoot(image: Image): Evidence | undefined {
  const compose = image.compose.find((service) => service.user !== undefined && service.user !== '');
  if (compose) return { ...compose.at, note: `compose runs it as ${compose.user}` };
  const workload = image.workloads.find((found) => found.nonRoot);
  if (workload) return { ...workload.at, note: `${workload.kind} forbids root` };
  return image.stepsDown && { ...image.stepsDown, note: 'the start command gives up root' };
}

const isRoot = (user: string): boolean => /^(?:root|0+)(?::|$)/.test(user);

const unprivileged =
  /:nonroot|-nonroot\b|cgr\.dev\/|^chainguard\/|(?:^|\/)bitnami\/|-unprivileged|^dhi\.io\/|\/ubi\d+\/nodejs|puppeteer\/puppeteer|\brootless\b/;
/** Official images of runtimes and systems, also through mirrors; they leave the user at root. */
const runsAsRoot =
  /(?:^|\/)(?:node|bun|deno|debian|ubuntu|alpine|amazonlinux|fedora|rockylinux|centos|playwright|nodejs\d+(?:-debian\d+)?|nodejs|busybox|devcontainers\/[\w-]+|javascript-node|typescript-node)(?::(?!.*nonroot)|@|$)/;
