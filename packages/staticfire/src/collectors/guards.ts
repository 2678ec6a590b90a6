import type { CodeModel } from '../code/model.ts';
import { scopeOf } from '../code/polarity/candidates.ts';
import type { Guard } from '../code/polarity/guard.ts';
import { isSecretName } from '../code/polarity/settings.ts';
import type { Site } from '../code/polarity/values.ts';
import { lineOf } from '../code/summary.ts';
import { code } from '../facts/code.ts';
import { environment } from '../facts/environment.ts';
import { guardCode, guards, type GuardFact } from '../facts/guards.ts';
import { live } from '../facts/live.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

export const guardsCollector = defineCollector({
  fact: guards,
  needs: { code, live, environment, guardCode },
  collect({ facts }) {
    const secrets = new Set(facts.environment.reads.map((read) => read.name).filter(isSecretName));
    const found: Guard[] = [];
    let functions = 0;
    for (const file of facts.live.files) {
      const runs = (fn: number): boolean => fn === 0 || facts.live.hasFunction(file, fn);
      found.push(...facts.guardCode.declared(file).filter((guard) => runs(guard.root.fn)));
      for (const fn of facts.guardCode.candidates(file)) {
        if (!facts.live.hasFunction(file, fn)) continue;
        functions += 1;
        found.push(...facts.guardCode.in(file, fn));
      }
    }
    return known({ list: distinct(facts.code, found), functions, secrets: secrets.size });
  },
});

/** One guard for each test and setting, however many functions lead to it. */
function distinct(model: CodeModel, found: readonly Guard[]): readonly GuardFact[] {
  const groups = new Map<string, Guard[]>();
  for (const guard of found) {
    const key = `${guard.test.file}:${guard.test.fn}:${guard.settings.join()}`;
    groups.set(key, [...(groups.get(key) ?? []), guard]);
  }
  return [...groups.values()]
    .map((group) => merged(model, group))
    .toSorted((a, b) => (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : (a.at.line ?? 0) - (b.at.line ?? 0)));
}

function merged(model: CodeModel, group: readonly Guard[]): GuardFact {
  const rank = { open: 0, unclear: 1, closed: 2 };
  const worst = group.toSorted((a, b) => rank[a.polarity] - rank[b.polarity])[0];
  if (!worst) throw new Error('a group of guards is never empty');
  return {
    scope: scope(model, worst.test.file, worst.test.fn),
    settings: worst.settings,
    polarity: worst.polarity,
    kind: worst.kind,
    forged: worst.forged,
    read: worst.read && place(worst.read),
    at: place(worst.test),
    passes: worst.passes && place(worst.passes),
    reached: group
      .filter((guard) => guard.polarity === worst.polarity)
      .map(({ root }) => ({
        scope: scope(model, root.file, root.fn),
        at: { file: root.file, line: lineOf(model.get(root.file)?.summary.functions[root.fn]?.at ?? 1024) },
      })),
  };
}

const place = ({ file, line }: Site): Place => ({ file, line });
const scope = (model: CodeModel, file: string, fn: number): string => {
  const summary = model.get(file)?.summary;
  return (summary && scopeOf(summary, fn)) || (file.split('/').at(-1) ?? file);
};
