import type { Manifest } from '../../facts/project.ts';

interface Property {
  /** Where its name stands. */
  readonly at: number;
  readonly value: number;
}

/** Finds lines in a JSON text that is known to be valid. It reads only the objects on the way, each once. */
export function lineFinder(text: string): Manifest['lineOf'] {
  const objects = new Map<number, ReadonlyMap<string, Property>>();
  const propertiesAt = (open: number): ReadonlyMap<string, Property> => {
    const held = objects.get(open) ?? readObject(text, open);
    objects.set(open, held);
    return held;
  };
  return (...path) => {
    let found: Property = { at: afterSpace(text, 0), value: afterSpace(text, 0) };
    for (const name of path) {
      const next = propertiesAt(found.value).get(name);
      if (next === undefined) return undefined;
      found = next;
    }
    return lineAt(text, found.at);
  };
}

/** The line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** The properties of the object that opens here; none when it is no object. Of equal names the first counts. */
function readObject(text: string, open: number): ReadonlyMap<string, Property> {
  const properties = new Map<string, Property>();
  if (text[open] !== '{') return properties;
  let at = afterSpace(text, open + 1);
  while (text[at] === '"') {
    const end = afterString(text, at);
    const name = nameIn(text, at, end);
    const value = afterSpace(text, afterSpace(text, end) + 1);
    if (!properties.has(name)) properties.set(name, { at, value });
    at = afterSpace(text, afterSpace(text, afterValue(text, value)) + 1);
  }
  return properties;
}

function nameIn(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes('\\') ? String(JSON.parse(text.slice(start, end))) : inner;
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return at;
}

function afterString(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at >= 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at < 0 ? text.length : at + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let slashes = 0;
  while (text[quote - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}

function afterValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return afterString(text, start);
  return first === '{' || first === '[' ? afterNested(text, start) : afterScalar(text, start);
}

function afterNested(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = afterString(text, at) - 1;
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1;
  }
  return text.length;
}

function afterScalar(text: string, start: number): number {
  let at = start;
  while (at < text.length && !/[\s,}\]]/.test(text.charAt(at))) at++;
  return at;
}
