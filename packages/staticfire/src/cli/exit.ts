/** What the process says to the shell. */
export const exitCodes = { go: 0, noGo: 1, problem: 2, nothing: 3, bug: 70 } as const;
