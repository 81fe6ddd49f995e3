import { writeFile } from 'node:fs/promises';
import { InputError } from '@twnet/core/errors';
import type { VideoFrame } from '@twnet/core/frame';
import { Graph } from '@twnet/core/graph/graph';
import { toOnnx } from '@twnet/core/graph/onnx-format';
import { denseMotion } from '@twnet/core/motion/dense-motion';
import { type MadeFlowNetwork, madeFlowNetwork } from '@twnet/testing/made-flow-network';
import { movingTexture, TestFolder } from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { recodeClip } from '../video/recode-clip.js';
import { type FlowConvention, FlowNetwork } from './flow-network.js';
import { MotionSource, type MotionSpec, motionName } from './motion-source.js';

const [WIDTH, HEIGHT] = [128, 96];
const [DX, DY] = [3, -2];

/** A texture that moves by (DX, DY) a frame, coded with an I-frame in four; `broken` starts a new scene. */
function clip(broken?: number): VideoFrame[] {
  const { frames } = movingTexture(WIDTH, HEIGHT, 6, DX, DY);
  const coded = recodeClip(frames, { width: WIDTH, height: HEIGHT, gop: 4 });
  return coded.map((frame) => (frame.index === broken ? { ...frame, discontinuity: true } : frame));
}

async function framesOf(spec: MotionSpec, broken?: number) {
  using source = await MotionSource.open(spec, WIDTH, HEIGHT);
  const moved = source.start();
  const frames: VideoFrame[] = [];
  for (const frame of clip(broken)) frames.push(await moved(frame));
  return { source, frames };
}

/** Share of the cells off the border whose vector is right to half a pixel. */
function rightShare({ motion }: VideoFrame): number {
  const { rows, columns, dx, dy } = denseMotion(motion, WIDTH, HEIGHT, 8);
  let right = 0;
  let all = 0;
  for (let row = 2; row < rows - 2; row++) {
    for (let column = 2; column < columns - 2; column++, all++) {
      const cell = row * columns + column;
      if (Math.hypot(dx[cell] - DX, dy[cell] - DY) < 0.5) right++;
    }
  }
  return right / all;
}

describe('MotionSource', () => {
  it.each<MotionSpec>([
    'codec',
    'accumulated',
    'flow',
    'matching',
  ])('%s: finds a known motion', async (spec) => {
    const { frames, source } = await framesOf(spec);
    const estimated = spec === 'flow' || spec === 'matching';
    expect(source.estimates).toBe(estimated);
    expect(source.name).toBe(spec);
    expect(source.accumulated).toBe(spec === 'accumulated');
    expect(frames.map(({ pictureType }) => pictureType).join('')).toBe('IPPPIP');
    // Estimated motion leads over I-frames too.
    const moving = frames.filter(({ motion }) => motion.count > 0);
    expect(moving.map(({ index }) => index)).toEqual(estimated ? [1, 2, 3, 4, 5] : [1, 2, 3, 5]);
    for (const frame of moving) expect(rightShare(frame)).toBeGreaterThan(0.85);
  });

  it('estimates nothing across a discontinuity', async () => {
    const { frames } = await framesOf('matching', 2);
    expect(frames.map(({ motion }) => motion.count > 0)).toEqual([false, true, false, true, true, true]);
  });

  it('takes a flow network from a file', async () => {
    using folder = new TestFolder();
    const file = folder.at('match.onnx');
    await writeFile(file, madeFlowNetwork({ width: WIDTH, height: HEIGHT }));
    const { frames, source } = await framesOf({ network: file });
    expect(source.name).toBe(`flow:${file}`);
    for (const frame of frames.slice(1)) expect(rightShare(frame)).toBeGreaterThan(0.85);
  });
});

describe('FlowNetwork', () => {
  async function withFile<T>(bytes: Uint8Array, use: (file: string) => Promise<T>): Promise<T> {
    using folder = new TestFolder();
    await writeFile(folder.at('net.onnx'), bytes);
    return await use(folder.at('net.onnx'));
  }
  const size = { width: WIDTH, height: HEIGHT };

  it.each<[string, MadeFlowNetwork, FlowConvention?]>([
    ['values 0..255', size],
    ['values 0..1', { ...size, clip: [0, 1] }, { values: '0..1' }],
    ['values −1..1', { ...size, clip: [-1, 1] }, { values: '-1..1' }],
    ['both pictures in one input', { ...size, joined: true }],
    ['an output of a quarter, in its own cells', { ...size, cell: 4, unit: 4 }, { unit: 4 }],
    ['an output of a quarter, in pixels', { ...size, cell: 4 }],
    ['vectors in units of 20 pixels', { ...size, unit: 20 }, { unit: 20 }],
    ['a size of its own', { width: 160, height: 112 }],
  ])('gives a network its pictures, and takes its vectors, as it is told: %s', async (_what, options, told) => {
    await withFile(madeFlowNetwork(options), async (file) => {
      const { frames } = movingTexture(WIDTH, HEIGHT, 2, DX, DY);
      using network = await FlowNetwork.open(file, WIDTH, HEIGHT, told);
      const motion = await network.between(frames[1], frames[0]);
      expect(rightShare({ motion } as VideoFrame)).toBeGreaterThan(0.85);
    });
  });

  it('is named as the command line takes it', () => {
    expect(motionName({ network: 'a.onnx' })).toBe('flow:a.onnx');
    expect(motionName({ network: 'a.onnx', values: '0..1' })).toBe('flow:a.onnx:0..1');
    expect(motionName({ network: 'a.onnx', unit: 20 })).toBe('flow:a.onnx:0..255:20');
  });

  const scaled = new Graph();
  scaled.output(
    'twice',
    scaled.node('Mul', [scaled.input('image', [1, 3, 8, 8]), scaled.scalar(2)], [1, 3, 8, 8]),
  );
  const still = new Graph();
  const image = still.input('images', [1, 6, HEIGHT, WIDTH]);
  const slice = [[0], [3], [1]].map((list) => still.integers(list));
  still.output('half', still.node('Slice', [image, ...slice], [1, 3, HEIGHT, WIDTH]));

  it.each<[string, Uint8Array, RegExp]>([
    ['no ONNX', new TextEncoder().encode('not a network'), /is no ONNX network that runs here/],
    [
      'one picture only',
      toOnnx(scaled),
      /takes image: float32 \[1, 3, 8, 8\]; a flow network takes two inputs/,
    ],
    [
      'no flow',
      toOnnx(still),
      /gives float32 \[1, 3, 96, 128\]; optical flow is float32 \[1, 2, rows, columns\]/,
    ],
  ])('refuses a file that is %s, in one line', async (_what, bytes, message) => {
    await withFile(bytes, async (file) => {
      const { frames } = movingTexture(WIDTH, HEIGHT, 2, DX, DY);
      const between = async (): Promise<void> => {
        using network = await FlowNetwork.open(file, WIDTH, HEIGHT);
        await network.between(frames[1], frames[0]);
      };
      const failure = await between().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(InputError);
      expect((failure as Error).message).toMatch(message);
      expect((failure as Error).message).toContain(`${file}: `);
      expect((failure as Error).message).not.toContain('\n');
    });
    await expect(FlowNetwork.open('no-such.onnx', WIDTH, HEIGHT)).rejects.toThrow(
      /no-such.onnx: cannot be read/,
    );
  });
});
