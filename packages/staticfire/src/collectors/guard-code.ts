import type { CodeModel } from '../code/model.ts';
import { asksItself, mayRefuse } from '../code/polarity/candidates.ts';
import { createConcern } from '../code/polarity/concern.ts';
import { declaredGuards } from '../code/polarity/declared.ts';
import { guardsIn, type Guard } from '../code/polarity/guard.ts';
import { createNames } from '../code/polarity/names.ts';
import { isSecretName } from '../code/polarity/settings.ts';
import { code } from '../facts/code.ts';
import { environmentCode } from '../facts/environment.ts';
import { guardCode } from '../facts/guards.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';

/** How many imports may lie between a guard and the file that reads its secret. */
const farthest = 3;

export const guardCodeCollector = defineCollector({
  fact: guardCode,
  needs: { code, environmentCode },
  collect({ facts }) {
    const near = filesNear(
      facts.code,
      new Set(facts.environmentCode.reads.filter((read) => isSecretName(read.name)).map((read) => read.at.file)),
    );
    const names = createNames(facts.code);
    const around = { model: facts.code, names, near, concern: createConcern(facts.code, names, near) };
    const made = new Map<string, readonly Guard[]>();
    const declared = new Map<string, readonly Guard[]>();
    const candidates = new Map<string, readonly number[]>();
    return known({
      candidates: (file) => {
        const found = candidates.get(file) ?? candidatesIn(facts.code, file, near.has(file));
        candidates.set(file, found);
        return found;
      },
      declared: (file) => {
        const found = declared.get(file) ?? declaredGuards(around, file);
        declared.set(file, found);
        return found;
      },
      in(file, fn) {
        const key = `${file}:${fn}`;
        const found = made.get(key) ?? guardsIn(around, { file, fn });
        made.set(key, found);
        return found;
      },
    });
  },
});

/** Functions that may turn a caller away, and for which a secret or the mode of the service is not far. */
function candidatesIn(model: CodeModel, file: string, isNear: boolean): readonly number[] {
  const functions = model.get(file)?.summary.functions ?? [];
  return functions.flatMap((func, fn) => (fn > 0 && (isNear || asksItself(func)) && mayRefuse(func) ? [fn] : []));
}

/** Files from which a secret can be reached. */
function filesNear(model: CodeModel, from: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set(from);
  let edge = [...found];
  for (let step = 0; step < farthest; step += 1) {
    edge = [...new Set(edge.flatMap((file) => model.importersOf(file)))].filter((file) => !found.has(file));
    for (const file of edge) found.add(file);
  }
  return found;
}
