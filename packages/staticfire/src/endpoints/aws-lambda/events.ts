import { posix } from 'node:path';
import { parse } from 'yaml';

/** A request that a function answers. */
export interface HttpEvent {
  /** Path without extension, a dot, and the export's name. */
  readonly handler: string;
  readonly method: string;
  readonly path: string;
  /** What the platform asks before it calls the function; '' for nothing. */
  readonly authorizer: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The http events in the text of serverless.yml or a SAM template. */
export function eventsIn(text: string): readonly HttpEvent[] {
  const root = fieldsOf(read(text));
  return [
    ...Object.values(fieldsOf(root['functions'])).flatMap(serverless),
    ...Object.values(fieldsOf(root['Resources'])).flatMap(sam),
  ];
}

function read(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' });
  } catch {
    return undefined;
  }
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function serverless(value: unknown): readonly HttpEvent[] {
  const { handler, events } = fieldsOf(value);
  if (typeof handler !== 'string' || !Array.isArray(events)) return [];
  return events.flatMap((event) => {
    const given = fieldsOf(event)['http'] ?? fieldsOf(event)['httpApi'];
    if (given === undefined || given === null) return [];
    const [verb = '', short = ''] = textOf(given).split(/\s+/);
    const { method, path, authorizer } = fieldsOf(given);
    const named = typeof given === 'string' ? (verb === '*' ? '*' : verb) : textOf(method);
    return [httpEvent(posix.normalize(handler), named, short || textOf(path), authorizer)];
  });
}

function sam(value: unknown): readonly HttpEvent[] {
  const { Handler, CodeUri, Events } = fieldsOf(fieldsOf(value)['Properties']);
  if (typeof Handler !== 'string') return [];
  return Object.values(fieldsOf(Events)).flatMap((event) => {
    const { Type, Properties } = fieldsOf(event);
    if (Type !== 'Api' && Type !== 'HttpApi') return [];
    const { Path, Method, Auth } = fieldsOf(Properties);
    const handler = posix.normalize(posix.join(textOf(CodeUri), Handler));
    return [httpEvent(handler, textOf(Method), textOf(Path), fieldsOf(Auth)['Authorizer'])];
  });
}

const httpEvent = (handler: string, method: string, path: string, authorizer: unknown): HttpEvent => ({
  handler,
  method: /^(?:any|\*|)$/i.test(method) ? 'ALL' : method.toUpperCase(),
  path: `/${path.replace(/^\//, '')}`,
  authorizer:
    authorizer === undefined || authorizer === null || authorizer === 'NONE'
      ? ''
      : `authorizer: ${textOf(authorizer) || textOf(fieldsOf(authorizer)['name']) || textOf(fieldsOf(authorizer)['type']) || 'given'}`,
});
