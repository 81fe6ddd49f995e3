/** The segmenter at any size: its grids, and that a cell looks at the same pixels whatever the frame's size. */
import { GraphSession } from '@twnet/node/engine/session';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { efficientVitSegmenter } from './efficientvit-segmenter.js';
import { runGraph } from './inference-graph.js';
import { propagatedFrameNetwork } from './propagated-frame.js';
import { randomWeights } from './random-weights.js';
import { layerShapes } from './shapes.js';

const CLASSES = 5;
const description = efficientVitSegmenter(CLASSES);
const weights = randomWeights(description, seededRandom(3));
/** Without what attention adds, which looks at all of a picture. */
const local = new Map(
  [...weights].map(([name, { shape, data }]) => [
    name,
    { shape, data: name.endsWith('project.norm.gamma') ? new Float32Array(data.length) : data },
  ]),
);

/** Pixels of one endless picture, smooth but for an edge here and there. */
function picture(height: number, width: number): Uint8Array {
  const pixels = new Uint8Array(3 * height * width);
  let at = 0;
  for (let plane = 0; plane < 3; plane++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const waves = Math.sin(x / (5 + plane)) + Math.cos(y / (7 - plane)) + Math.sin((x + 2 * y) / 31);
        pixels[at++] = 128 + 30 * waves + (((x >> 5) + (y >> 4)) % 2) * 30;
      }
  return pixels;
}

async function segment(height: number, width: number, of = weights) {
  const graph = runGraph({ description, weights: of }, height, width);
  await using session = await GraphSession.open(graph, { threads: 1 });
  const { scores, context, refined } = await session.run({ image: picture(height, width) });
  return { shape: graph.outputs.get('scores')!.shape, scores: scores as Float32Array, context, refined };
}

describe('EfficientViT-Seg-B0', () => {
  it.each([
    [1, 1],
    [17, 33],
    [33, 17],
    [8, 250],
    [65, 96],
    [119, 67],
  ])('labels %i × %i pixels on a grid of ⌈n / 8⌉ cells', async (height, width) => {
    const { shape, scores, context, refined } = await segment(height, width);
    const [rows, columns] = [Math.ceil(height / 8), Math.ceil(width / 8)];
    expect(shape).toEqual([1, CLASSES, rows, columns]);
    expect(scores).toHaveLength(CLASSES * rows * columns);
    for (const feature of [context, refined]) expect(feature).toHaveLength(32 * rows * columns);
    expect(scores.every(Number.isFinite)).toBe(true);
    const point = layerShapes(propagatedFrameNetwork(CLASSES), height, width);
    expect(point.get('classifier')).toEqual({ channels: CLASSES, rows, columns });
  });

  it.each([
    [256, 320],
    [233, 301],
  ])('a pixel more on each side of %i × %i leaves the far corner as it is', async (height, width) => {
    const [small, large] = [await segment(height, width, local), await segment(height + 1, width + 1, local)];
    const [, , , columns] = small.shape;
    const [, , , wide] = large.shape;
    const [channelsApart, largeApart] = [small, large].map(({ shape: [, , r, c] }) => r * c);
    /** Sum of absolute differences over the cells that are far from the borders that moved, one grid shifted. */
    const difference = (shift: number): number => {
      let sum = 0;
      for (let c = 0; c < CLASSES; c++)
        for (let y = 0; y < 12; y++)
          for (let x = 0; x < 16; x++)
            sum += Math.abs(
              small.scores[c * channelsApart + y * columns + x + shift] -
                large.scores[c * largeApart + y * wide + x],
            );
      return sum;
    };
    expect(difference(0)).toBeLessThan(1e-4 * difference(1));
  });
});
