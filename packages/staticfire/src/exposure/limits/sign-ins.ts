import { lineOf } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { SignIn } from '../../facts/exposure.ts';
import type { ExposureSite } from '../site.ts';
import type { Limits } from './index.ts';

const providers = /^(?:Credentials|CredentialsProvider)$/;

/** `CredentialsProvider({ authorize })` of Auth.js: its endpoint is the library's, its check is the repository's. */
export function signInsOf(site: ExposureSite, limits: Limits): readonly SignIn[] {
  return site.live.files.flatMap((file) => {
    const imports = site.code.get(file)?.head.imports ?? [];
    if (!imports.some(({ from }) => /^(?:next-auth|@auth)\//.test(from))) return [];
    return site.sites(file).calls.flatMap((call): SignIn[] => {
      if (!providers.test(call.name)) return [];
      const authorize = propOf(call.expr.args[0], 'authorize');
      const fn = authorize && site.code.origin(call.file, call.fn, authorize);
      if (fn?.kind !== 'function') return [];
      const name = propOf(call.expr.args[0], 'id') ?? propOf(call.expr.args[0], 'name');
      const text = name && site.code.literal(call.file, call.fn, name);
      return [
        {
          name: typeof text === 'string' ? `credentials sign-in (${text})` : 'credentials sign-in',
          at: { file, line: lineOf(call.expr.at) },
          limits: limits.inFunction({ file: fn.file, fn: fn.fn }),
        },
      ];
    });
  });
}
