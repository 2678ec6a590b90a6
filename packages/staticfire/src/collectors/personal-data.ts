import { callReach, calls } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { endpoints } from '../facts/endpoints.ts';
import { live, reachability } from '../facts/live.ts';
import { personalData, type PersonTable } from '../facts/personal-data.ts';
import { schedules } from '../facts/schedules.ts';
import { service, services } from '../facts/services.ts';
import { tables } from '../facts/tables.ts';
import { tableUses } from '../facts/table-uses.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { deadErasuresOf, erasedElsewhere, erasuresOf, type Ground } from './personal/erasures.ts';
import { exportsOf } from './personal/exports.ts';
import { createWays } from './personal/reached.ts';
import { isAccount, isPersonal } from './personal/words.ts';

export const personalDataCollector = defineCollector({
  fact: personalData,
  needs: { callReach, calls, code, endpoints, live, reachability, schedules, service, services, tables, tableUses },
  collect: ({ facts: found }) => {
    const facts: Ground = { ...found, ways: createWays(found.code, found.callReach, found.live.files) };
    const accounts = facts.tables.list.filter(isAccount);
    const persons = accounts.flatMap((table): readonly PersonTable[] =>
      isFilled(facts, table) ? [{ table, personal: table.columns.filter(isPersonal).map(({ name }) => name) }] : [],
    );
    const empty = persons.length === 0 || facts.endpoints.list.length === 0;
    const erasures = empty ? [] : erasuresOf(facts, persons);
    return known({
      persons: empty ? [] : persons,
      erasures,
      elsewhere: empty || erasures.length > 0 ? undefined : erasedElsewhere(facts, persons),
      deadErasures: empty ? [] : deadErasuresOf(facts, persons),
      ...(empty ? { exports: [], otherExports: [] } : exportsOf(facts, persons)),
      none: empty ? whyNone(facts, accounts.length, persons.length) : undefined,
      searched: `what ${facts.endpoints.list.length} endpoints reach, ${facts.schedules.list.length} schedules and the settings of libraries that keep accounts, for ${persons.map(({ table }) => table.table).join(' and ')}`,
    });
  },
});

/** Libraries that fill the tables of accounts themselves. */
const keepers =
  /^(?:next-auth|@auth\/[\w-]+|better-auth|lucia|@lucia-auth\/[\w-]+|@next-auth\/[\w-]+|supertokens-node)$/;

/** Does live code of this service change accounts, rather than only read what another service keeps? */
const isFilled = ({ tableUses: uses, calls: liveCalls }: Ground, table: PersonTable['table']): boolean =>
  uses.live.some((use) => use.table === table && use.deed !== 'read') ||
  [...liveCalls.packages.keys()].some((name) => keepers.test(name));

function whyNone({ tables: all, endpoints: served }: Ground, accounts: number, filled: number): string {
  if (all.list.length === 0) return 'The repository declares no table of this service';
  if (accounts === 0) return `None of ${all.list.length} tables holds accounts of people`;
  return filled === 0 || served.list.length > 0
    ? 'Live code of this service only reads the accounts of people: another one keeps them'
    : 'The service has no endpoint by which a person could ask';
}
