/** Models by name, and operating points, as a process. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import { loadNetworks } from '@twnet/node/networks/networks';
import { writeMadeSegmenter } from '@twnet/testing/made-segmenter';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { segment } from 'twnet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { filesIn } from './files-in.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

const [WIDTH, HEIGHT] = [100, 70];
let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-models-'));
  await writeMadeSegmenter(at('model'), {
    accurate: {},
    fast: { propagated: 'scores', divisor: 4, hidden: 8, accumulated: true },
  });
  await writePanningVideo(at('video.mp4'), { width: WIDTH, height: HEIGHT, frames: 5 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('twnet models', () => {
  it('lists what ships', async () => {
    const { exitCode, stdout } = await twnet('models', '--json');
    expect(exitCode).toBe(0);
    const models: { name: string; isDefault: boolean }[] = JSON.parse(stdout);
    expect(models.filter(({ isDefault }) => isDefault)).toHaveLength(1);
    const paper = models.find(({ name }) => name === 'camvid-mobilenet-v1');
    expect(paper).toMatchObject({ architecture: 'lateral', layers: [1, 2, 3], speeds: [] });
    expect((await twnetHere('models')).stdout).toMatch(/^camvid-mobilenet-v1.*\n {2}classes {5}11: sky, /m);
  });

  it('are found by their names; the nearest is named where there is none', async () => {
    const shown = await twnetHere('weights', 'show', 'camvid-mobilenet-v1');
    expect(shown.stdout).toMatch(/name {10}camvid-mobilenet-v1/);
    const mistyped = await twnetHere('segment', at('video.mp4'), '--model', 'camvid-mobilenet-v2');
    expectOneLine(mistyped, 2, /camvid-mobilenet-v2: .*did you mean 'camvid-mobilenet-v1'\?/);
  });
});

describe('twnet segment --speed', () => {
  it('works at the point and the size, says so, and does what the library does', async () => {
    const args = ['--model', at('model'), '--speed', 'fast', '--labels', at('labels'), '--json'];
    const { exitCode, stdout, stderr } = await twnet('segment', at('video.mp4'), ...args);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const working = { width: 2 * WIDTH, height: 2 * HEIGHT };
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ width: WIDTH, height: HEIGHT, scale: 2, workingSize: working, speed: 'fast', layer: null },
      frames: { key: 1, nonKey: 4 },
    });
    const { options, frames } = JSON.parse(readFileSync(at('labels', 'labels.json'), 'utf8'));
    expect(options).toMatchObject({ networkSize: working, speed: 'fast', layer: null });
    expect(options.nonKeySize).toEqual({ width: WIDTH, height: HEIGHT });

    const drive = await segment(at('video.mp4'), { model: at('model'), speed: 'fast' });
    for await (const { frame, labels, labelSize } of drive) {
      expect(labelSize).toEqual({ width: WIDTH, height: HEIGHT });
      const counts = new Map<string, number>();
      for (const id of labels) counts.set(drive.classes[id], (counts.get(drive.classes[id]) ?? 0) + 1);
      expect(frames[frame.index].area).toEqual(Object.fromEntries(counts));
    }
  });

  it.each([
    [
      ['--model', 'camvid-mobilenet-v1', '--speed', 'fast'],
      /--speed fast: camvid-mobilenet-v1 .*--layer 1, 2 or 3$/m,
    ],
    [['--layer', '2'], /--layer 2: made-segmenter .*--speed accurate or fast$/m],
    [['--speed', 'slow'], /--speed.*accurate, fast/],
    [['--scale', '9'], /--scale.*at most 4/],
  ])('refuses %j in one line', async (args, message) => {
    const model = args.includes('--model') ? [] : ['--model', at('model')];
    expectOneLine(await twnetHere('segment', at('video.mp4'), ...model, ...args), 2, message);
  });
});

it('twnet export writes a segmenter’s key frames and its points, which stand alone', async () => {
  const [width, height] = [96, 72];
  const args = ['export', '-o', at('onnx'), '--model', at('model'), '--size', `${width}x${height}`];
  const { exitCode, stderr } = await twnet(...args);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(filesIn(at('onnx'))).toEqual(['accurate.onnx', 'fast.onnx', 'key.onnx']);

  const keySize = { width, height };
  const frame = { width: width / 2, height: height / 2 };
  await using networks = await loadNetworks(at('model'), { ...frame, keySize, speed: 'fast', threads: 1 });
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 7919) % 251);
  const small = pixels.subarray(0, pixels.length / 4);
  const [rows, columns] = [height / 8, width / 8];
  const still = new Float32Array(rows * columns);
  const residual = new Float32Array(3 * rows * columns).fill(9);
  const ours = await networks.keyFrame(pixels, { keep: true });
  const next = await networks.nonKeyFrame(
    small,
    { rows, columns, stride: 4, dx: still, dy: still },
    residual,
  );

  const key = await InferenceSession.create(at('onnx', 'key.onnx'));
  const keyed = await key.run({ image: new Tensor('uint8', pixels, [1, 3, height, width]) });
  expect(Object.keys(keyed).sort()).toEqual(['labels', 'refined', 'scores']);
  expect(keyed.labels.data).toEqual(ours.labels);
  const fast = await InferenceSession.create(at('onnx', 'fast.onnx'));
  const moved = await fast.run({
    image: new Tensor('uint8', small.slice(), [1, 3, height / 2, width / 2]),
    warped: keyed.scores,
    residual: new Tensor('float32', residual, [1, 3, rows, columns]),
  });
  expect(moved.labels.data).toEqual(next.labels);
});
