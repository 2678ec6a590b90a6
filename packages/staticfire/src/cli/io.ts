/** One of the two streams the tool writes to. */
export interface Sink {
  readonly tty: boolean;
  readonly columns: number | undefined;
  /** Settles when the text is handed over. A reader that went away is no error. */
  write(text: string): Promise<void>;
}

/** Everything the command line takes from the process around it. */
export interface Io {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: string;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Milliseconds, only for deciding when to show progress. */
  now(): number;
  /** Aborted when the user ends the run. */
  readonly signal: AbortSignal;
  /** Runs when the user ends the run; hands back how to take it off again. */
  onInterrupt(cleanup: () => void): () => void;
}
