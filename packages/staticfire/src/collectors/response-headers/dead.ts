import { posix } from 'node:path';
import type { CodeModel } from '../../code/model.ts';
import type { FileSites } from '../../code/sites.ts';
import { lineOf } from '../../code/summary.ts';
import type { LiveCode, Reach } from '../../facts/live.ts';
import type { Service } from '../../facts/services.ts';
import { found, merged, type Found } from './found.ts';
import { headersIn, settingNames } from './handwritten.ts';

interface Facts {
  readonly code: CodeModel;
  readonly live: LiveCode;
  readonly reach: Reach;
  readonly service: Service;
  readonly sites: (file: string) => FileSites;
}

const telling = /middleware|proxy|header|helmet|secur|csp|server|app|main|edge/i;

/** Headers set in files of the service that nothing live loads, or in functions that nothing live calls. */
export function dead(facts: Facts): Found {
  const { root } = facts.service;
  const files = facts.code.files.filter(
    (file) => (root === '.' || file.startsWith(`${root}/`)) && telling.test(posix.basename(file)),
  );
  return merged(
    files.flatMap((file) =>
      facts.live.has(file)
        ? uncalled(facts, file)
        : facts.reach.roleOf(file) === 'unreached'
          ? inFile(facts, file, 'nothing live loads this file')
          : [],
    ),
  );
}

function inFile(facts: Facts, file: string, why: string, only?: (fn: number) => boolean): Found[] {
  const calls = facts.sites(file).calls.filter((call) => settingNames.includes(call.name) && (only?.(call.fn) ?? true));
  return calls.flatMap((call) =>
    headersIn(facts.code, facts.sites, call).map((one) =>
      found(one.headers, 'code of the service', { file, line: lineOf(one.at) }, why),
    ),
  );
}

const uncalled = (facts: Facts, file: string): Found[] =>
  inFile(
    facts,
    file,
    'nothing live calls the function it stands in',
    (fn) => fn !== 0 && !facts.live.hasFunction(file, fn),
  );
