import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { runbook } from './runbook.ts';

const rollback =
  '## Rolling back a deploy\n\n1. Find the last good tag: `git tag --sort=-creatordate`.\n2. Deploy it: `fly deploy --image registry/shop:<tag>`.\n3. Watch the error rate for ten minutes.\n\n';
const restore =
  '## Restoring the database\n\nBackups lie in the bucket shop-backups.\n\n```sh\naws s3 cp s3://shop-backups/latest.dump .\npg_restore --clean -d "$DATABASE_URL" latest.dump\n```\n\n';
const escalation =
  '## Escalation\n\n- Page the on-call engineer first.\n- After 30 minutes call the engineering lead, then the CTO.\n\n';
const others =
  '## Severity levels\n\n- SEV1: nobody can order.\n- SEV2: some orders fail.\n\n## Alerts\n\n- High error rate: see the dashboard, roll back.\n- Queue grows: the alert fires above 500 jobs.\n\n## Services and dependencies\n\n- api: the HTTP server, needs PostgreSQL and Redis.\n- worker: sends mail from the queue.\n';

export default defineCases(
  runbook,
  [
    {
      name: 'a runbook with steps',
      show: 'good',
      files: express({ 'docs/runbook.md': `# Runbook\n\n${rollback}${restore}${escalation}${others}` }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'how to develop, and nothing for an outage',
      show: 'bad',
      files: express({
        'README.md':
          '# Shop\n\n## Setup\n\n```sh\nnpm ci\nnpm run dev\n```\n\n## Troubleshooting\n\n- The port is taken: stop the other program.\n- The types are stale: run npm run build again.\n',
      }),
      expect: { verdict: 'fail', findings: ['- absent'] },
    },
    {
      name: 'a rollback alone',
      files: express({ 'docs/deploy.md': `# Deploying\n\n${rollback}` }),
      expect: { verdict: 'fail', findings: ['- partial'] },
    },
    {
      name: 'headings that nobody filled in',
      files: express({
        'docs/runbook.md': `# Runbook\n\n${rollback}${escalation}## Restore\n\nTODO\n`,
      }),
      expect: { verdict: 'fail', findings: ['- partial'] },
    },
    {
      name: 'the same words of another trade',
      files: express({
        'docs/features.md':
          '# Features\n\n## Restoring deleted items\n\n- Users open the bin and choose what to restore.\n- A backup copy stays for thirty days.\n\n## Privilege escalation\n\n- Only an owner can make another user an owner, by e-mail.\n- A team lead cannot.\n\n## Transaction rollback\n\n- A failed payment rolls the order back.\n- The previous version of the basket is kept.\n',
      }),
      expect: { verdict: 'fail', findings: ['- absent'] },
    },
    {
      name: 'a report that finds it missing',
      files: express({
        'docs/production-readiness-gaps.md': `# Gaps\n\n${rollback}${restore}${escalation}`,
        'docs/ops.md':
          '# Operations\n\n## No rollback procedure\n\n- Deploys cannot be undone.\n- Releases have no tags.\n',
      }),
      expect: { verdict: 'fail', findings: ['- absent'] },
    },
    {
      name: 'spread over several documents, in other forms',
      near: true,
      files: express({
        'README.md': `# Shop\n\n${rollback}`,
        'docs/backup.adoc':
          '= Backups\n\n== Disaster recovery\n\n. Fetch the last snapshot from the bucket of backups.\n. Start an empty database and load the dump into it with psql, then compare the number of rows with the report of the night before.\n. Point the service at the new database and restart every instance of it.\n',
        'ops/incidents.txt':
          'Incident response\n-----------------\n\n1. Whoever sees it first is in charge and opens a channel in Slack.\n2. Call the on-call engineer, then the owner of the service.\n',
      }),
      expect: { verdict: 'pass' },
    },
  ],
  { alwaysApplies: 'whatever runs for others can go down' },
);
