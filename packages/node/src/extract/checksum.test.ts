import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { joinChecksums } from './checksum.js';

it('joins checksums as if the pieces had been summed up in one', () => {
  const bytes = Uint8Array.from({ length: 70_001 }, (_, i) => (i * i * 31 + (i >> 3)) & 0xff);
  for (const at of [0, 1, 2, 63, 64, 255, 4096, 65_537, bytes.length]) {
    const [first, second] = [bytes.subarray(0, at), bytes.subarray(at)];
    expect(joinChecksums(crc32(first), crc32(second), second.length), `at ${at}`).toBe(crc32(bytes));
  }
});

it('knows lengths beyond 32 bits: in two steps as at once', () => {
  const [start, half] = [0x12345678, 2 ** 32];
  const twice = joinChecksums(joinChecksums(start, 0, half), 0, half);
  expect(joinChecksums(start, 0, 2 * half)).toBe(twice);
  expect(twice).not.toBe(joinChecksums(start, 0, 0));
});
