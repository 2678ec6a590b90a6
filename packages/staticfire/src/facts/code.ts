import type { CodeModel } from '../code/model.ts';
import { defineFact } from '../model/fact.ts';

/** Every source file of the repository, parsed, summarised and linked. */
export const code = defineFact<CodeModel, 'repository'>({
  id: 'code',
  title: 'the linked source code',
  scope: 'repository',
});
