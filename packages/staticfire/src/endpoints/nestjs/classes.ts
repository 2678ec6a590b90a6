import type { CodeModel } from '../../code/model.ts';
import type { Class, Expr, Member } from '../../code/summary.ts';

/** A class of the repository. */
export interface ClassSpot {
  readonly file: string;
  readonly cls: number;
}

export const keyOf = ({ file, cls }: ClassSpot): string => `${file}\0${cls}`;

export const classAt = (code: CodeModel, { file, cls }: ClassSpot): Class | undefined =>
  code.get(file)?.summary.classes[cls];

/** The class that an expression names. */
export function classOf(code: CodeModel, file: string, fn: number, expr: Expr): ClassSpot | undefined {
  const origin = code.origin(file, fn, expr);
  return origin.kind === 'class' && !origin.member ? { file: origin.file, cls: origin.cls } : undefined;
}

/** Own members and those of the classes above it that it does not override, each with the class that declares it. */
export function membersOf(
  code: CodeModel,
  spot: ClassSpot,
): readonly { readonly member: Member; readonly of: ClassSpot }[] {
  const found = new Map<string, { member: Member; of: ClassSpot }>();
  let at: ClassSpot | undefined = spot;
  for (let depth = 0; at && depth < 8; depth += 1) {
    const cls: Class | undefined = classAt(code, at);
    for (const member of cls?.members ?? []) if (!found.has(member.name)) found.set(member.name, { member, of: at });
    at = cls?.extends ? classOf(code, at.file, cls.parent, cls.extends) : undefined;
  }
  return [...found.values()];
}

/** A class with those above it, the uppermost first: their decorators hold for it too. */
export function ancestorsOf(code: CodeModel, spot: ClassSpot): readonly ClassSpot[] {
  const found: ClassSpot[] = [];
  for (let at: ClassSpot | undefined = spot; at && found.length < 8;) {
    found.unshift(at);
    const cls = classAt(code, at);
    at = cls?.extends && classOf(code, at.file, cls.parent, cls.extends);
  }
  return found;
}
