import type { Io, Sink } from './io.ts';

/** How to write to a stream. */
export interface Style {
  readonly color: boolean;
  readonly width: number;
  readonly unicode: boolean;
}

const widthWithoutTerminal = 100;

export const styleOf = (io: Io, sink: Sink): Style => ({
  color: usesColor(io.env, sink),
  width: widthOf(io.env, sink),
  unicode: usesUnicode(io),
});

/** What goes into a file: the same bytes on every machine. */
export const fileStyle: Style = { color: false, width: widthWithoutTerminal, unicode: false };

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';
const isOff = (value: string | undefined): boolean => value === '0' || value === 'false';

function usesColor(env: Io['env'], sink: Sink): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  if (isSet(env['FORCE_COLOR'])) return !isOff(env['FORCE_COLOR']);
  return sink.tty && env['TERM'] !== 'dumb';
}

function widthOf(env: Io['env'], sink: Sink): number {
  const wanted = Number(env['COLUMNS']);
  if (sink.tty && sink.columns !== undefined && sink.columns > 0) return sink.columns;
  return Number.isInteger(wanted) && wanted > 0 ? wanted : widthWithoutTerminal;
}

function usesUnicode({ env, platform }: Io): boolean {
  if (platform === 'win32') return isSet(env['WT_SESSION']) || env['TERM_PROGRAM'] === 'vscode';
  return /utf-?8/i.test([env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(isSet) ?? '');
}

/** Progress is for a person who looks at a terminal. */
export const showsProgress = ({ env, stderr }: Io): boolean =>
  stderr.tty && env['TERM'] !== 'dumb' && (!isSet(env['CI']) || isOff(env['CI']));
