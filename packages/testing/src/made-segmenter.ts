/** Segmenters that nobody trained, with operating points of any design, for tests. */
import { CAMVID } from '@twnet/core/classes';
import type { ModelCard } from '@twnet/core/model/model-card';
import { untrainedNetworks } from '@twnet/core/model/untrained';
import type { Speed } from '@twnet/core/network/operating-point';
import { DEFAULT_POINT, type PointDesign } from '@twnet/core/network/propagated-frame';
import { writeModelNetwork } from '@twnet/node/model/model-writer';
import { randomFrom } from './made-motion.js';

export type MadePoint = Partial<PointDesign> & {
  readonly accumulated?: boolean;
  readonly bidirectional?: boolean;
};

/** The card of a segmenter that has such points. */
export function segmenterCard(points: Partial<Record<Speed, MadePoint>> = {}): ModelCard {
  const networks: Record<string, unknown> = { key: { weights: 'key.safetensors' } };
  for (const [speed, point] of Object.entries(points)) {
    const { correction, accumulated = false, ...design } = { ...DEFAULT_POINT, ...point };
    networks[speed] = { weights: `${speed}.safetensors`, correction, point: { ...design, accumulated } };
  }
  return {
    format: 'twnet-model-1',
    name: 'made-segmenter',
    architecture: 'segmenter',
    backbone: 'efficientvit-b0',
    classes: [...CAMVID.classes],
    palette: CAMVID.palette.map(([r, g, b]) => [r, g, b]),
    normalisation: 'imagenet',
    networks: networks as ModelCard['networks'],
    provenance: { trainedOn: 'nothing', startedFrom: 'random numbers', licence: 'Apache-2.0' },
  };
}

/** Writes a model folder of a segmenter that nobody trained. */
export async function writeMadeSegmenter(
  folder: string,
  points: Partial<Record<Speed, MadePoint>> = {},
): Promise<void> {
  const made = segmenterCard(points);
  const source = untrainedNetworks('efficientvit-b0', made, randomFrom(5));
  const empty = { ...made, networks: {} as ModelCard['networks'] };
  let card = await writeModelNetwork(folder, empty, 'key', source.keyFrame().weights, {});
  for (const speed of Object.keys(points) as Speed[]) {
    const { correction, point } = made.networks[speed]!;
    const { weights } = await source.nonKeyFrame(speed);
    card = await writeModelNetwork(folder, card, speed, weights, { correction, point });
  }
}
