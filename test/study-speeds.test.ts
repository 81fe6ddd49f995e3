/** The speed part of a report, at a size that makes it short: what is measured and kept, not how fast it is. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Measurements } from '@twnet/bench/study/measurements';
import { speedOf, studySpeeds } from '@twnet/bench/study/speeds';
import { BACKBONE_NAMES } from '@twnet/core/network/backbones';
import { Model } from '@twnet/node/model/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeRandomModel } from './random-model.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-speeds-'));
  await writeRandomModel(join(folder, 'model'));
});
afterAll(() => rm(folder, { recursive: true }));

it('times every backbone and layer; a second time it reads what was kept', async () => {
  const measurements = await Measurements.open(join(folder, 'measured'));
  const size = { width: 64, height: 48 };
  const options = {
    models: [await Model.open(join(folder, 'model'))],
    sizes: [size],
    gop: 3,
    rounds: 1,
    frames: 3,
    threads: 1,
  };
  const reports = await studySpeeds(options, measurements);
  for (const backbone of BACKBONE_NAMES)
    for (const layer of [1, 2, 3] as const) {
      const one = speedOf(reports, { ...size, backbone, layer, gop: 3 })!;
      const { perFrame, propagated } = one.endToEnd;
      expect(one.speedUp.endToEnd.median).toBeCloseTo(perFrame.median / propagated.median, 6);
    }
  expect(reports.flatMap(({ operators }) => operators.map(({ layer }) => layer))).toEqual([
    'per-frame',
    1,
    2,
    3,
  ]);
  const kept = await readdir(join(folder, 'measured'));
  const again = await studySpeeds(options, measurements, () => {
    throw new Error('measured again');
  });
  expect(again).toEqual(reports);
  expect(await readdir(join(folder, 'measured'))).toEqual(kept);
});
