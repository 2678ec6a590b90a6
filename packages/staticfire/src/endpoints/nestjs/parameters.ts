import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { Param } from '../../code/summary.ts';
import type { ChainLink } from '../../facts/endpoints.ts';
import { appliedBy } from './decorators.ts';
import { classLink } from './links.ts';

/** Which part of the request a parameter's decorator hands over. */
const partOf: ReadonlyMap<string, string> = new Map([
  ['Body', 'body'],
  ['Payload', 'body'],
  ['MessageBody', 'body'],
  ['Args', 'body'],
  ['UploadedFile', 'body'],
  ['UploadedFiles', 'body'],
  ['Query', 'query'],
  ['Param', 'params'],
  ['Headers', 'headers'],
]);

/** Pipes of parameters, and the classes that parameters are declared as: what a ValidationPipe checks them against. */
export function parameterLinks(code: CodeModel, { file, fn }: Spot, parent: number): readonly ChainLink[] {
  const params = code.get(file)?.summary.functions[fn]?.params ?? [];
  return params.flatMap((param) => {
    if (!param.decorators) return [];
    return appliedBy(code, file, parent, param.decorators).flatMap((one): readonly ChainLink[] => {
      const on = one.package.startsWith('@nestjs/') ? partOf.get(one.name) : undefined;
      if (on === undefined) return [];
      const pipes = one.args.filter((arg) => arg.k !== 'str' && arg.k !== 'obj' && arg.k !== 'template');
      return [
        ...pipes.map((expr) => ({ ...classLink(code, one, expr, 'pipe'), on })),
        ...declaredAs(code, file, parent, param, on),
      ];
    });
  });
}

/** Arrays, generics and interfaces leave nothing at run time to check against. */
function declaredAs(code: CodeModel, file: string, fn: number, { type }: Param, on: string): readonly ChainLink[] {
  const name = type?.trim() ?? '';
  if (!/^[A-Za-z_$][\w$.]*$/.test(name)) return [];
  const expr = { k: 'ref', path: name, at: 0 } as const;
  const origin = code.origin(file, fn, expr);
  return origin.kind === 'class' && !origin.member ? [{ file, fn, expr, role: 'validator', on }] : [];
}
