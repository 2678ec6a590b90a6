/**
 * End of life of Node.js by major version, from https://github.com/nodejs/Release as of November 2026.
 * A table rather than the clock: two runs over the same tree give the same bytes.
 */
export const endOfLife: Readonly<Record<number, string>> = {
  0: '2016-12-31',
  4: '2018-04-30',
  5: '2016-06-30',
  6: '2019-04-30',
  7: '2017-06-30',
  8: '2019-12-31',
  9: '2018-06-30',
  10: '2021-04-30',
  11: '2019-06-01',
  12: '2022-04-30',
  13: '2020-06-01',
  14: '2023-04-30',
  15: '2021-06-01',
  16: '2023-09-11',
  17: '2022-06-01',
  18: '2025-04-30',
  19: '2023-06-01',
  20: '2026-04-30',
  21: '2024-06-01',
  23: '2025-06-01',
  25: '2026-06-01',
};

export const supported = '22, 24 and 26';
export const isOver = (major: number): boolean => endOfLife[major] !== undefined;
