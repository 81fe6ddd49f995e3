/** `twnet benchmark frontier`, `quality` and `agreement` as processes: that their figures agree with one another. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VideoAgreement } from '@twnet/bench/agreement/video-agreement';
import type { MethodFigures } from '@twnet/bench/frontier/frontier-report';
import type { StreamFigures } from '@twnet/bench/quality/quality';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { madeClip, writeClipFolder } from './made-clip.js';
import { writeRandomModel } from './random-model.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

let folder: string;
const at = (name: string) => join(folder, name);
const run = (...args: string[]) => twnet('benchmark', ...args, '--threads', '1');
const refused = (...args: string[]) => twnetHere('benchmark', 'frontier', at('clip'), ...args);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-frontier-test-'));
  await writeRandomModel(at('model'));
  await writeClipFolder(at('clip'), madeClip(7));
  await writePanningVideo(at('made.mp4'), { width: 64, height: 64, frames: 6, gop: 3 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('twnet benchmark frontier', () => {
  const frontier = (...args: string[]) => run('frontier', at('clip'), '--model', at('model'), ...args);

  it('scores and times every way, and draws it', async () => {
    const args = ['--scales', '0.5', '--gop', '3', '--rounds', '1', '--stretch', '2', '--all-starts'];
    const { exitCode, stdout } = await frontier(
      ...args,
      '--no-baselines',
      '--plot',
      at('frontier.svg'),
      '--json',
    );
    expect(exitCode).toBe(0);
    const { methods, frames, starts, stamp } = JSON.parse(stdout);
    expect([frames, starts, stamp.weights[0].name]).toEqual([7, 3, 'random']);
    const named = new Map((methods as MethodFigures[]).map((one) => [one.name, one]));
    const names = ['per frame at 0.5', 'per frame', 'Layer 1', 'Layer 3', 'warp alone, Layer 1'];
    expect([...named.keys()]).toEqual(names);
    const whole = named.get('per frame')!;
    for (const { meanIou, kept, milliseconds, timeShare, kind, asFast, curve } of named.values()) {
      expect(meanIou.lower).toBeLessThanOrEqual(meanIou.value);
      expect(meanIou.upper).toBeGreaterThanOrEqual(meanIou.value);
      expect(kept.value).toBeCloseTo(meanIou.value / whole.meanIou.value, 12);
      for (const [round, share] of timeShare.rounds.entries())
        expect(share).toBeCloseTo(milliseconds.rounds[round] / whole.milliseconds.rounds[round], 12);
      if (kind !== 'per-frame') expect(asFast!.gap.value).toBeCloseTo(meanIou.value - asFast!.meanIou, 12);
      expect(curve.map((point) => [point.distance, point.frames])).toEqual([
        ...[
          [0, 7],
          [1, 6],
          [2, 5],
        ],
      ]);
    }
    // Key frames are the same in all of them.
    expect(named.get('Layer 1')!.curve[0]).toEqual(whole.curve[0]);
    const above = named.get('Layer 1')!.curve[2].aboveWarp!.value;
    const [layer, warp] = ['Layer 1', 'warp alone, Layer 1'].map((name) => named.get(name)!.curve[2].meanIou);
    expect(above).toBeCloseTo(layer.value - warp.value, 12);
    const svg = await sharp(readFileSync(at('frontier.svg'))).metadata();
    expect([svg.format, svg.width]).toEqual(['svg', 720]);
  });

  it('refuses a plot that exists, and models of other classes', async () => {
    await writeFile(at('mine.svg'), 'mine');
    const plot = ['--model', at('model'), '--plot', at('mine.svg')];
    expectOneLine(await refused(...plot), 2, /mine\.svg: exists already.*--plot/);
    const card = JSON.parse(await readFile(at('model/model.json'), 'utf8'));
    await cp(at('model'), at('other'), { recursive: true });
    card.classes[0] = 'heaven';
    await writeFile(at('other/model.json'), JSON.stringify(card));
    expectOneLine(await refused('--model', at('other')), 2, /heaven/);
  });
});

describe('twnet benchmark quality', () => {
  it('scores every stream, against the finest of its codec and against per frame', async () => {
    const args = [at('clip'), '--model', at('model'), '--codings', 'mpeg4:2,mpeg4:25', '--gop', '3'];
    const { exitCode, stdout } = await run('quality', ...args, '--frames', '4', '--stretch', '2', '--json');
    expect(exitCode).toBe(0);
    const { streams, frames, framesPerSecond } = JSON.parse(stdout);
    const [fine, coarse] = streams as StreamFigures[];
    expect(coarse.bytes).toBeLessThan(fine.bytes);
    expect(fine.kilobitsPerSecond).toBeCloseTo((8 * fine.bytes * framesPerSecond) / frames / 1000, 9);
    for (const [i, { name, meanIou, abovePerFrame, lost }] of coarse.methods.entries()) {
      expect(lost!.value).toBeCloseTo(fine.methods[i].meanIou.value - meanIou.value, 12);
      if (name !== 'per frame')
        expect(abovePerFrame!.value).toBeCloseTo(meanIou.value - coarse.methods[0].meanIou.value, 12);
      expect(fine.methods[i].lost).toBeUndefined();
    }
  });
});

describe('twnet benchmark agreement', () => {
  const agreement = (...args: string[]) => run('agreement', at('made.mp4'), '--model', at('model'), ...args);

  it('compares a model with itself and with another', async () => {
    const args = ['--against', at('model'), '--recodings', 'mpeg4:25', '--gop', '3', '--frames', '5'];
    const { exitCode, stdout } = await agreement(...args, '--json');
    expect(exitCode).toBe(0);
    const [video] = JSON.parse(stdout).videos as (VideoAgreement & { video: string })[];
    expect(video).toMatchObject({ video: 'made.mp4', frames: 5, width: 64, betweenModels: 0 });
    for (const { disagreement, against } of [...video.recoded, video.halfSize]) {
      expect(disagreement).toBeGreaterThan(0);
      expect(against).toEqual({ disagreement, ratio: 1 });
    }
    const named = new Map(video.nonKey.map((one) => [one.name, one]));
    expect([...named.keys()]).toEqual(['per frame at 0.5', 'warp alone, Layer 1', 'Layer 1', 'Layer 3']);
    for (const { disagreement, byDistance, flicker, flickerShare } of named.values()) {
      expect(byDistance.map(({ distance, frames }) => [distance, frames])).toEqual([
        ...[
          [1, 2],
          [2, 1],
        ],
      ]);
      const sum = byDistance.reduce((total, one) => total + one.frames * one.disagreement, 0);
      expect(disagreement).toBeCloseTo(sum / 3, 12);
      expect(flickerShare).toBeCloseTo(flicker / video.perFrameFlicker, 12);
    }
    const [half, warp, layer] = video.nonKey.map(({ disagreement }) => disagreement);
    expect(named.get('Layer 1')!.ofBetter).toBeCloseTo(layer / Math.min(half, warp), 12);
  });
});
