import {
  constant,
  credential,
  input,
  optionalInput,
  request,
  unfound,
  type Value,
} from '../../code/polarity/values.ts';

/** What hangs on a request or a context and says who calls. Nothing of it is there for a stranger. */
const identityNames =
  /^(?:user|users?Info|currentUser|current_user|authUser|authenticatedUser|loggedInUser|session|sessions|auth|authInfo|account|viewer|principal|identity|member|admin|customer|employee|userId|user_id|userID|uid|accountId|sessionId|userEmail|actor|actorId|me|claims|jwt|jwtPayload|payload|decoded|tokenPayload|apiKeyId|safeGetSession|getSession)$/;

export const saysWho = (name: string): boolean => identityNames.test(name);

/** Parts of a request that the caller fills. */
const contents =
  /^(?:body|rawBody|query|params|headers|cookies|signedCookies|files|file|data|input|args|rawInput|payloadBody|fields|searchParams|formData|hostname|host|origin|rawHeaders|trailers|hash|href|search)$/;

/** Parts that are again a request or a context. */
const wholes =
  /^(?:ctx|context|req|request|res|response|raw|state|locals|event|node|var|nextUrl|url|reply|connection|socket|handshake|client|extra|meta|store)$/;

/** Where the request goes, as far as the endpoint tells. */
export interface Address {
  /** Undefined where a part of the path is not known. */
  readonly path: string | undefined;
  readonly method: string | undefined;
}

/** A path as a request has it: parameters are filled with something. */
export function addressOf(method: string, path: string): Address {
  const known = !/[{(]/.test(path);
  return {
    path: known
      ? path.replaceAll(/\/\[{1,2}(?:\.{3})?[\w-]+\]{1,2}|\/:[\w-]+\??/g, '/x').replaceAll('*', 'x')
      : undefined,
    method: /^[A-Z]+$/.test(method) && method !== 'ALL' ? method : undefined,
  };
}

/** A part of the request or context itself. */
export function partOf(name: string, address: Address, state: ReadonlyMap<string, Value>): Value {
  if (name === 'next') return [{ k: 'next' }];
  if (name === 'method') return address.method === undefined ? [input] : constant(address.method);
  if (/^(?:pathname|path|originalUrl|routerPath|baseUrl)$/.test(name))
    return address.path === undefined ? [input] : constant(address.path);
  const set = state.get(name);
  if (set) return set;
  if (saysWho(name)) return [unfound];
  if (/^(?:cookies|signedCookies)$/.test(name)) return [credential];
  if (contents.test(name)) return [input];
  if (wholes.test(name)) return [request];
  if (/^(?:ip|ips|id|protocol|secure)$/.test(name)) return [input];
  return /^(?:token|apiKey|api_key|bearerToken|accessToken|authorization)$/.test(name)
    ? optionalInput
    : [{ k: 'any', present: true }];
}
