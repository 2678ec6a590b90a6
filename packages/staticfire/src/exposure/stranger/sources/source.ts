/** What a library answers to somebody without a good credential. */
export type Answer =
  /** Nothing: null, or an object in which nothing is set. */
  | 'nothing'
  /** It throws. */
  | 'throws'
  /** False. */
  | 'false'
  /** As middleware or wrapper: it turns the caller away. */
  | 'denies'
  /** As a wrapper: it runs what it is given, with nothing known of the caller. */
  | 'runs';

export type SourceKind = 'session' | 'token' | 'key' | 'password' | 'signature' | 'code';

/** A function of a library from which something is known of the caller. */
export interface Source {
  /** The whole package name. */
  readonly packages: RegExp;
  /** The export and what hangs on it, dotted: 'getServerSession', 'createClient.auth.getUser'. Matched whole. */
  readonly path: RegExp;
  readonly answer: Answer;
  readonly kind: SourceKind;
  /** A few words: 'session of next-auth'. */
  readonly what: string;
}

export const source = (packages: RegExp, path: RegExp, answer: Answer, kind: SourceKind, what: string): Source => ({
  packages,
  path,
  answer,
  kind,
  what,
});
