import { describe, expect, it } from 'vitest';
import { InputError } from '../errors.js';
import { fromHalf, toHalf } from './half.js';
import { formatSafetensors, parseSafetensors, safetensorsEntries, type Weights } from './safetensors.js';

const tensors: Weights = new Map([
  ['a', { shape: [2, 3], data: Float32Array.of(1, -2, 0.5, 1e-7, 65504, -0) }],
  ['b', { shape: [1], data: Float32Array.of(Math.PI) }],
]);

describe('safetensors', () => {
  it('gives back float32 tensors and metadata exactly, also from a Node Buffer at an odd offset', () => {
    const bytes = formatSafetensors(tensors, { type: 'float32', metadata: { step: '7' } });
    const shifted = Buffer.alloc(bytes.length + 3);
    shifted.set(bytes, 3);
    const file = parseSafetensors(shifted.subarray(3), 'x');
    expect(file.tensors).toEqual(tensors);
    expect(file.metadata).toEqual({ step: '7' });
  });

  it('rounds to float16 within half a unit in the last place', () => {
    const file = parseSafetensors(formatSafetensors(tensors, { type: 'float16' }), 'x');
    expect(file.tensors.get('b')!.data[0]).toBeCloseTo(Math.PI, 2);
    expect(file.tensors.get('a')!.data[4]).toBe(65504);
  });

  it('keeps in float32 what is too large for float16, such as variances of features without norms', () => {
    const large: Weights = new Map([...tensors, ['c', { shape: [2], data: Float32Array.of(65520, -3e9) }]]);
    const bytes = formatSafetensors(large, { type: 'float16' });
    expect(safetensorsEntries(bytes, 'x').entries.map(({ dtype }) => dtype)).toEqual(['F16', 'F16', 'F32']);
    const file = parseSafetensors(bytes, 'x');
    expect(file.tensors.get('c')).toEqual(large.get('c'));
    expect(file.tensors.get('a')!.data[4]).toBe(65504);
  });

  it.each([
    ['empty', new Uint8Array(0), /shorter/],
    ['cut header', Uint8Array.of(255, 0, 0, 0, 0, 0, 0, 0, 1), /cut off/],
    ['no JSON', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 65, 66), /not JSON/],
    ['cut tensors', formatSafetensors(tensors, { type: 'float32' }).subarray(0, -4), /outside the file/],
  ])('names the file and the fault: %s', (_, bytes, fault) => {
    expect(() => parseSafetensors(bytes, 'w.safetensors')).toThrow(fault);
    expect(() => parseSafetensors(bytes, 'w.safetensors')).toThrow(InputError);
    expect(() => parseSafetensors(bytes, 'w.safetensors')).toThrow(/^w\.safetensors/);
  });
});

describe('half precision', () => {
  it('knows the patterns of IEEE 754', () => {
    const pairs: [number, number][] = [
      [0, 0x0000],
      [1, 0x3c00],
      [-2, 0xc000],
      [65504, 0x7bff],
      [65520, 0x7c00],
      [2 ** -14, 0x0400],
      [2 ** -24, 0x0001],
      [2 ** -25, 0x0000],
      [1 + 2 ** -11, 0x3c00],
      [1 + 3 * 2 ** -11, 0x3c02],
      [Number.POSITIVE_INFINITY, 0x7c00],
    ];
    for (const [value, pattern] of pairs)
      expect(toHalf(Float32Array.of(value))[0], String(value)).toBe(pattern);
  });

  it('keeps every finite pattern through float32 and back', () => {
    const patterns = Uint16Array.from({ length: 0x7c00 }, (_, i) => i);
    expect(toHalf(fromHalf(patterns))).toEqual(patterns);
  });

  it('reads every pattern as the standard’s formula has it', () => {
    const values = fromHalf(Uint16Array.from({ length: 0x10000 }, (_, i) => i));
    for (const [i, value] of values.entries()) {
      const [sign, exponent, fraction] = [i >>> 15 ? -1 : 1, (i >>> 10) & 31, (i & 1023) / 1024];
      const finite = sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction);
      const expected = exponent < 31 ? finite : fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
      if (!Object.is(value, expected)) expect([i, value]).toEqual([i, expected]);
    }
  });
});
