import { describe, expect, it } from 'vitest';
import { npyHeader, npySize } from './npy.js';

const textOf = (header: Uint8Array): string => Buffer.from(header.subarray(10)).toString('latin1');

describe('npyHeader', () => {
  it('is that of format 1.0: magic, length, a dictionary, spaces, a line feed, on a boundary of 64', () => {
    const header = npyHeader('<f4', [5, 3]);
    expect([...header.subarray(0, 8)]).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0]);
    expect(header.length % 64).toBe(0);
    expect(header[8] + 256 * header[9]).toBe(header.length - 10);
    expect(textOf(header)).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(5, 3\), \} *\n$/);
  });

  it('writes tuples as Python does, and records field by field', () => {
    expect(textOf(npyHeader('<f8', [7]))).toContain("'shape': (7,), ");
    expect(textOf(npyHeader('|S4', []))).toContain("'shape': (), ");
    const type = [
      ['a', '<i4'],
      ['b', '|S1'],
    ] as const;
    expect(textOf(npyHeader(type, [2]))).toContain("'descr': [('a', '<i4'), ('b', '|S1')], ");
    expect(npySize(type)).toBe(5);
  });

  it('is as long whatever the number of rows', () => {
    const lengths = [0, 9, 10 ** 6, Number.MAX_SAFE_INTEGER].map(
      (rows) => npyHeader('<f4', [rows, 3, 45]).length,
    );
    expect(new Set(lengths).size).toBe(1);
  });
});
