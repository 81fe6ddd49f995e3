/** The segmenter with the real networks (untrained) on a clip through the real codec. */
import { describe, expect, it } from 'vitest';
import { sizeOf } from '../graph/graph.js';
import { GraphSession } from '../graph/session.js';
import { randomFrom } from '../motion/made-motion.js';
import {
  CONTEXT,
  inferenceGraph,
  keyFrameNetwork,
  type NetworkDescription,
  networkParameters,
  nonKeyFrameNetwork,
  type Weights,
} from '../network/index.js';
import { recodeClip } from '../video/index.js';
import type { FrameScores, SegmentationNetworks } from './networks.js';
import { type SegmentedFrame, segmentVideo } from './segmenter.js';

const WIDTH = 100;
const HEIGHT = 70;
const CLASSES = 11;

/** Random weights, norms at the identity: enough for labels that vary over the picture. */
function untrained(description: NetworkDescription, seed: number): Weights {
  const random = randomFrom(seed);
  return new Map(
    networkParameters(description).map(({ name, shape, role }) => {
      const spread = role === 'weight' ? Math.sqrt(6 / sizeOf(shape.slice(1))) : 0;
      const centre = role === 'gamma' || role === 'variance' ? 1 : 0;
      const data = Float32Array.from({ length: sizeOf(shape) }, () => centre + spread * (2 * random() - 1));
      return [name, { shape, data }];
    }),
  );
}

/** Both networks in this thread. */
async function openNetworks(layer: 1 | 3): Promise<SegmentationNetworks> {
  const full = keyFrameNetwork('mobilenet-v1', CLASSES);
  const outputs = { scores: full.outputs.scores, context: full.outputs[`context${layer}`] };
  const weights = untrained(full, 1);
  const nonKeyDescription = nonKeyFrameNetwork('mobilenet-v1', CLASSES, layer);
  // Layer 3 has nothing of its own: it ends with the key-frame network's classifier.
  const nonKeyWeights = layer === 3 ? weights : untrained(nonKeyDescription, 2);
  const open = (description: NetworkDescription, values: Weights) =>
    GraphSession.open(inferenceGraph(description, values, HEIGHT, WIDTH), { threads: 1 });
  const key = await open({ ...full, outputs }, weights);
  const nonKey = await open(nonKeyDescription, nonKeyWeights);
  return {
    classes: CLASSES,
    width: WIDTH,
    height: HEIGHT,
    layer,
    contextChannels: CONTEXT[layer].channels,
    contextStride: CONTEXT[layer].stride,
    async keyFrame(image) {
      return (await key.run({ image })) as unknown as FrameScores;
    },
    async nonKeyFrame(image, warped, residual) {
      const result = await nonKey.run(layer === 3 ? { warped } : { image, warped, residual });
      return { context: warped, ...result } as unknown as FrameScores;
    },
    async close() {
      await key.close();
      await nonKey.close();
    },
  };
}

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
  const networks = await openNetworks(layer);
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

  it('runs the per-frame model', async () => {
    const frames = await run(1, true);
    expect(frames.map((f) => f.kind)).toEqual(['key', 'key', 'key', 'key']);
    for (const { labels } of frames.slice(1)) expect(labels.length).toBe(WIDTH * HEIGHT);
  });
});
