import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { securityPolicy } from './security-policy.ts';

export default defineCases(
  securityPolicy,
  [
    {
      name: 'an address for reports',
      show: 'good',
      files: express({ 'SECURITY.md': '# Security\n\nWrite to security@shop.dev; we answer within two days.\n' }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'nothing',
      show: 'bad',
      files: express({ 'README.md': '# Shop\n\n## Security\n\nWe hash passwords with argon2.\n' }),
      expect: { verdict: 'fail', findings: ['- absent'] },
    },
    {
      name: 'the template of the platform',
      files: express({
        'SECURITY.md':
          '# Security Policy\n\n## Reporting a Vulnerability\n\nUse this section to tell people how to report a vulnerability.\n',
      }),
      expect: { verdict: 'fail', findings: ['SECURITY.md:1 unfilled'] },
    },
    {
      name: 'measures without a way to report',
      files: express({
        'SECURITY.md': '# Security\n\nAll traffic is encrypted, passwords are hashed, sessions expire.\n',
      }),
      expect: { verdict: 'fail', findings: ['SECURITY.md:1 silent'] },
    },
    {
      name: 'in the folder of a module',
      files: express({ 'src/auth/SECURITY.md': 'Write to security@shop.dev\n' }),
      expect: { verdict: 'fail', findings: ['- absent'] },
    },
    {
      name: 'in .github, by private advisory',
      near: true,
      files: express({ '.github/SECURITY.md': 'Report at https://github.com/acme/shop/security/advisories/new\n' }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'security.txt',
      near: true,
      files: express({
        'public/.well-known/security.txt': 'Contact: mailto:security@shop.dev\nExpires: 2030-01-01T00:00:00Z\n',
      }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'a section of the README',
      near: true,
      files: express({ 'README.md': '# Shop\n\n## Reporting security issues\n\nMail security@shop.dev\n' }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'above the audited folder',
      near: true,
      below: 'app',
      files: {
        'SECURITY.md': 'Write to security@shop.dev for anything.\n',
        ...Object.fromEntries(Object.entries(express({})).map(([path, text]) => [`app/${path}`, text])),
      },
      expect: { verdict: 'pass' },
    },
  ],
  { alwaysApplies: 'whoever runs a service can be told of a flaw in it' },
);
