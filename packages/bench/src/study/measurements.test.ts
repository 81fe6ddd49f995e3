import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Measurements } from './measurements.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-measured-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('measures once, also for the next study', async () => {
  let made = 0;
  const make = async () => ({ run: ++made, iou: Number.NaN });
  const first = await (await Measurements.open(folder)).get('a', make);
  // Fresh and kept figures are alike: NaN is null in both.
  expect(first).toEqual({ run: 1, iou: null });
  expect(await (await Measurements.open(folder)).get('a', make)).toEqual(first);
  expect(made).toBe(1);
});

it('keeps nothing of a measurement that failed, and measures anew what cannot be read', async () => {
  const measurements = await Measurements.open(folder);
  const failing = measurements.get('a', () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await measurements.kept('a')).toBeUndefined();
  await writeFile(join(folder, 'a.json'), '{"cut');
  expect(await measurements.get('a', async () => 7)).toBe(7);
});
