import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutputError } from '@twnet/core/errors';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { GrowingFile } from './growing-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-growing-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('holds all pieces in their order once it is closed', async () => {
  const path = join(folder, 'a.txt');
  const file = await GrowingFile.create(path);
  const pieces = Array.from({ length: 300 }, (_, i) => `${i}é`.repeat(i));
  for (const piece of pieces) await file.append(piece);
  await file.close();
  await file.close();
  expect(readFileSync(path, 'utf8')).toBe(pieces.join(''));
});

it('is not written over another, and names what cannot be made', async () => {
  const path = join(folder, 'a.txt');
  await using file = await GrowingFile.create(path);
  await file.append('a');
  await expect(GrowingFile.create(path)).rejects.toThrow(OutputError);
  await expect(GrowingFile.create(join(folder, 'none', 'a.txt'), 'the name')).rejects.toThrow(/the name: /);
});

it.runIf(existsSync('/dev/full'))('says that the disk is full', async () => {
  const { open } = await import('node:fs/promises');
  const file = Reflect.construct(GrowingFile, ['/dev/full', await open('/dev/full', 'r+'), 'labels']);
  const write = async () => {
    for (let i = 0; i < 20; i++) await file.append('x'.repeat(10000));
  };
  await expect(write()).rejects.toThrow(/cannot write labels: the disk is full/);
  await file[Symbol.asyncDispose]();
});
