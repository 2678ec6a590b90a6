import { project } from '../../facts/project.ts';
import { type UpdateBot, updates as updateBots } from '../../facts/updates.ts';
import { defineControl, type Violation } from '../../model/control.ts';

const messages = {
  absent: {
    text: 'Nothing proposes updates of the dependencies.',
    remedy: 'Add .github/dependabot.yml with the ecosystem npm, or a Renovate configuration.',
  },
  idle: {
    text: '{tool} is configured and proposes no regular updates of these packages: {why}.',
    remedy: 'Mend {file}, then look for the first proposed update.',
  },
} as const;

type Found = Violation<typeof messages>;

export const updates = defineControl({
  id: 'supply-chain/updates',
  area: 'supply-chain',
  scope: 'repository',
  title: {
    pass: 'A bot proposes dependency updates',
    fail: 'Dependencies are only updated when someone thinks of it',
  },
  why: 'Small updates each week are cheap; three years at once are a project. When the next urgent advisory comes, the distance to the mended version decides whether it takes an hour or a month.',
  failure:
    'A severe vulnerability is mended only in a major version that nobody has moved to, and the service stays open for weeks.',
  remedy: 'Let Dependabot or Renovate propose updates and let the pipeline judge them.',
  done: 'Dependabot or Renovate is configured where its service reads it, for npm packages, and is switched on.',
  severity: 'minor',
  confidence: 'proven',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference',
    'https://docs.renovatebot.com/configuration-options/',
  ],
  needs: { project, updates: updateBots },
  messages,
  evaluate({ project: packages, updates: bots }) {
    const dependencies = packages.manifests.some(
      (manifest) => Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0,
    );
    if (!dependencies) return { verdict: 'not-applicable', because: 'no package.json declares a dependency' };
    const good = bots.find((bot) => !bot.idle);
    if (good) return { verdict: 'pass', evidence: [{ ...good.at, note: good.tool }] };
    const [first, ...rest] = bots.flatMap(violation);
    const absent: Found = {
      message: 'absent',
      data: {},
      searched: 'Dependabot and Renovate in all places that their services read',
      subject: 'updates',
    };
    return { verdict: 'fail', violations: [first ?? absent, ...rest] };
  },
});

const violation = (bot: UpdateBot): readonly Found[] =>
  bot.idle
    ? [
        {
          message: 'idle',
          data: { tool: bot.tool, why: bot.idle.text, file: bot.at.file },
          at: bot.at,
          subject: bot.at.file,
        },
      ]
    : [];
