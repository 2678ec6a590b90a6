import type { CodeModel } from '../../code/model.ts';
import { byDefault, runsInProduction } from '../../code/production.ts';
import type { CallSite, FileSites } from '../../code/sites.ts';
import { lineOf } from '../../code/summary.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import type { Layer } from '../../facts/databases.ts';
import type { Migrations } from '../../facts/migrations.ts';
import type { Place } from '../../model/place.ts';
import type { Deployed } from './deploy.ts';
import { applying, applyingCalls, declaring, pushing, type Command } from './words.ts';

type Applied = Pick<Migrations, 'applied' | 'tested' | 'pushed' | 'declared'>;

interface Facts {
  readonly code: CodeModel;
  readonly calls: LiveCalls;
  readonly sites: (file: string) => FileSites;
  readonly liveFiles: readonly string[];
}

/** Who applies the migrations of a layer, and who changes the schema past them. */
export function appliedBy(facts: Facts, deployed: Deployed, layer: Layer): Applied {
  const serves = (one: { readonly layer: Layer | undefined }): boolean =>
    one.layer === undefined || one.layer === layer;
  const commands = applying.filter(serves);
  const lines = deployed.lines.flatMap((line) =>
    matching(commands, line.text).map((by) => ({ by, at: line.at, test: line.test })),
  );
  const programs = [...deployed.programs].flatMap(([file, from]) =>
    inProgram(facts, file, commands, serves).map((one) => ({ ...one, test: from.test })),
  );
  const all = [...lines, ...programs];
  return {
    applied: [...all.filter((one) => !one.test), ...inLiveCode(facts, commands, serves)].map(({ by, at }) => ({
      by,
      at,
    })),
    declared: deployed.lines.flatMap((line) => matching(declaring, line.text).map((by) => ({ by, at: line.at }))),
    tested: all.filter((one) => one.test).map(({ by, at }) => ({ by, at })),
    pushed: deployed.lines
      .filter((line) => !line.test)
      .flatMap((line) =>
        matching(pushing.filter(serves), line.text).map((by) => ({ by, at: line.at, trail: line.trail })),
      ),
  };
}

const matching = (commands: readonly Command[], text: string): string[] =>
  commands.filter((one) => one.pattern.test(text)).map((one) => one.by);

type Serves = (one: { readonly layer: Layer | undefined }) => boolean;

/** A script that a deploy runs: commands it starts, calls it makes, in it and in what it imports. */
function inProgram(
  facts: Facts,
  start: string,
  commands: readonly Command[],
  serves: Serves,
): { by: string; at: Place }[] {
  const seen = new Set<string>();
  const waiting = [start];
  const found: { by: string; at: Place }[] = [];
  for (let file = waiting.pop(); file !== undefined && seen.size < 40; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    found.push(...inFile(facts, file, commands, serves, facts.sites(file).calls));
    waiting.push(...facts.code.importsOf(file));
  }
  return found;
}

function inFile(
  facts: Facts,
  file: string,
  commands: readonly Command[],
  serves: Serves,
  calls: readonly CallSite[],
): { by: string; at: Place }[] {
  const started = [...facts.sites(file).strings].flatMap(([text, at]) =>
    matching(commands, text).map((by) => ({ by, at: { file, line: lineOf(at) } })),
  );
  return [...started, ...calls.flatMap((call) => callApplies(facts, call, serves))];
}

function callApplies(facts: Facts, call: CallSite, serves: Serves): { by: string; at: Place }[] {
  const at = { file: call.file, line: lineOf(call.expr.at) };
  if (call.path && applyingCalls.some((one) => serves(one) && one.pattern.test(call.path)))
    return [{ by: call.path, at }];
  if (call.name === 'up' && call.expr.callee.k === 'member' && /getMigrator/.test(JSON.stringify(call.expr.callee)))
    return [{ by: 'getMigrator().up', at }];
  if (call.name === 'runMigrations' || call.name === 'migrateToLatest') return [{ by: call.name, at }];
  if (call.name === 'migrate' || call.name === 'runner' || call.name === 'default') {
    const origin = facts.code.origin(call.file, call.fn, call.expr.callee);
    const migrator =
      origin.kind === 'package' &&
      (/migrator/.test(origin.subpath) ||
        /^(?:postgres-migrations|node-pg-migrate|marv|umzug|@blgc\/.*|pg-migrate)$/.test(origin.package));
    return migrator ? [{ by: `${call.name}() of ${origin.package}`, at }] : [];
  }
  return [];
}

/** What the service itself does at start. */
function inLiveCode(facts: Facts, commands: readonly Command[], serves: Serves): { by: string; at: Place }[] {
  const named = facts.calls.named(
    'runMigrations',
    'migrateToLatest',
    'migrate',
    'runner',
    'latest',
    'up',
    'runUpTo',
    'execSync',
    'exec',
    'spawn',
    'spawnSync',
    'execa',
    'execaCommand',
  );
  const calls = named.filter((call) => runsInProduction(facts.code, call, call.when) !== false);
  const started = calls.flatMap((call) =>
    /^(?:exec|spawn)/.test(call.name)
      ? matching(commands, wordsOf(call)).map((by) => ({ by, at: { file: call.file, line: lineOf(call.expr.at) } }))
      : callApplies(facts, call, serves),
  );
  return [...started, ...optionsThatRun(facts), ...handWritten(facts)];
}

const wordsOf = (call: CallSite): string =>
  call.expr.args
    .flatMap((arg) =>
      arg.k === 'str'
        ? [arg.v]
        : arg.k === 'template'
          ? arg.parts
          : arg.k === 'arr'
            ? arg.items.flatMap((item) => (item.k === 'str' ? [item.v] : []))
            : [],
    )
    .join(' ');

/** `migrationsRun: true` of TypeORM. */
function optionsThatRun(facts: Facts): { by: string; at: Place }[] {
  return facts.calls
    .settings('migrationsRun', 'autoRunMigrations', 'runMigrations')
    .filter((setting) => byDefault(facts.code, setting, setting.value) === true)
    .map((setting) => ({ by: `${setting.key}: true`, at: { file: setting.file, line: lineOf(setting.at) } }));
}

/** A runner of one's own: it reads a folder of migrations and sends what it reads to the database. */
function handWritten(facts: Facts): { by: string; at: Place }[] {
  return facts.calls.named('readdir', 'readdirSync', 'glob', 'globSync').flatMap((call) => {
    const file = facts.sites(call.file);
    const about = [...file.strings.keys()].some((text) => /migrations?/i.test(text));
    const sends = file.calls.some((one) =>
      /^(?:query|exec|execute|unsafe|raw|run|\$executeRawUnsafe|batch)$/.test(one.name),
    );
    return about && sends ? [{ by: 'its own runner', at: { file: call.file, line: lineOf(call.expr.at) } }] : [];
  });
}
