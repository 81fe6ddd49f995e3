import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID, CITYSCAPES } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { classIou, pixelAccuracy, truePixels } from '@twnet/core/metrics/metrics';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labelPng } from '../output/label-png.js';
import { LabelsFileWriter } from '../output/labels-file.js';
import { checkPredictedClasses, pairLabelFolders } from './label-folders.js';
import { scoreLabelPairs } from './score-labels.js';

let folder: string;
let predictions: string;
let truth: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-score-'));
  predictions = join(folder, 'predictions');
  truth = join(folder, 'truth');
  mkdirSync(predictions);
  mkdirSync(truth);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function writePng(path: string, width: number, labels: readonly number[]): Promise<void> {
  const raw = { width, height: labels.length / width, channels: 1 as const };
  await sharp(Uint8Array.from(labels), { raw }).toColourspace('b-w').png().toFile(path);
}

async function score(table = CAMVID) {
  const { pairs } = await pairLabelFolders(predictions, truth);
  return scoreLabelPairs(pairs, table);
}

describe('scoring folders', () => {
  it('scores what the files hold, CamVid’s void left out', async () => {
    await writePng(join(predictions, 'a.png'), 3, [0, 1, 2, 3, 10, 11]);
    await writePng(join(truth, 'a.png'), 3, [0, 2, 2, 11, 255, 10]);
    const matrix = await score();
    // Scored: 0→0, 2→1, 2→2, 10→no class.
    expect(classIou(matrix).slice(0, 3)).toEqual([1, 0, 1 / 2]);
    expect(classIou(matrix)[10]).toBe(0);
    expect(pixelAccuracy(matrix)).toBe(1 / 2);
    expect(truePixels(matrix, 10)).toBe(1);
  });

  it('scores indexed label maps by their ids', async () => {
    const truths = [0, 1, 2, 3, 10, 11];
    await writePng(join(truth, 'a.png'), 3, truths);
    const ours = await labelPng(Uint8Array.of(0, 2, 2, 3, 10, 10), 3, 2, { palette: CAMVID.palette });
    writeFileSync(join(predictions, 'a.png'), ours);
    expect(pixelAccuracy(await score())).toBe(4 / 5);
  });

  it('pairs by name, else by order, and refuses a mixture', async () => {
    for (const name of ['1.png', '2.png']) await writePng(join(predictions, name), 1, [0]);
    for (const name of ['x1.png', 'x2.png']) await writePng(join(truth, name), 1, [0]);
    expect(await pairLabelFolders(predictions, truth)).toMatchObject({
      by: 'order',
      pairs: [{ truth: join(truth, 'x1.png') }, { truth: join(truth, 'x2.png') }],
    });
    rmSync(join(truth, 'x1.png'));
    await writePng(join(truth, '2.png'), 1, [0]);
    await expect(pairLabelFolders(predictions, truth)).rejects.toThrow(/share only some/);
    rmSync(join(truth, 'x2.png'));
    await expect(pairLabelFolders(predictions, truth)).rejects.toThrow(/holds 2 PNGs and .* 1;/);
    await writePng(join(truth, '1.png'), 1, [0]);
    expect((await pairLabelFolders(predictions, truth)).by).toBe('name');
  });

  it('names the file whose size, label or content cannot be scored', async () => {
    await writePng(join(predictions, 'a.png'), 2, [0, 1]);
    await writePng(join(truth, 'a.png'), 1, [0, 1]);
    await expect(score()).rejects.toThrow(/a\.png is 2×1 but .*a\.png is 1×2/);
    await writePng(join(truth, 'a.png'), 2, [0, 40]);
    await expect(score()).rejects.toThrow(/a\.png holds the label 40; camvid has 0 to 10/);
    await writePng(join(truth, 'a.png'), 2, [0, 11]);
    await expect(score(CITYSCAPES)).resolves.toBeDefined();
    writeFileSync(join(truth, 'a.png'), 'no picture');
    await expect(score()).rejects.toThrow(InputError);
    await expect(score()).rejects.toThrow(/a\.png/);
  });

  it('refuses pictures whose values are not class ids', async () => {
    await writePng(join(truth, 'a.png'), 2, [0, 1]);
    const rgb = { raw: { width: 2, height: 1, channels: 3 as const } };
    await sharp(Uint8Array.of(128, 64, 0, 1, 1, 1), rgb)
      .png()
      .toFile(join(predictions, 'a.png'));
    await expect(score()).rejects.toThrow(/a\.png: holds colours/);
    const sixteen = sharp(Uint16Array.of(0, 1), { raw: { width: 2, height: 1, channels: 1 } });
    await sixteen.toColourspace('grey16').png().toFile(join(predictions, 'a.png'));
    await expect(score()).rejects.toThrow(/its samples have 16 bits/);
    // Grey stored as RGB, and as a palette, keeps its ids.
    const grey = sharp(Uint8Array.of(0, 0, 0, 1, 1, 1), rgb);
    for (const palette of [false, true]) {
      await grey.clone().png({ palette }).toFile(join(predictions, 'a.png'));
      expect(pixelAccuracy(await score())).toBe(1);
    }
  });

  it('sees from labels.json that predictions are of other classes', async () => {
    await expect(checkPredictedClasses(predictions, CAMVID)).resolves.toBeUndefined();
    const write = async (classes: readonly string[]): Promise<void> => {
      rmSync(join(predictions, 'labels.json'), { force: true });
      await using file = await LabelsFileWriter.create(predictions, {
        ...{ source: 'a.mp4', width: 3, height: 2, pixelAspect: { num: 1, den: 1 }, model: { name: 'm' } },
        ...{ format: 'png', options: {} },
        classes: classes.map((name, id) => ({ id, name, colour: [0, 0, id] })),
      });
      const frame = { kind: 'key', pictureType: 'I', distance: 0, area: { x: 1 } } as const;
      for (let i = 0; i < 20000; i++) await file.add({ frame: i, time: i, ...frame });
      await file.finish({ summary: [], notes: [], losses: [] });
    };
    await write(CAMVID.classes);
    await expect(checkPredictedClasses(predictions, CAMVID)).resolves.toBeUndefined();
    await expect(checkPredictedClasses(predictions, CITYSCAPES)).rejects.toThrow(/of 11 classes .*has 19/);
    await write(['car', 'person']);
    await expect(checkPredictedClasses(predictions, CAMVID)).rejects.toThrow(/of 2 classes \(car, person\)/);
    const reformatted = JSON.stringify(JSON.parse(readFileSync(join(predictions, 'labels.json'), 'utf8')));
    writeFileSync(join(predictions, 'labels.json'), reformatted);
    await expect(checkPredictedClasses(predictions, CAMVID)).rejects.toThrow(InputError);
    writeFileSync(join(predictions, 'labels.json'), 'not ours');
    await expect(checkPredictedClasses(predictions, CAMVID)).resolves.toBeUndefined();
  });

  it('names a folder that is missing, empty or no folder', async () => {
    await expect(pairLabelFolders(predictions, truth)).rejects.toThrow(/holds no PNG/);
    await expect(pairLabelFolders(join(folder, 'none'), truth)).rejects.toThrow(/none does not exist/);
    writeFileSync(join(folder, 'file'), '');
    await expect(pairLabelFolders(join(folder, 'file'), truth)).rejects.toThrow(/is not a folder/);
  });
});
