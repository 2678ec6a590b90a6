import type { CodeModel } from '../../code/model.ts';
import type { Expr } from '../../code/summary.ts';
import type { TableUse, Written } from '../../facts/table-uses.ts';
import { isPersonal, snake } from './words.ts';

/** Does an update overwrite what tells who the row is about with something that tells nothing? */
export function anonymises(model: CodeModel, use: TableUse): boolean {
  if (use.deed !== 'update') return false;
  const hit = use.writes.filter(
    (written) =>
      isPersonal({ name: written.column, column: written.column, type: '', optional: true, at: use.at }) ||
      /^(?:user_?)?(?:name|id)$/.test(snake(written.column)),
  );
  return hit.some((written) => telling(written.column) && isBlank(model, use, written));
}

const telling = (column: string): boolean => /e_?mail|phone|name|ip|agent|user|actor/i.test(column);

/** NULL, a literal, a text made around one, something random. */
function isBlank(model: CodeModel, use: TableUse, { value, text }: Written): boolean {
  if (text !== undefined) return /^(?:null\b|''|'[^']*'|concat\b|md5\b|encode\b|gen_random|'[^']*'\s*\|\|)/i.test(text);
  return value !== undefined && blank(model, use, value, 0);
}

function blank(model: CodeModel, { file, fn }: { file: string; fn: number }, value: Expr, depth: number): boolean {
  switch (value.k) {
    case 'null':
    case 'undefined':
    case 'str':
      return true;
    case 'template':
      return /delet|anonym|remov|eras|redact|@/i.test(value.parts.join(''));
    case 'bin':
      return (
        value.op === '+' &&
        (blank(model, { file, fn }, value.l, depth + 1) || blank(model, { file, fn }, value.r, depth + 1))
      );
    case 'call':
      return /random|uuid|nanoid|hash|anonym|redact|cuid/i.test(pathIn(value.callee));
    case 'ref': {
      if (depth > 3) return false;
      const origin = model.origin(file, fn, value);
      if (/anonym|redact|placeholder|deleted/i.test(value.path)) return true;
      return (
        origin.kind === 'value' &&
        !origin.member &&
        origin.expr !== value &&
        blank(model, origin, origin.expr, depth + 1)
      );
    }
    default:
      return false;
  }
}

const pathIn = (expr: Expr): string =>
  expr.k === 'ref'
    ? expr.path
    : expr.k === 'member'
      ? `${pathIn(expr.of)}.${expr.name}`
      : expr.k === 'call'
        ? pathIn(expr.callee)
        : '';

const mark =
  /^(?:deleted|is_deleted|deleted_at|deletion_\w+|is_active|active|enabled|status|state|account_status|deactivated|deactivated_at|disabled|disabled_at|archived|archived_at|is_archived|updated_at|updated_by|deleted_by|scheduled_\w+|delete_\w+)$/;

/** Does it only mark the row as gone? */
export function marks({ deed, soft, writes, whole }: TableUse): boolean {
  if (deed === 'delete') return soft;
  if (deed !== 'update' || !whole || writes.length === 0) return false;
  const names = writes.map(({ column }) => snake(column));
  return names.every((name) => mark.test(name)) && names.some((name) => !name.startsWith('updated_'));
}
