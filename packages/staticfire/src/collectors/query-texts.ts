import type { CodeModel } from '../code/model.ts';
import { lineOf } from '../code/summary.ts';
import { calls, sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { databases, isDatabase } from '../facts/databases.ts';
import { live } from '../facts/live.ts';
import { queryTexts, type QueryText, type QueryTexts } from '../facts/query-texts.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { flowOf } from './query-texts/flow.ts';
import type { Following } from './query-texts/frame.ts';
import { readLocals, type Locals } from './query-texts/locals.ts';
import { sendingsOf, type Sending } from './query-texts/senders.ts';
import { written } from './query-texts/words.ts';

export const queryTextsCollector = defineCollector({
  fact: queryTexts,
  needs: { calls, code, databases, live, sites },
  collect: ({ facts }) => {
    const packages = [...facts.calls.packages.keys()];
    const sendings = sendingsOf(
      facts.calls,
      packages.some((name) => /^(?:typeorm|@nestjs\/typeorm|@mikro-orm\/.+)$/.test(name)),
    );
    const following: Following = {
      model: facts.code,
      calls: facts.calls,
      sites: facts.sites,
      budget: 200_000,
      asking: new Set(),
      known: new Map(),
      localsOf: remembering(facts.code),
    };
    const store = facts.databases.stores.find((one) => isDatabase(one.layer) && one.layer !== 'mongo');
    return known<QueryTexts>({
      texts: sendings.flatMap((sending) => textOf(following, sending)),
      queries: sendings.length,
      files: facts.live.files.length,
      store: store?.package ?? '',
    });
  },
});

function remembering(model: CodeModel): Following['localsOf'] {
  const read = new Map<string, Locals>();
  return (file, fn) => {
    const key = `${file}\0${fn}`;
    const before = read.get(key);
    if (before) return before;
    const found = readLocals(model, file, fn);
    read.set(key, found);
    return found;
  };
}

function textOf(f: Following, { call, sure, text }: Sending): QueryText[] {
  if (text.k === 'str' || (text.k === 'template' && text.tag)) return [];
  const flow = flowOf(f, { file: call.file, fn: call.fn }, text);
  const at = { file: call.file, line: lineOf(call.expr.at) };
  // A text that came as a whole and might be no query says nothing.
  if (flow.k === 'fixed' || (!sure && !flow.joined)) return [];
  return [
    {
      by: call.path || call.name,
      at,
      fn: f.model.get(call.file)?.summary.functions[call.fn]?.name ?? '',
      made: flow.k,
      joined: flow.joined?.at ?? at,
      part: flow.joined?.part ?? written(text),
      trail: [...flow.steps, { note: `${call.path || call.name}() sends it`, at }],
    },
  ];
}
