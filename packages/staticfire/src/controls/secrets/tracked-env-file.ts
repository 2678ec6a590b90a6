import { envFiles, type EnvFile, type EnvVariable } from '../../facts/env-files.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  secret: {
    text: '{file} is in git and carries a real-looking value for {name}: {what}.',
    remedy:
      'Revoke the value and issue a new one, take the file out of git and ignore it; the history keeps the old value.',
  },
  template: {
    text: '{file} is a template to copy, and its {name} holds a {what}, not a placeholder.',
    remedy: 'Revoke the value and put a placeholder in its place.',
  },
} as const;

type Said = Violation<typeof messages>;

export const trackedEnvFile = defineControl({
  id: 'secrets/tracked-env-file',
  area: 'secrets',
  scope: 'repository',
  title: { pass: 'No env file in git carries a secret', fail: 'An env file in git carries a secret' },
  why: 'Everyone who ever gets a copy of the repository, a fork, a build cache or a laptop backup gets the secret with it, and git keeps it after it is deleted.',
  failure:
    'Strangers read the database, send mail or spend money in your name, with keys that are valid, from wherever they like.',
  remedy:
    'Revoke and replace what stands there, keep only a template with placeholders in git, and hand values to the service from the platform.',
  done: 'No env file in git, templates included, holds a value that looks like a working secret.',
  severity: 'critical',
  confidence: 'likely',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://cwe.mitre.org/data/definitions/540.html',
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
    'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository',
  ],
  needs: { envFiles },
  messages,
  evaluate({ envFiles: { list } }): Verdict<typeof messages> {
    const tracked = list.filter((file) => file.tracked && !file.encrypted);
    const violations = tracked.flatMap((file) =>
      file.variables.filter((variable) => variable.value === 'secret').map((variable) => violationOf(file, variable)),
    );
    return failOr<typeof messages>(violations, () => ({
      verdict: 'pass',
      evidence: evidenceOf(
        list.filter((file) => file.tracked),
        list.length,
      ),
    }));
  },
});

function violationOf(file: EnvFile, { name, line, what = 'secret', weight }: EnvVariable): Said {
  return {
    message: file.kind === 'template' ? 'template' : 'secret',
    data: { file: file.file, name, what },
    at: { file: file.file, line },
    subject: name,
    severity:
      weight !== 'live' && (what.startsWith('test ') || /dev|local/i.test(file.file) || file.kind === 'test')
        ? 'major'
        : 'critical',
  };
}

function evidenceOf([first, ...rest]: readonly EnvFile[], total: number): readonly [Evidence, ...Evidence[]] {
  const one = (file: EnvFile): Evidence => ({
    file: file.file,
    line: 1,
    note: `${file.variables.length} variables, none with a secret${file.encrypted ? ' in clear text' : ''}`,
  });
  return first ? [one(first), ...rest.map(one)] : [{ searched: `env files in git: none; ${total} on disk` }];
}
