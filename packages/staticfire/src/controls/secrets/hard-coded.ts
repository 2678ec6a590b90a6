import { literalCredentials, type LiteralCredential } from '../../facts/literal-credentials.ts';
import { secrets, type Secret } from '../../facts/secrets.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';

const messages = {
  key: {
    text: 'A {what} stands in this {home}{form}.',
    remedy: 'Revoke it, issue a new one and read it from the environment; the history keeps the old one.',
  },
  url: {
    text: 'A {what} for a host under {host} stands in this {home}.',
    remedy: 'Change the password and read the URL from the environment; the history keeps the old one.',
  },
  named: {
    text: '`{name}` has a real-looking {what} as its literal value in this {home}.',
    remedy: 'Revoke the value and read it from the environment or a secret store.',
  },
  accepted: {
    text: 'Live code lets in whoever sends a {kind} that stands in the program: `{name}` is compared with a literal.',
    remedy: 'Remove the way in, or compare with a secret from the environment and refuse when it is missing.',
  },
} as const;

type Said = Violation<typeof messages>;

const homes = {
  source: 'source file',
  script: 'script',
  document: 'document',
  workflow: 'workflow',
  config: 'configuration file',
  'database-script': 'database script',
} as const;

export const hardCoded = defineControl({
  id: 'secrets/hard-coded',
  area: 'secrets',
  scope: 'repository',
  title: {
    pass: 'No credential stands in source, documents or workflows',
    fail: 'Credentials stand in the repository',
  },
  why: 'A credential in a file is copied with each clone, fork, image and backup. It cannot be changed without a release, and it is the first thing that scanners look for.',
  failure:
    'Whoever reads the repository signs in to the database, the mail service or the service itself as a person with rights, and no log can tell them from you.',
  remedy: 'Revoke and replace each one, read it from the environment or a secret store, and scan each push.',
  done: 'No tracked file holds a value that looks like a working credential, and live code compares no credential with a literal.',
  severity: 'critical',
  confidence: 'likely',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://cwe.mitre.org/data/definitions/798.html',
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
    'https://github.com/secretlint/secretlint',
  ],
  needs: { literalCredentials, secrets },
  messages,
  evaluate({ literalCredentials: literals, secrets: found }): Verdict<typeof messages> {
    const real = found.list.filter((secret) => secret.weight !== 'doubtful');
    const violations = [...literals.list.map(accepted), ...real.map(violationOf)];
    const doubtful = found.list.length - real.length;
    return failOr<typeof messages>(violations, () => ({
      verdict: 'pass',
      evidence: [
        {
          searched: `keys, URLs with a password, private keys and named secrets in ${found.filesRead} tracked files; ${literals.comparisons} comparisons in live code`,
        },
      ],
      ...(doubtful > 0 ? { reason: `${doubtful} that look like samples were left out` } : {}),
    }));
  },
});

const accepted = ({ name, kind, at, constant }: LiteralCredential): Said => ({
  message: 'accepted',
  data: { name, kind },
  at,
  subject: name,
  severity: 'critical',
  trail: constant ? [{ note: 'the literal stands here', at: constant }] : [],
});

function violationOf(secret: Secret): Said {
  const home = homes[secret.home];
  const severity = secret.weight === 'live' ? 'critical' : 'major';
  const rest = { at: secret.at, severity, subject: secret.name || secret.what } as const;
  if (secret.kind === 'database-url')
    return { message: 'url', data: { what: secret.what, host: secret.name, home }, ...rest };
  if (secret.kind === 'password' || secret.kind === 'token')
    return { message: 'named', data: { name: secret.name, what: secret.what, home }, ...rest };
  return {
    message: 'key',
    data: { what: secret.what, home, form: secret.form === '…' ? '' : ` (${secret.form})` },
    ...rest,
  };
}
