const name = String.raw`(?:(?:["\`\[]?[\w$-]+["\`\]]?)\s*\.\s*)?["\`\[]?([\w$-]+)["\`\]]?`;
const statement = new RegExp(
  String.raw`\bcreate\s+(?:(?:unlogged|temp|temporary|global|local|or\s+replace)\s+)*table\s+(?:if\s+not\s+exists\s+)?${name}|\balter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?${name}\s+rename\s+to\s+${name}|\bdrop\s+table\s+(?:if\s+exists\s+)?${name}|\brename\s+table\s+${name}\s+to\s+${name}`,
  'gi',
);

/** The tables that exist after these statements, in lower case, added to `tables`. */
export function applyStatements(text: string, tables: Set<string>): void {
  for (const match of withoutComments(text).matchAll(statement)) {
    const [, created, from, to, dropped, renamed, renamedTo] = match.map((part) => part?.toLowerCase());
    if (created) tables.add(created);
    if (from && to) rename(tables, from, to);
    if (renamed && renamedTo) rename(tables, renamed, renamedTo);
    if (dropped) tables.delete(dropped);
  }
}

function rename(tables: Set<string>, from: string, to: string): void {
  tables.delete(from);
  tables.add(to);
}

const withoutComments = (text: string): string => text.replaceAll(/--[^\n]*/g, '').replaceAll(/\/\*[\s\S]*?\*\//g, '');
