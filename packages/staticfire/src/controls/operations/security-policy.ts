import { securityPolicy as policyFact } from '../../facts/security-policy.ts';
import { defineControl, type Verdict } from '../../model/control.ts';

const messages = {
  absent: {
    text: 'Nothing in the repository says how to report a vulnerability.',
    remedy: 'Add SECURITY.md at the root with an address or form for reports and the time in which you answer.',
  },
  unfilled: {
    text: '{file} is still the template: it names no way to report.',
    remedy: 'Put the address or form for reports in.',
  },
  silent: {
    text: '{file} names no way to report a vulnerability: no address, form or private advisory.',
    remedy: 'Add the address or form for reports.',
  },
} as const;

export const securityPolicy = defineControl({
  id: 'operations/security-policy',
  area: 'operations',
  scope: 'repository',
  title: {
    pass: 'A security policy says how to report a vulnerability',
    fail: 'No security policy says how to report a vulnerability',
  },
  why: 'Most flaws are found by people outside. With no place to go they tell everyone, or no one.',
  failure:
    'A finder writes to a general address, hears nothing for weeks and publishes; you read of it with everybody else.',
  remedy: 'Add a SECURITY.md where the platform shows it, with a private way to report and what the finder can expect.',
  done: 'SECURITY.md at the root, in .github or in docs names a private way to report.',
  severity: 'minor',
  confidence: 'proven',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://docs.github.com/en/code-security/getting-started/adding-a-security-policy-to-your-repository',
    'https://www.rfc-editor.org/rfc/rfc9116',
    'https://cheatsheetseries.owasp.org/cheatsheets/Vulnerability_Disclosure_Cheat_Sheet.html',
  ],
  needs: { policy: policyFact },
  messages,
  evaluate({ policy }): Verdict<typeof messages> {
    const good = policy.documents.find((document) => document.contact && !document.unfilled);
    if (good?.contact) return { verdict: 'pass', evidence: [{ ...good.contact, note: 'a way to report' }] };
    const [found] = policy.documents;
    const searched = `${policy.searched.join('; ')}${policy.elsewhere.length > 0 ? `; ${policy.elsewhere.slice(0, 2).join(', ')} is where nobody looks` : ''}`;
    if (!found)
      return { verdict: 'fail', violations: [{ message: 'absent', data: {}, searched, subject: 'SECURITY.md' }] };
    const message = found.unfilled ? 'unfilled' : 'silent';
    return {
      verdict: 'fail',
      violations: [{ message, data: { file: found.file }, at: { file: found.file, line: 1 }, subject: 'SECURITY.md' }],
    };
  },
});
