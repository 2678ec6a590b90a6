/** Measures what ran, in milliseconds. The only part of a run that reads a clock. */
export interface Stopwatch {
  readonly phases: Record<string, number>;
  readonly collectors: Record<string, number>;
  readonly controls: Record<string, number>;
  time<T>(group: 'phases' | 'collectors' | 'controls', name: string, run: () => T): T;
  total(): number;
}

export function createStopwatch(): Stopwatch {
  const started = performance.now();
  const watch = { phases: {}, collectors: {}, controls: {} } as Record<
    'phases' | 'collectors' | 'controls',
    Record<string, number>
  >;
  const add = (group: 'phases' | 'collectors' | 'controls', name: string, from: number): void => {
    watch[group][name] = round((watch[group][name] ?? 0) + performance.now() - from);
  };
  return {
    phases: watch.phases,
    collectors: watch.collectors,
    controls: watch.controls,
    time(group, name, run) {
      const from = performance.now();
      const result = run();
      if (result instanceof Promise) return result.finally(() => add(group, name, from)) as typeof result;
      add(group, name, from);
      return result;
    },
    total: () => round(performance.now() - started),
  };
}

const round = (ms: number): number => Math.round(ms * 100) / 100;
