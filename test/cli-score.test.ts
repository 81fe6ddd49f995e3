/** `twnet score` with everything: categories, bands, consistency, intervals, and what it refuses. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID_CATEGORIES } from '@twnet/core/classes';
import { seededRandom } from '@twnet/core/random';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

const [WIDTH, HEIGHT] = [32, 24];
let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

async function writeLabels(path: string, labels: Uint8Array): Promise<void> {
  const raw = { width: WIDTH, height: HEIGHT, channels: 1 as const };
  await sharp(labels, { raw }).toColourspace('b-w').png().toFile(path);
}

/** Three sequences of 18 pictures of CamVid's labels in patches, and predictions with a share of noise. */
async function writeSequences(): Promise<void> {
  for (const name of ['truth', 'good', 'bad', 'one']) mkdirSync(at(name));
  const random = seededRandom(4);
  for (let sequence = 0; sequence < 3; sequence++) {
    const patch = Uint8Array.from({ length: 48 }, () => Math.floor(12 * random()));
    const truth = Uint8Array.from(
      { length: WIDTH * HEIGHT },
      (_, i) => patch[8 * Math.floor(i / WIDTH / 4) + Math.floor((i % WIDTH) / 4)],
    );
    const noisy = (share: number) =>
      truth.map((label) => (label === 11 || random() < share ? Math.floor(11 * random()) : label));
    for (let frame = 1; frame <= 18; frame++) {
      const name = `s${sequence}_${frame}.png`;
      await writeLabels(at('truth', name), truth);
      await writeLabels(at('good', name), noisy(0.05 * (1 + sequence)));
      await writeLabels(at('bad', name), noisy(0.08 * (1 + sequence)));
      if (sequence === 0) await writeLabels(at('one', name), truth);
    }
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-cli-score-'));
  await writeSequences();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('twnet score', () => {
  it('gives every figure as JSON, each inside its interval', async () => {
    const options = ['--boundary', '--consistency', '--confidence', '--against', at('bad'), '--json'];
    const { stdout, stderr } = await twnet('score', at('good'), at('truth'), ...options);
    expect(stderr).toBe('');
    const report = JSON.parse(stdout);
    expect(report.categories.map(({ name }: { name: string }) => name)).toEqual(
      CAMVID_CATEGORIES.map(({ name }) => name),
    );
    expect(report.confidence).toMatchObject({ level: 0.95, resamples: 2000, sequences: 3 });
    for (const figure of ['meanIou', 'meanCategoryIou', 'pixelAccuracy', 'meanAccuracy']) {
      const [lower, upper] = report.confidence[figure];
      expect(lower).toBeLessThan(report[figure]);
      expect(upper).toBeGreaterThan(report[figure]);
    }
    for (const { iou, interval } of [...report.classes, ...report.categories]) {
      expect(interval[0]).toBeLessThanOrEqual(iou);
      expect(interval[1]).toBeGreaterThanOrEqual(iou);
    }
    expect(report.boundary.distance).toBe(5);
    // The noise is new in every frame: the longer a clip, the fewer pixels stay as they are.
    const { vc8, vc16 } = report.videoConsistency;
    expect(vc8).toBeGreaterThan(vc16);
    expect(vc8).toBeLessThan(report.pixelAccuracy);
    const { meanIou, difference, interval } = report.against;
    expect(difference).toBeCloseTo(report.meanIou - meanIou, 12);
    expect(interval[0]).toBeGreaterThan(0);
    expect(interval[0]).toBeLessThanOrEqual(difference);
    expect(interval[1]).toBeGreaterThanOrEqual(difference);
  });

  it('prints them as a table', async () => {
    const options = ['--boundary', '2', '--consistency', '--confidence', '--block', '5'];
    const { stdout } = await twnet('score', at('good'), at('truth'), ...options, '--against', at('good'));
    expect(stdout).toMatch(/^sky +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d – \d+\.\d\d$/m);
    expect(stdout).toMatch(/^human +\d+\.\d\d +\d+\.\d\d – \d+\.\d\d$/m);
    expect(stdout).toMatch(/^category mIoU .*\n(.*\n){2}mIoU in 2 px +\d+\.\d\d .*\nVC8 .*\nVC16 /m);
    expect(stdout).toMatch(/^mIoU more by +0\.00 +0\.00 – 0\.00$/m);
    // 18 pictures are three stretches of five and one of three.
    expect(stdout).toMatch(/^intervals: 12 stretches of 5 pictures, drawn anew 2000 times$/m);
  });

  it.each([
    {
      options: ['--confidence'],
      message: /one: by their names all label maps are of one sequence.*--block 10/,
    },
    { options: ['--confidence', '--block', '18'], message: /one: holds one stretch of 18 .*smaller --block/ },
    { options: ['--block', '3'], message: /--block needs --confidence/ },
    { options: ['--boundary', '0'], message: /--boundary.*whole number above 0/ },
    { options: ['--against', 'none'], message: /none does not exist/ },
  ])('answers “$options” with one line', async ({ options, message }) => {
    expectOneLine(await twnetHere('score', at('one'), at('one'), ...options), 2, message);
  });
});
