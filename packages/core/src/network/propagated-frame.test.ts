import { describe, expect, it } from 'vitest';
import { efficientVitSegmenter } from './efficientvit-segmenter.js';
import { DEFAULT_POINT, propagatedFrameNetwork, propagatedShape } from './propagated-frame.js';
import { layerShapes, networkParameters } from './shapes.js';

describe('non-key frames of the segmenter', () => {
  for (const propagated of ['refined', 'scores'] as const)
    for (const divisor of [2, 4] as const)
      for (const [height, width] of [
        [704, 960],
        [375, 1243],
        [67, 101],
      ])
        it(`keeps the grid of ${propagated}, 1/${divisor} of ${width}×${height}`, () => {
          const network = propagatedFrameNetwork(19, { ...DEFAULT_POINT, propagated, divisor });
          const shapes = layerShapes(network, height, width);
          const key = layerShapes(efficientVitSegmenter(19), height, width);
          const { channels } = propagatedShape(propagated, 19);
          const [rows, columns] = [Math.ceil(height / 8), Math.ceil(width / 8)];
          expect(shapes.get(network.outputs.context)).toEqual({ channels, rows, columns });
          expect(shapes.get(network.outputs.scores)).toEqual(key.get('classifier'));
          const half = { channels: 3, rows: Math.ceil(height / 2), columns: Math.ceil(width / 2) };
          expect(shapes.get('image')).toEqual(half);
        });

  it('shares its parameters by name with the key-frame network, but for the correction stage', () => {
    const key = new Set(networkParameters(efficientVitSegmenter(19)).map(({ name }) => name));
    const own = networkParameters(propagatedFrameNetwork(19)).filter(({ name }) => !key.has(name));
    expect(own.length).toBeGreaterThan(0);
    for (const { module } of own) expect(['CFR', 'RGA']).toContain(module);
  });
});
