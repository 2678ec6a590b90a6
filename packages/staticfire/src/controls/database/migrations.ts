import { migrations as fact, type MigrationGap, type Migrations } from '../../facts/migrations.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';

const messages = {
  absent: {
    text: 'Live code reaches its database with {layer}, and there are no versioned migrations.',
    remedy: 'Write the schema as migrations, from the first table on, and commit them.',
  },
  uncreated: {
    text: '{missing} of {of} tables of the schema are created by no migration in {dir}: {names}.',
    remedy: 'Generate the missing migrations and check them on an empty database.',
  },
  unfiled: {
    text: 'The journal of the migrations names {names}, which is not there: migrating stops with an error.',
    remedy: 'Restore the file, or generate the migrations again from the last one that exists.',
  },
  unjournalled: {
    text: 'Migrations that are not in the journal never run: {names}.',
    remedy: 'Generate them with the tool so that the journal knows them, or remove them.',
  },
  ambiguous: {
    text: 'Several migrations carry the same number, so that their order is open: {names}.',
    remedy: 'Give each its own number, in the order in which production has run them.',
  },
  unapplied: {
    text: 'Nothing that deploys or starts the service applies the migrations in {dir} ({count}).',
    remedy: 'Apply them in the deploy, before the new version takes traffic.',
    confidence: 'likely',
  },
  pushed: {
    text: 'A deploy changes the schema by {by}: with no version, no review and no way back.',
    remedy: 'Apply migrations there instead.',
  },
} as const;

type Said = Violation<typeof messages>;

export const migrations = defineControl({
  id: 'database/migrations',
  area: 'database',
  scope: 'service',
  title: {
    pass: 'The schema is versioned and deploys apply it',
    fail: 'The schema of the database is not under control',
  },
  why: 'The schema is part of the program. When its changes are not written as ordered, committed steps that each deploy applies, nobody can say which schema a version needs or how production came to have the one it has.',
  failure:
    'A deploy starts against tables that lack a column, and every request that touches them fails. Or a push drops a column with the data in it.',
  remedy:
    'Keep every change as a migration in the repository and apply pending ones in the deploy, before the new version starts.',
  done: 'Committed migrations create every table of the schema, and a step of the deploy or the start of the service applies them.',
  severity: 'major',
  confidence: 'proven',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://www.prisma.io/docs/orm/prisma-client/deployment/deploy-database-changes-with-prisma-migrate',
    'https://orm.drizzle.team/docs/migrations',
    'https://typeorm.io/docs/advanced-topics/migrations',
  ],
  needs: { migrations: fact },
  messages,
  evaluate({ migrations: found }): Verdict<typeof messages> {
    const [declared, ...more] = found.declared.map((one) => ({ ...one.at, note: `brings the schema in: ${one.by}` }));
    if (declared) return { verdict: 'pass', evidence: [declared, ...more.slice(0, 2)] };
    const violations = [
      ...existence(found),
      ...found.gaps.map((gap) => ofGap(gap, found)),
      ...application(found),
      ...pushes(found),
    ];
    return failOr<typeof messages>(violations, () => {
      const sets = found.sets.slice(0, 3).map((set) => ({ ...set.at, note: `${set.count} migrations in ${set.dir}` }));
      const [applied] = found.applied;
      return {
        verdict: 'pass',
        evidence: applied
          ? [{ ...applied.at, note: `applies them: ${applied.by}` }, ...sets]
          : [{ searched: found.searched }, ...sets],
      };
    });
  },
});

function existence(found: Migrations): Said[] {
  if (found.sets.length > 0) return [];
  const trail = [{ note: 'live code reaches the database here', at: found.store }];
  return [
    {
      message: 'absent',
      data: { layer: found.layer === 'sql' || found.layer === 'embedded' ? 'SQL' : found.layer },
      searched: 'folders of migrations in the repository',
      subject: 'migrations',
      trail,
    },
  ];
}

function ofGap(gap: MigrationGap, found: Migrations): Said {
  const shown = gap.names.slice(0, 6).join(', ') + (gap.names.length > 6 ? ', …' : '');
  const dir = found.sets[0]?.dir ?? '';
  const at = gap.at;
  switch (gap.kind) {
    case 'uncreated':
      return {
        message: 'uncreated',
        data: { missing: gap.names.length, of: gap.of, dir, names: shown },
        at,
        subject: 'tables',
      };
    case 'unfiled':
      return { message: 'unfiled', data: { names: shown }, at, subject: 'journal' };
    case 'unjournalled':
      return { message: 'unjournalled', data: { names: shown }, at, subject: 'journal' };
    case 'ambiguous':
      return { message: 'ambiguous', data: { names: shown }, at, subject: 'order' };
  }
}

function application(found: Migrations): Said[] {
  const [set] = found.sets;
  if (!set || found.applied.length > 0) return [];
  const count = found.sets.reduce((sum, one) => sum + one.count, 0);
  const trail = [
    ...found.tested.slice(0, 1).map((one) => ({ note: `${one.by} runs here, for tests only`, at: one.at })),
    { note: `searched: ${found.searched}` },
  ];
  return [{ message: 'unapplied', data: { count, dir: set.dir }, at: set.at, subject: 'deploy', trail }];
}

/** Where migrations are applied as well, a push is the way of some other environment. */
function pushes(found: Migrations): Said[] {
  const real = found.pushed.filter((one) => found.applied.length === 0 || one.by === 'synchronize: true');
  return real
    .slice(0, 3)
    .map((one) => ({ message: 'pushed', data: { by: one.by }, at: one.at, subject: one.by, trail: one.trail }));
}
