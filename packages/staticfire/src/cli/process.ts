import { Problem } from '../model/problem.ts';
import type { Io, Sink } from './io.ts';

const signals = { SIGINT: 130, SIGTERM: 143 } as const;

/** The real process as the command line sees it. */
export function processIo(node: NodeJS.Process): Io {
  const cleanups = new Set<() => void>();
  const interrupt = new AbortController();
  for (const [name, code] of Object.entries(signals)) {
    node.once(name, () => {
      interrupt.abort();
      for (const cleanup of cleanups) cleanup();
      node.exit(code);
    });
  }
  return {
    argv: node.argv.slice(2),
    env: node.env,
    cwd: node.cwd(),
    platform: node.platform,
    stdout: sinkOf(node.stdout),
    stderr: sinkOf(node.stderr),
    now: () => performance.now(),
    signal: interrupt.signal,
    onInterrupt(cleanup) {
      cleanups.add(cleanup);
      return () => void cleanups.delete(cleanup);
    },
  };
}

function sinkOf(stream: NodeJS.WriteStream): Sink {
  // A reader that went away (`staticfire | head`) is no error; the promise of the write tells everything else.
  stream.on('error', () => {});
  return {
    tty: stream.isTTY === true,
    columns: stream.columns,
    write: (text) =>
      new Promise((done, fail) => {
        stream.write(text, (error) => (error && !isGone(error) ? fail(unwritable(error)) : done()));
      }),
  };
}

const isGone = (error: Error): boolean => 'code' in error && error.code === 'EPIPE';

const unwritable = (error: Error): Problem =>
  new Problem('unwritable-output', {
    found: `the answer cannot be written: ${error.message}`,
    where: 'standard output or standard error',
    expected: 'a stream that takes text',
    todo: 'make room, or write to another place with --output',
  });
