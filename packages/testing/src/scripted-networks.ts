/** Stand-ins for tests of the order of things: what they compute is bookkeeping, not segmentation. */

import { NO_MOTION, type PictureType, type VideoFrame } from '@twnet/core/frame';
import type { Networks } from '@twnet/core/runtime/networks';
import { type BareNetworks, type BareResult, keepingNetworks } from '@twnet/core/segment/keeping-networks';
import { macroblocks } from './made-motion.js';

const SIZE = 32;
const CELLS = (SIZE / 4) ** 2;

/**
 * A frame of 32 × 32 pixels, every byte its index. I, P, B as coded; lower case: a discontinuity; x and y: a P-
 * and a B-frame without vectors into the past. Others have zero motion everywhere.
 */
export function madeFrame(letter: string, index: number): VideoFrame {
  const intra = 'Iixy'.includes(letter);
  return {
    index,
    timestamp: index / 25,
    pictureType: ({ x: 'P', y: 'B' }[letter] ?? letter.toUpperCase()) as PictureType,
    width: SIZE,
    height: SIZE,
    pixels: new Uint8Array(3 * SIZE * SIZE).fill(index),
    motion: intra ? NO_MOTION : macroblocks(SIZE, SIZE, () => [0, 0]),
    discontinuity: index === 0 || 'ipb'.includes(letter),
  };
}

/** Frames as a source, with what happened to it. */
export class MadeVideo {
  readonly info: { width: number; height: number; motionSource: 'codec' | 'estimate' };
  taken = 0;
  closed = false;

  constructor(
    readonly letters: string,
    motionSource: 'codec' | 'estimate' = 'codec',
    readonly failAt = Number.POSITIVE_INFINITY,
  ) {
    this.info = { width: SIZE, height: SIZE, motionSource };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame, void> {
    try {
      for (const letter of this.letters) {
        if (this.taken === this.failAt) throw new Error('the video broke');
        this.taken++;
        yield madeFrame(letter, this.taken - 1);
      }
    } finally {
      this.closed = true;
    }
  }
}

/**
 * Networks of two classes that write down their calls: `K5` for a key frame 5, `N5<4` for frame 5 from the
 * context of frame 4. The context is the frame's index everywhere; odd frames are class 1 throughout.
 */
export class ScriptedNetworks implements BareNetworks, Networks {
  readonly classes = 2;
  readonly width = SIZE;
  readonly height = SIZE;
  readonly layer = 3;
  readonly contextChannels = 2;
  readonly contextStride = 4;
  readonly calls: string[] = [];
  /** Mean residual of each non-key frame. */
  readonly residuals: number[] = [];
  running = 0;
  readonly usesResidual = true;
  readonly keyFrame: Networks['keyFrame'];
  readonly nonKeyFrame: Networks['nonKeyFrame'];
  readonly takeOver: Networks['takeOver'];
  readonly begin: Networks['begin'];

  readonly accumulated: boolean;
  readonly bidirectional: boolean;

  /** @param bidirectional frames are warped from the key frames before and after them */
  constructor(
    readonly failAt = -1,
    { bidirectional = false } = {},
  ) {
    this.accumulated = bidirectional;
    this.bidirectional = bidirectional;
    const { key, nonKey } = this;
    const bare = { ...this, key: key.bind(this), nonKey: nonKey.bind(this) };
    const { keyFrame, nonKeyFrame, takeOver, begin } = keepingNetworks(bare);
    this.keyFrame = keyFrame;
    this.nonKeyFrame = nonKeyFrame;
    this.takeOver = takeOver;
    this.begin = begin;
  }

  async close(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async key(pixels: Uint8Array): Promise<BareResult> {
    this.calls.push(`K${pixels[0]}`);
    return this.#result(pixels[0]);
  }

  async nonKey(pixels: Uint8Array, warped: Float32Array, residual: Float32Array): Promise<BareResult> {
    this.calls.push(`N${pixels[0]}<${warped[0]}`);
    this.residuals.push(residual.reduce((sum, v) => sum + v, 0) / residual.length);
    return { ...(await this.#result(pixels[0])), attention: new Float32Array(CELLS) };
  }

  async #result(index: number): Promise<BareResult> {
    if (++this.running > 1) throw new Error('two calls at a time');
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.running--;
    if (index === this.failAt) throw new Error('the network broke');
    const scores = new Float32Array(2 * CELLS).fill(1, (index % 2) * CELLS, ((index % 2) + 1) * CELLS);
    return { scores, context: new Float32Array(2 * CELLS).fill(index) };
  }
}
