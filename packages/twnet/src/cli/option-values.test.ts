import { motionName } from '@twnet/node/motion/motion-source';
import { describe, expect, it } from 'vitest';
import { motionSpec } from './motion-option.js';
import {
  decimal,
  nonNegative,
  positiveInteger,
  positiveShare,
  wholeNumber,
  workingScale,
} from './option-values.js';

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
    for (const parse of [positiveInteger, wholeNumber, nonNegative, positiveShare, workingScale])
      expect(() => parse(text)).toThrow(/It must be/);
  });
});

describe('--motion', () => {
  it.each([
    ['codec', 'codec'],
    ['flow:a.onnx', { network: 'a.onnx' }],
    ['flow:C:\\a.onnx:-1..1', { network: 'C:\\a.onnx', values: '-1..1' }],
    ['flow:a.onnx:0..1:0.5', { network: 'a.onnx', values: '0..1', unit: 0.5 }],
  ])('takes %s', (text, spec) => {
    expect(motionSpec(text)).toEqual(spec);
    expect(motionName(motionSpec(text))).toBe(text);
  });

  it.each(['guess', 'flow:', 'flow:a.onnx:0..1:0'])('refuses %s', (text) => {
    expect(() => motionSpec(text)).toThrow(/codec.*flow:FILE\.onnx/);
  });
});
