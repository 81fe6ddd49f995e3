/** The segmenter with the real networks (untrained) on a clip through the real codec. */

import { recodeClip } from '@twnet/node/video/recode-clip';
import { openUntrained } from '@twnet/testing/untrained-networks';
import { describe, expect, it } from 'vitest';
import type { SegmentedFrame } from './segmented-frame.js';
import { segmentVideo } from './segmenter.js';

const WIDTH = 100;
const HEIGHT = 70;

/** One still picture, four times over. */
function stillClip() {
  const picture = Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => {
    const y = Math.floor(i / WIDTH);
    return 128 + 60 * Math.sin((i % WIDTH) / 6) * Math.cos(y / 5) + 50 * Math.sin(y / 25);
  });
  return recodeClip(new Array(4).fill(picture), { width: WIDTH, height: HEIGHT });
}

async function run(layer: 1 | 3, perFrame = false): Promise<SegmentedFrame[]> {
  const clip = stillClip();
  const video = {
    info: { width: WIDTH, height: HEIGHT, motionSource: 'codec' as const },
    async *[Symbol.asyncIterator]() {
      yield* clip;
    },
  };
  const networks = await openUntrained(layer, WIDTH, HEIGHT);
  try {
    const frames: SegmentedFrame[] = [];
    const options = { keyFrames: { mode: 'codec' as const }, perFrame };
    for await (const frame of segmentVideo(video, networks, options)) frames.push(frame);
    return frames;
  } finally {
    await networks.close();
  }
}

describe('segmentVideo with the real networks', () => {
  it('carries the key frame’s labels unchanged through a still clip by warping alone (Layer 3)', async () => {
    const frames = await run(3);
    expect(frames.map((f) => f.kind)).toEqual(['key', 'nonkey', 'nonkey', 'nonkey']);
    expect(new Set(frames[0].labels).size).toBeGreaterThan(1);
    for (const { labels, field } of frames.slice(1)) {
      expect(field?.dx.every((v) => v === 0) && field.dy.every((v) => v === 0)).toBe(true);
      expect(labels).toEqual(frames[0].labels);
    }
  });

  it('runs correction and attention on every non-key frame (Layer 1)', async () => {
    const frames = await run(1);
    expect(frames[0].attention).toBeUndefined();
    for (const { labels, attention } of frames.slice(1)) {
      expect(labels.length).toBe(WIDTH * HEIGHT);
      expect(attention?.length).toBe(7 * 5);
      expect(attention?.every((v) => v > 0 && v < 1)).toBe(true);
    }
  });

  it('runs the per-frame network', async () => {
    const frames = await run(1, true);
    expect(frames.map((f) => f.kind)).toEqual(['key', 'key', 'key', 'key']);
    for (const { labels } of frames.slice(1)) expect(labels.length).toBe(WIDTH * HEIGHT);
  });
});
