import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';
import type { Endpoint } from './endpoints.ts';

/** An endpoint that is declared to be for everyone. */
export interface DeclaredPublic {
  /** 'GET', or undefined for any method. */
  readonly method: string | undefined;
  /** As written. `*` stands for one part of a path, `**` for any number; for functions the name, or the file and the name. */
  readonly path: string;
  readonly at: Place;
}

/** What staticfire.yaml says of the service's own intent. */
export interface Declarations {
  /** The file, when there is one. */
  readonly file: string | undefined;
  readonly open: readonly DeclaredPublic[];
}

export const declarations = defineFact<Declarations, 'repository'>({
  id: 'declarations',
  title: 'what staticfire.yaml declares',
  scope: 'repository',
});

/** Does a declaration speak of this endpoint? */
export function declares({ method, path }: DeclaredPublic, endpoint: Endpoint): boolean {
  if (method !== undefined && method !== endpoint.method.toUpperCase()) return false;
  const pattern = patternOf(path);
  return (
    pattern.test(endpoint.path) ||
    (endpoint.surface !== 'http' && pattern.test(endpoint.path.slice(endpoint.path.lastIndexOf('#') + 1)))
  );
}

function patternOf(path: string): RegExp {
  const parts = path.split(/(\*\*|\*)/).map((part) => {
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('')}/?$`);
}
