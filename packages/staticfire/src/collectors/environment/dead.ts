import type { Step } from '../../model/place.ts';
import type { CodeModel } from '../../code/model.ts';
import type { Service } from '../../facts/services.ts';

/** Why a file that holds a check is not live: who imports it, and which import is missing. */
export function deadTrail(
  model: CodeModel,
  service: Service,
  file: string,
  isTest: (file: string) => boolean,
): readonly Step[] {
  const [entry] = service.entries;
  const chain = climb(model, file, isTest);
  const steps = chain.slice(1).map((importer): Step => ({ note: `${importer} imports it`, at: { file: importer } }));
  const top = chain.at(-1) ?? file;
  return [
    ...steps,
    { note: `nothing that runs imports ${top}`, at: { file: top } },
    { note: `${entry.file} starts the service without it: ${entry.why}`, at: entry.at ?? { file: entry.file } },
  ];
}

/** From a file up through what imports it, tests apart, until nothing does. */
function climb(model: CodeModel, file: string, isTest: (file: string) => boolean): readonly string[] {
  const path = [file];
  for (let at: string | undefined = file; at !== undefined && path.length < 6;) {
    const next: string | undefined = model.importersOf(at).find((f) => !isTest(f) && !path.includes(f));
    if (next !== undefined) path.push(next);
    at = next;
  }
  return path;
}
