import { describe, expect, it } from 'vitest';
import { decimal, nonNegative, positiveInteger, positiveShare } from './option-values.js';

describe('numbers of options', () => {
  it('are decimal', () => {
    expect(['12', ' 0.5 ', '.5', '1e-3', '5.'].map(decimal)).toEqual([12, 0.5, 0.5, 0.001, 5]);
    for (const text of [
      '',
      ' ',
      'NaN',
      'Infinity',
      '-Infinity',
      '0x10',
      '0b1',
      '1e999',
      '1_000',
      '1,5',
      '12px',
    ])
      expect(decimal(text)).toBeNaN();
  });

  it.each(['0x10', '', 'Infinity', '1e999', '9007199254740993', 'NaN'])('refuse “%s” everywhere', (text) => {
    for (const parse of [positiveInteger, nonNegative, positiveShare])
      expect(() => parse(text)).toThrow(/It must be/);
  });
});
