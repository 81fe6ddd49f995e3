import { describe, expect, it } from 'vitest';
import { findAnswer, type Given } from './answer.js';

const given = (dims: number[], type = 'float32', value = (i: number) => Math.sin(i), name = 'y'): Given => ({
  ...{ name, type, dims },
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
});
const ids = (i: number) => i % 5;

describe('the output of classes', () => {
  it.each([
    [
      'scores',
      given([1, 19, 32, 64]),
      19,
      { content: 'scores', layout: 'NCHW', rows: 32, columns: 64, rank: 4 },
    ],
    [
      'scores, channels last',
      given([1, 32, 64, 19]),
      19,
      { content: 'scores', layout: 'NHWC', rows: 32, columns: 64 },
    ],
    ['scores without a batch', given([19, 32, 64]), 19, { content: 'scores', layout: 'NCHW', rank: 3 }],
    ['scores of classes that nobody counted', given([1, 32, 64, 7]), undefined, { layout: 'NHWC' }],
    ['labels', given([1, 32, 64], 'int64', ids), 5, { content: 'labels', rows: 32, columns: 64, rank: 3 }],
    [
      'labels in a plane of their own',
      given([1, 1, 32, 64], 'uint8', ids),
      5,
      { content: 'labels', rank: 4 },
    ],
    ['labels, channels last', given([1, 32, 64, 1], 'int32', ids), 5, { content: 'labels', layout: 'NHWC' }],
    ['labels alone', given([32, 64], 'int32', ids), 5, { content: 'labels', rank: 2 }],
    ['labels in floats', given([1, 32, 64], 'float32', ids), 5, { content: 'labels', type: 'float32' }],
    [
      'a probability',
      given([1, 1, 32, 64], 'float32', (i) => (i % 9) / 9),
      2,
      { content: 'foreground', threshold: 0.5 },
    ],
    ['a logit', given([1, 32, 64]), 2, { content: 'foreground', threshold: 0, rank: 3 }],
  ] as const)('%s', (_what, output, classes, expected) => {
    expect(findAnswer('net.onnx', [output], { classes }).output).toMatchObject(expected);
  });

  it('counts classes where nobody names them', () => {
    expect(findAnswer('n', [given([1, 21, 33, 65])]).classes).toBe(21);
    expect(findAnswer('n', [given([1, 32, 64], 'int64', ids)]).classes).toBe(5);
    expect(findAnswer('n', [given([1, 1, 32, 64])]).classes).toBe(2);
  });

  it('is the first of several, or the one that is asked for', () => {
    const heads = ['out', 'aux'].map((name) => given([1, 21, 8, 8], 'float32', Math.sin, name));
    const found = findAnswer('n', [given([1, 10], 'float32', Math.sin, 'logits'), ...heads], { classes: 21 });
    expect(found.output.name).toBe('out');
    expect(found.notes.join()).toContain('the first of several');
    expect(findAnswer('n', heads, { classes: 21, output: 'aux' }).output.name).toBe('aux');
  });

  it.each([
    [
      'other classes',
      given([1, 19, 32, 64]),
      { classes: 20 },
      /gives "y" float32 \[1, 19, 32, 64\]; that is 19 classes, and 20 are named/,
    ],
    ['a class of a picture', given([1, 1000]), { classes: 1000 }, /none of it is scores of 1000 classes/],
    ['several pictures', given([2, 19, 8, 8]), { classes: 19 }, /none of it is scores of 19 classes/],
    ['text', given([1, 8, 8], 'string'), {}, /none of it is scores \[1, classes, rows, columns\] or labels/],
    ['another output', given([1, 19, 8, 8]), { output: 'z' }, /has no output "z"; it gives "y"/],
    ['too many classes', given([1, 300, 400, 400]), {}, /none of it/],
  ] as const)('is refused where there is %s', (_what, output, options, reason) => {
    expect(() => findAnswer('net.onnx', [output], options)).toThrow(reason);
  });
});
