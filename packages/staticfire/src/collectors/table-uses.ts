import { sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { live } from '../facts/live.ts';
import { tableUses, type TableUse } from '../facts/table-uses.ts';
import { tables } from '../facts/tables.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { useOfCall } from './table-uses/calls.ts';
import { usesOfStatement } from './table-uses/statements.ts';

export const tableUsesCollector = defineCollector({
  fact: tableUses,
  needs: { code, live, sites, tables },
  collect({ facts }) {
    const found = new Map<string, readonly TableUse[]>();
    const usesIn = (file: string): readonly TableUse[] => {
      const before = found.get(file);
      if (before) return before;
      const { calls, statements } = facts.sites.of(file);
      const uses = [
        ...calls.flatMap((call) => useOfCall(facts.code, facts.tables, call) ?? []),
        ...statements.flatMap((statement) => usesOfStatement(facts.tables, statement)),
      ];
      found.set(file, uses);
      return uses;
    };
    const { list } = facts.tables;
    return known({
      in: usesIn,
      live:
        list.length === 0
          ? []
          : facts.live.files.flatMap((file) =>
              usesIn(file).filter(({ fn }) => fn === 0 || facts.live.hasFunction(file, fn)),
            ),
    });
  },
});
