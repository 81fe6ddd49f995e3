import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GrowingArray } from './growing-array.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-array-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('puts rows behind one another, however large they are, and copies them', () => {
  const [file, other] = ['one', 'two'].map((name) => openSync(join(folder, name), 'wx+'));
  const array = new GrowingArray(file, 100);
  const rows = [3, 200_000, 62_141, 1, 300_000, 700_001, 0, 17].map((length, row) =>
    Uint8Array.from({ length }, (_, i) => (i * 7 + row * 31) & 0xff),
  );
  for (const [index, row] of rows.entries()) {
    if (index % 2 === 0) array.append(row);
    else array.reserve(row.length).set(row);
  }
  const all = Buffer.concat(rows);
  expect(array.length).toBe(all.length);
  expect(array.finish()).toBe(crc32(all));
  array.copyTo(other, 5);
  for (const each of [file, other]) closeSync(each);
  expect(readFileSync(join(folder, 'one')).subarray(100).equals(all)).toBe(true);
  expect(readFileSync(join(folder, 'two')).subarray(5).equals(all)).toBe(true);
});
