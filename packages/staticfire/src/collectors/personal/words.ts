import type { Column, Table } from '../../facts/tables.ts';

/** 'createdAt' and 'created_at' alike: ['created', 'at']. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');

export const snake = (name: string): string => wordsOf(name).join('_');

const personal =
  /(?:^|_)e_?mail(?:_address)?$|(?:^|_)(?:phone|mobile|msisdn|whatsapp)(?:_?(?:number|no))?$|(?:^|_)(?:first|last|full|given|family|middle|display|user|real|actor|recipient|customer)_?name$|(?:^|_)ip(?:_?addr(?:ess)?|v4|v6)?$|^remote_addr|(?:^|_)user_?agent$|^(?:lat|latitude|lng|lon|longitude|geo_?location|gps)$|birth|(?:^|_)dob$|(?:^|_)(?:street|postal_?code|zip_?code|address_?line)|(?:^|_)(?:ssn|passport|national_id|iban)(?:_?(?:number|no))?$/;

/** Does the column tell something of a person by itself? Flags and times about such a thing do not. */
export function isPersonal({ name, type }: Column): boolean {
  if (/^bool/i.test(type) || /date|time/i.test(type)) return /birth|dob/i.test(name);
  return personal.test(snake(name));
}

const accountName =
  /^(?:app_|auth_|core_|my_|tbl_|t_)?(?:users?|accounts?|members?|customers?|profiles?|persons?|people|patients?|students?|user_(?:accounts?|profiles?)|(?:app|site|end)_users?)$/;

/** Is there a row for each person with an account? */
export function isAccount(table: Table): boolean {
  const names = table.columns.map(({ name }) => snake(name));
  const tells = names.some((name) => /^(?:primary_)?e_?mail(?:_address)?$|^(?:phone|mobile)(?:_?number)?$/.test(name));
  const signsIn = names.includes('username') && names.some((name) => /password|passwd|pwd/.test(name));
  return [table.name, table.table].some((name) => accountName.test(snake(name))) && (tells || signsIn);
}

const recordName =
  /(?:^|_)(?:audits?|audit_?(?:logs?|trails?|events?|entr(?:y|ies)|records?))$|(?:^|_)(?:logs?|logins?|trail|history|histories|attempts?|visits?|visitors?|clicks?|page_?views?|activit(?:y|ies))$|(?:^|_)(?:login|sign_?in|auth|security|access|activity|admin|user)_(?:events?|actions?|records?)$/;
const notRecord =
  /(?:^|_)(?:price|version|status|migration|chat|order|payment|conversation|message|watch|search|job|sync|catalog|blog|back|dia|change)_?(?:logs?|history|histories)$|blog|dialog|catalog|changelog/;

/** Is a row added for each thing that someone does? */
export function isRecord(table: Table): boolean {
  return [table.name, table.table].some((name) => recordName.test(snake(name)) && !notRecord.test(snake(name)));
}

/** Records named after auditing, in which a reference to who did it is enough. */
export const isAudit = (table: Table): boolean => [table.name, table.table].some((name) => /audit/.test(snake(name)));

const actor =
  /^(?:actor|user|admin|performed_by|created_by|changed_by|member|account|employee|staff|operator|modified_by|author|who)(?:_?user)?(?:_?(?:id|email|name))?$/;

/** A name alone may be that of a thing. */
const strong = (name: string): boolean => !snake(name).endsWith('name');

/** Columns by which a row of a record leads to a person. */
export function personalIn(table: Table): readonly string[] {
  return table.columns
    .filter(
      (column) =>
        (isPersonal(column) && (isAudit(table) || strong(column.name))) ||
        (isAudit(table) && actor.test(snake(column.name))),
    )
    .map(({ name }) => name);
}
