/** Self-training and street scenes: frames labelled by a network, and training that mixes them in. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { Graph } from '@twnet/core/graph/graph';
import { GraphSession } from '@twnet/node/engine/session';
import { readModelCard } from '@twnet/node/model/model-files';
import { encodeClip } from '@twnet/node/video/encode-clip';
import { madeStill } from '@twnet/testing/made-stills';
import { appendConfidentLabels, labelledShare, pseudoLabelledStills } from '@twnet/train/data/pseudo-labels';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRandomModel } from './random-model.js';
import { twnet } from './run-cli.js';
import { writeTinyCamVid } from './tiny-camvid.js';

const SIZE = 64;

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-self-training-'));
  await writeTinyCamVid(at('camvid'), SIZE);
  await writeRandomModel(at('model'));
  const frames = Array.from({ length: 6 }, (_, i) => madeStill(96, 80, i + 1).pixels);
  writeFileSync(at('drive.m4v'), encodeClip(frames, { width: 96, height: 80, gop: 6, quality: 3 }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const size = { width: SIZE, height: SIZE };
const teach = (confidence: number, frames = 3) =>
  pseudoLabelledStills(
    { videos: [at('drive.m4v')], teacher: at('model'), confidence, interval: 0.01, frames },
    { ...size, classes: CAMVID.classes.length, threads: 2 },
  );

describe('pseudo-labels', () => {
  it('are the likeliest class where its probability reaches the threshold', async () => {
    const [classes, rows, columns, height, width] = [3, 2, 3, 7, 11];
    const scores = Float32Array.from({ length: classes * rows * columns }, (_, i) => 3 * Math.sin(2.3 * i));
    const graph = new Graph();
    graph.output('scores', graph.input('x', [1, classes, rows, columns]));
    appendConfidentLabels(graph, height, width, 0.6);
    const session = await GraphSession.open(graph, { threads: 1 });
    const labels = (await session.run({ x: scores })).labels;
    await session.close();

    // Bilinear at half-pixel centres, softmax, by hand.
    const tap = (i: number, extent: number): [number, number, number] => {
      const position = Math.min(Math.max((i + 0.5) / 4 - 0.5, 0), extent - 1);
      const low = Math.floor(position);
      return [low, Math.min(low + 1, extent - 1), position - low];
    };
    const expected = Array.from({ length: height * width }, (_, i) => {
      const [y0, y1, v] = tap(Math.floor(i / width), rows);
      const [x0, x1, u] = tap(i % width, columns);
      const values = Array.from({ length: classes }, (_, k) => {
        const s = (y: number, x: number) => scores[(k * rows + y) * columns + x];
        return (1 - v) * ((1 - u) * s(y0, x0) + u * s(y0, x1)) + v * ((1 - u) * s(y1, x0) + u * s(y1, x1));
      });
      const total = values.reduce((sum, value) => sum + Math.exp(value), 0);
      const best = values.indexOf(Math.max(...values));
      return Math.exp(values[best]) / total >= 0.6 ? best : 255;
    });
    expect(new Set(expected)).toEqual(new Set([0, 1, 2, 255]));
    expect([...labels].map(Number)).toEqual(expected);
  });

  it('cover frames of the video at the wanted size, fewer pixels the surer they must be', async () => {
    const [all, some, none] = [await teach(0), await teach(0.2), await teach(1)];
    expect(all).toHaveLength(3);
    expect(all[0]).toMatchObject(size);
    expect(all[0].name).toMatch(/drive\.m4v, frame 0$/);
    expect(all.map(({ pixels }) => pixels.length)).toEqual([1, 2, 3].map(() => 3 * SIZE * SIZE));
    expect(labelledShare(all)).toBe(1);
    expect(labelledShare(some)).toBeLessThan(1);
    expect(labelledShare(none)).toBeLessThan(labelledShare(some));
    for (const [i, still] of some.entries()) {
      expect(still.pixels).toEqual(all[i].pixels);
      still.labels.forEach((label, p) => {
        if (label !== 255) expect(label).toBe(all[i].labels[p]);
      });
    }
    // More frames are wanted than there are.
    expect(await teach(0, 50)).toHaveLength(6);
  });

  it('refuse a teacher of other classes', async () => {
    const wrong = pseudoLabelledStills(
      { videos: [at('drive.m4v')], teacher: at('model'), confidence: 0, interval: 1, frames: 1 },
      { ...size, classes: 19 },
    );
    await expect(wrong).rejects.toThrow(/labels 11 classes, the data has 19/);
  });
});

describe('twnet train with mixed data', () => {
  const mixed = () => ({
    size,
    batch: 4,
    steps: 2,
    holdOut: 0,
    data: { street: 0.25 },
    selfTraining: {
      videos: [at('drive.m4v')],
      teacher: at('model'),
      share: 0.25,
      confidence: 0,
      interval: 0.01,
      frames: 3,
    },
  });
  const run = async (step: string, name: string, config: object, more: string[] = []) => {
    writeFileSync(at(`${name}.json`), JSON.stringify(config));
    const place = ['--data', at('camvid'), '--out', at(name), '--config', at(`${name}.json`)];
    const result = await twnet('train', step, ...place, '--threads', '2', '--quiet', ...more);
    expect(result.stderr).toBe('');
    const log = readFileSync(at(name, 'log.jsonl'), 'utf8').trim().split('\n');
    return log.map((line) => JSON.parse(line).loss).filter((loss) => loss !== undefined);
  };

  it('learns on streets and videos beside the stills in step 1, and says so', async () => {
    const losses = await run('key', 'key', mixed());
    expect(losses).toHaveLength(2);
    expect(await run('key', 'plain', { ...mixed(), data: {}, selfTraining: {} })).not.toEqual(losses);
    const { provenance } = await readModelCard(at('key', 'model'));
    expect(provenance.trainedOn).toMatch(/CamVid.*generated street scenes; unlabelled video/);
  });

  it('and on clips of them in step 2', async () => {
    const config = { ...mixed(), batch: 2, clipLength: 2, correction: { steps: 0 } };
    expect(await run('nonkey', 'nonkey', config, ['--model', at('model')])).toHaveLength(2);
  });
});
