import { packageImports, type PackageImports } from '../../facts/package-imports.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';

const messages = {
  undeclared: {
    text: '{name} is imported and {manifest} does not declare it.',
    remedy: 'Add {name} to the dependencies of {manifest}, with the version that is installed now.',
  },
  above: {
    text: '{name} is declared in {above} alone, which is no workspace root of {manifest}.',
    remedy: 'Declare {name} in {manifest} as well, or make the folder a member of the workspace.',
    severity: 'note',
  },
  development: {
    text: '{name} is imported at run time and is only a development dependency, which the image leaves out.',
    remedy: 'Move {name} from devDependencies to dependencies.',
    severity: 'major',
  },
} as const;

type Said = Violation<typeof messages>;

export const undeclared = defineControl({
  id: 'supply-chain/undeclared',
  area: 'supply-chain',
  scope: 'service',
  title: {
    pass: 'Every package that live code imports is declared',
    fail: 'Live code imports packages that nobody declares',
  },
  why: 'A package that is there only because another one needs it has no version of its own. It changes or goes away with the other, and no lockfile review, update or vulnerability scan speaks of it.',
  failure:
    'An update of some other package moves or drops it, and the service that passed every test on one machine stops at its start with "Cannot find module".',
  remedy:
    'Declare each imported package in the package.json of the package that imports it, as a dependency where it runs.',
  done: 'Each package that a live file imports is a dependency of the package.json that governs the file, or of the root of its workspace.',
  severity: 'minor',
  confidence: 'likely',
  level: 'wired',
  stage: 'trial',
  since: '0.1.0',
  references: [
    'https://rushjs.io/pages/advanced/phantom_deps/',
    'https://pnpm.io/motivation#creating-a-non-flat-node_modules-directory',
    'https://docs.npmjs.com/cli/v11/configuring-npm/package-json#dependencies',
  ],
  needs: { packageImports },
  messages,
  evaluate({ packageImports: found }): Verdict<typeof messages> {
    if (found.packages === 0)
      return { verdict: 'not-applicable', because: `none of ${found.files} live files imports a package` };
    return failOr<typeof messages>([...undeclaredOf(found), ...leftOutOf(found)], () => passed(found));
  },
});

function passed(found: PackageImports): Verdict<typeof messages> {
  const names = [...new Set(found.hoisted.map((one) => one.name))];
  return {
    verdict: 'pass',
    evidence: [{ searched: `imports of ${found.packages} packages in ${found.files} live files` }],
    ...(names.length > 0
      ? {
          reason: `declared at the root of the workspace only: ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`,
        }
      : {}),
  };
}

function undeclaredOf(found: PackageImports): Said[] {
  return found.undeclared.map(({ above, at, lockfile, manifest, name, others }): Said => {
    const trail = [
      { note: `${name} is imported here`, at },
      ...others.slice(0, 2).map((place) => ({ note: 'and here', at: place })),
      { note: `${manifest} governs the file`, at: { file: manifest, line: 1 } },
      ...(lockfile ? [{ note: 'another package brings it', at: { file: lockfile } }] : []),
    ];
    const said = { at, subject: name, trail };
    return above
      ? { message: 'above', data: { name, manifest, above: above.file }, ...said }
      : { message: 'undeclared', data: { name, manifest }, ...said };
  });
}

function leftOutOf(found: PackageImports): Said[] {
  return found.leftOut.map(({ at, declared, name, omitted }) => ({
    message: 'development',
    data: { name },
    at,
    subject: name,
    trail: [
      { note: `${name} is imported here`, at },
      { note: 'declared among the development dependencies', at: declared },
      { note: 'the image leaves those out', at: omitted },
    ],
  }));
}
