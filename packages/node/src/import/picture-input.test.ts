import { describe, expect, it } from 'vitest';
import { pictureInput } from './picture-input.js';
import { pixelConvention } from './pixel-convention.js';

const pixels = pixelConvention({});
const find = (shape: (number | string)[], type = 'float32', options = {}) =>
  pictureInput('net.onnx', [{ name: 'x', type, shape }], pixels, options).input;

describe('the input of a picture', () => {
  it.each([
    [[1, 3, 512, 1024], { layout: 'NCHW', width: 1024, height: 512, multiple: undefined }],
    [['batch', 3, 'height', 'width'], { layout: 'NCHW', width: 1280, height: 736, multiple: 32 }],
    [[1, 256, 320, 3], { layout: 'NHWC', width: 320, height: 256, multiple: undefined }],
    [['', '', '', 3], { layout: 'NHWC', multiple: 32 }],
    [['', '', '', ''], { layout: 'NCHW', multiple: 32 }],
    [[1, 3, 'h', 640], { width: 640, height: 736, multiple: undefined }],
  ])('%j', (shape, expected) => {
    expect({ multiple: undefined, ...find(shape) }).toMatchObject(expected);
  });

  it('has the size and layout that are asked for, where they are free', () => {
    const size = { width: 513, height: 513 };
    expect(find(['', 3, '', ''], 'float16', { size })).toMatchObject({ type: 'float16', ...size });
    expect(find(['', 3, '', ''], 'float16', { size }).multiple).toBeUndefined();
    expect(find(['', '', '', ''], 'float32', { layout: 'NHWC' }).layout).toBe('NHWC');
  });

  it('of a size that a file tells is a multiple of what networks divide by', () => {
    const meant = { ...pixels, size: { width: 520, height: 520 } };
    const { input } = pictureInput(
      'net.onnx',
      [{ name: 'x', type: 'float32', shape: [1, 3, '', ''] }],
      meant,
    );
    expect(input).toMatchObject({ width: 544, height: 544, multiple: 32 });
  });

  it('of 8-bit values takes pixels as they are', () => {
    expect(find([1, 64, 64, 3], 'uint8')).toMatchObject({ mean: [0, 0, 0], deviation: [1, 1, 1] });
  });

  it.each([
    [
      [1, 1, 64, 64],
      'float32',
      {},
      /takes "x" float32 \[1, 1, 64, 64\]; a segmentation network takes one picture/,
    ],
    [[4, 3, 64, 64], 'float32', {}, /a segmentation network takes one picture/],
    [[1, 3], 'float32', {}, /a segmentation network takes one picture/],
    [[1, 3, 64, 64], 'float64', {}, /pictures can be float32, float16, uint8/],
    [[1, 3, 64, 64], 'float32', { layout: 'NHWC' }, /a segmentation network takes one picture/],
    [[1, 3, 64, 64], 'float32', { size: { width: 32, height: 64 } }, /--size 32x64 does not fit/],
    [[1, 3, 64, 64], 'float32', { input: 'y' }, /has no input "y"; it takes "x" float32/],
  ])('is refused: %j %s', (shape, type, options, reason) => {
    expect(() => find(shape, type, options)).toThrow(reason);
  });

  it('is refused beside others', () => {
    const other = { name: 'mask', type: 'bool', shape: [1, 'h', 'w'] };
    expect(() =>
      pictureInput('net.onnx', [{ name: 'x', type: 'float32', shape: [1, 3, 'h', 'w'] }, other], pixels),
    ).toThrow(
      /takes "x" .* and "mask" bool \[1, h, w\]; a segmentation network takes one picture, export it with that/,
    );
  });
});
