import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID, CITYSCAPES } from '@twnet/core/classes';
import { meanIou, pixelAccuracy } from '@twnet/core/metrics/metrics';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LabelPair } from './label-folders.js';
import {
  type ScoreOptions,
  scoreLabelPairs,
  scoreLabels,
  sequenceName,
  sumMatrices,
} from './score-labels.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-sequences-'));
  for (const name of ['predictions', 'truth']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function writePair(
  name: string,
  width: number,
  prediction: readonly number[],
  truth: readonly number[],
) {
  for (const [kind, labels] of Object.entries({ predictions: prediction, truth })) {
    const raw = { width, height: labels.length / width, channels: 1 as const };
    const image = sharp(Uint8Array.from(labels), { raw }).toColourspace('b-w');
    await image.png().toFile(join(folder, kind, name));
  }
  return { prediction: join(folder, 'predictions', name), truth: join(folder, 'truth', name) };
}

describe('scoreLabels', () => {
  it('scores sequences apart, in the order of their numbers, and cuts them into stretches', async () => {
    const pairs: LabelPair[] = [];
    for (const name of ['b_2.png', 'a_10.png', 'a_9.png', 'a_1.png']) {
      const right = name === 'a_10.png' ? 1 : 0;
      pairs.push(await writePair(name, 2, [right, 0], [0, 0]));
    }
    const names = (options: ScoreOptions) =>
      scoreLabels(pairs, CAMVID, options).then(({ sequences }) =>
        sequences.map(({ name, pictures, matrix }) => [name, pictures, pixelAccuracy(matrix)]),
      );
    expect(await names({})).toEqual([
      ['b', 1, 1],
      ['a', 3, 5 / 6],
    ]);
    expect(await names({ block: 2 })).toEqual([
      ['b', 1, 1],
      ['a', 2, 1],
      ['a', 1, 1 / 2],
    ]);
    const { sequences, videoConsistency } = await scoreLabels(pairs, CAMVID);
    expect(videoConsistency).toBeUndefined();
    const whole = await scoreLabelPairs(pairs, CAMVID);
    expect(sumMatrices(sequences.map(({ matrix }) => matrix))).toEqual(whole);
  });

  it('measures consistency within sequences, and the band of pictures of several sizes', async () => {
    const pairs: LabelPair[] = [];
    for (let frame = 1; frame <= 10; frame++) {
      // One of two steady pixels flips in the tenth frame, which no counted clip of eight holds.
      pairs.push(await writePair(`a_${frame}.png`, 2, [frame === 10 ? 3 : 0, 1], [0, 1]));
      pairs.push(await writePair(`b_${frame}.png`, 4, [0, frame === 9 ? 3 : 0, 1, 1], [0, 0, 1, 1]));
    }
    const { sequences, videoConsistency } = await scoreLabels(pairs, CAMVID, {
      boundary: 1,
      consistency: true,
    });
    // Two clips each: those of b hold its ninth frame or do not.
    expect(videoConsistency?.vc8).toBeCloseTo((1 + 1 + 1 + 3 / 4) / 4, 12);
    expect(videoConsistency?.vc16).toBeNaN();
    // In b the two pixels in the middle are at the boundary.
    expect(meanIou(sequences[1].boundary!)).toBeCloseTo((9 / 10 + 1 + 0) / 3, 12);
  });

  it('names the frame whose size is not that of its video', async () => {
    const pairs = [
      await writePair('a_1.png', 4, [0, 0, 0, 0], [0, 0, 0, 0]),
      await writePair('a_2.png', 2, [0, 0, 0, 0], [0, 0, 0, 0]),
    ];
    await expect(scoreLabels(pairs, CAMVID, { consistency: true })).rejects.toThrow(
      /a_2\.png is 2×2, the frames of its sequence before it 4×1/,
    );
    expect((await scoreLabels(pairs, CAMVID, { boundary: 3 })).sequences).toHaveLength(1);
  });
});

describe('sequenceName', () => {
  it.each([
    { name: '0016E5_07959.png', table: CAMVID, sequence: '0016E5' },
    { name: '000017.png', table: CAMVID, sequence: '' },
    {
      name: 'frankfurt_000001_007973_gtFine_labelTrainIds.png',
      table: CITYSCAPES,
      sequence: 'frankfurt_000001',
    },
    { name: 'drive_17.png', table: CITYSCAPES, sequence: '' },
  ])('of $name is “$sequence”', ({ name, table, sequence }) => {
    expect(sequenceName(name, table)).toBe(sequence);
  });
});
