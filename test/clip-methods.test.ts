/** Ways to labels beside one another, on a made clip: as a library, and as `twnet benchmark clip --methods`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIP_METHODS } from '@twnet/bench/accuracy/clip-method';
import { type MethodScore, scoreMethod } from '@twnet/bench/accuracy/clip-methods';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import { CAMVID, CAMVID_CATEGORIES } from '@twnet/core/classes';
import { Model } from '@twnet/node/model/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { madeClip, writeClipFolder } from './made-clip.js';
import { writeRandomModel } from './random-model.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

const WIDTH = 64;
const HEIGHT = 64;
let folder: string;
const scores = new Map<string, MethodScore>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-methods-'));
  await writeRandomModel(folder);
  const model = await Model.open(folder);
  const run = { gop: 3, starts: [0], layer: 1, threads: 1 } as const;
  for (const method of CLIP_METHODS) scores.set(method, await scoreMethod(method, madeClip(5), model, run));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('scoreMethod', () => {
  it('scores every frame of every method, by distance, class and category', () => {
    for (const { curve, classes, categories, milliseconds } of scores.values()) {
      expect(curve.map(({ distance, frames }) => [distance, frames])).toEqual([
        [0, 2],
        [1, 2],
        [2, 1],
      ]);
      expect(classes.map(({ name }) => name)).toEqual(CAMVID.classes);
      expect(categories.map(({ name }) => name)).toEqual(CAMVID_CATEGORIES.map(({ name }) => name));
      expect(milliseconds).toBeGreaterThan(0);
    }
  });

  it('gives all methods the same key frames', () => {
    const atKey = [...scores.values()].map(({ curve }) => curve[0].meanIou);
    expect(new Set(atKey.map((value) => value.toFixed(6))).size).toBe(1);
    const farther = new Set([...scores.values()].map(({ curve }) => curve[1].meanIou));
    expect(farther.size).toBeGreaterThan(4);
  });

  it('states the latency of Interp-mv, which waits for the next key frame', () => {
    for (const [method, { latency }] of scores) expect(latency).toBe(method === 'interp-mv' ? 2 : 0);
  });
});

describe('twnet benchmark clip', () => {
  const at = (name: string) => join(folder, name);
  const clipAt = () => [
    ...['benchmark', 'clip', '--images', at('images'), '--labels', at('labels'), '--threads', '1'],
  ];

  beforeAll(() => writeClipFolder(folder, madeClip(4)));

  it('prints a column a method, and every number as JSON', async () => {
    const args = [...clipAt(), '--model', folder, '--gop', '3', '--methods', 'interp-mv,per-frame'];
    const table = await twnet(...args, '--by-class');
    expect(table.exitCode).toBe(0);
    expect(table.stdout).toMatch(/^distance +interp-mv +per-frame\n/);
    expect(table.stdout).toMatch(/\nkept +\d\.\d{4} +1\.0000\n/);
    expect(table.stdout).toMatch(/\nlatency +2 +0\n/);
    expect(table.stdout).toMatch(/\nbicyclist .*\n\nflat .*\nconstruction .*\nobject /);

    const { frames, columns } = JSON.parse((await twnetHere(...args, '--json')).stdout);
    expect(frames).toBe(4);
    expect(columns.map(({ method }: MethodScore) => method)).toEqual(['interp-mv', 'per-frame']);
    expect(columns[0].kept).toBeCloseTo(columns[0].meanIou / columns[1].meanIou, 10);
    expect(columns[0].classes).toHaveLength(11);
    expect(columns[0].categories.map(({ name }: { name: string }) => name)).toEqual(
      CAMVID_CATEGORIES.map(({ name }) => name),
    );
  });

  it('gives further models a column each', async () => {
    const other = at('other');
    await cp(at('model.json'), join(other, 'model.json'));
    for (const { weights } of Object.values((await Model.open(folder)).card.networks))
      await cp(at(weights), join(other, weights));
    const args = [...clipAt(), '--gop', '3', '--methods', 'per-frame,twnet', '--model', folder, other];
    const { columns } = JSON.parse((await twnetHere(...args, '--json')).stdout);
    expect(columns.map(({ method }: MethodScore) => method)).toEqual(['per-frame', 'twnet', 'twnet']);
    expect(columns[2]).toMatchObject({ model: 'other', kept: columns[1].kept });
  });

  it('takes the motion asked for', async () => {
    const args = [...clipAt(), '--model', folder, '--gop', '3', '--json', '--motion'];
    const { motion, columns } = JSON.parse((await twnetHere(...args, 'flow', '--methods', 'dff')).stdout);
    expect([motion, columns.length]).toEqual(['flow', 1]);
  });

  it('scores from every start: each picture at every distance, and the band along boundaries', async () => {
    const args = [...clipAt(), '--model', folder, '--gop', '3', '--all-starts', '--boundary', '2'];
    const { motion, columns } = JSON.parse(
      (await twnetHere(...args, '--motion', 'matching', '--json')).stdout,
    );
    expect(motion).toBe('matching');
    const methods = columns.map(({ method }: MethodScore) => method);
    expect(methods).toEqual(['per-frame', 'warp-alone', 'twnet']);
    for (const { curve, meanOverDistances, uniformDistance, boundaryMeanIou, videoConsistency } of columns) {
      const points = curve.map(({ meanIou }: { meanIou: number }) => meanIou);
      expect(meanOverDistances).toBeCloseTo(points.reduce((a: number, b: number) => a + b) / 3, 12);
      expect(uniformDistance.pictures).toBe(2);
      expect(uniformDistance.expected).toBeGreaterThan(0);
      expect(boundaryMeanIou).toBeGreaterThan(0);
      // Four frames hold no clip of eight.
      expect(videoConsistency).toEqual({ vc8: null, vc16: null });
    }
    const table = await twnetHere(...args, '--methods', 'per-frame');
    expect(table.stdout).toMatch(/\nall .*\nmean .*\nuniform .*\nboundary .*\nkept /);
  });

  it.each([
    { args: ['--motion', 'guess'], message: /flow:FILE\.onnx/ },
    { args: ['--methods', 'twnet,magic'], message: /magic.*interp-mv/ },
    { args: ['--model', 'nowhere'], message: /nowhere: is not a model folder/ },
  ])('answers “$args” with one line', async ({ args, message }) => {
    expectOneLine(await twnetHere(...clipAt(), ...args), 2, message);
  });
});

describe('twnet benchmark flicker', () => {
  it('prints flicker and temporal consistency, per frame and propagated', async () => {
    const video = join(folder, 'made.mp4');
    await writePanningVideo(video, { width: WIDTH, height: HEIGHT, frames: 6, gop: 3 });
    const args = ['benchmark', 'flicker', video, '--model', folder, '--threads', '1'];
    const report = JSON.parse((await twnetHere(...args, '--json')).stdout);
    expect(report.ratio).toBeCloseTo(report.propagated / report.perFrame, 12);
    for (const value of Object.values(report.temporalConsistency)) {
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(1);
    }
    expect((await twnetHere(...args)).stdout).toMatch(/\ntemporal consistency: .*\nper frame +\d/);
  });
});
