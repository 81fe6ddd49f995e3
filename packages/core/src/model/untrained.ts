/** Networks with random weights: as fast as trained ones, and of any backbone. */

import type { BackboneName } from '../network/backbones.js';
import type { NetworkDescription } from '../network/description.js';
import { keyFrameNetwork, type WarpLayer } from '../network/key-frame.js';
import { FULL_CORRECTION, nonKeyFrameNetwork } from '../network/non-key-frame.js';
import { randomWeights } from '../network/random-weights.js';
import type { LoadedNetwork, NetworkSource } from './loaded-network.js';
import { withContext } from './loaded-network.js';
import { type ModelCard, tailRankOf } from './model-card.js';

/**
 * Networks of `backbone` with weights from `random`, for the classes and pixels of another model's card. Non-key-frame
 * networks have the whole correction stage and tails of the same rank as those of that card.
 */
export function untrainedNetworks(
  backbone: BackboneName,
  likeCard: ModelCard,
  random: () => number,
): NetworkSource {
  const classes = likeCard.classes.length;
  const drawn = (description: NetworkDescription): LoadedNetwork => ({
    description,
    weights: randomWeights(description, random),
  });
  const key = drawn(keyFrameNetwork(backbone, classes));
  const nonKey = new Map<WarpLayer, LoadedNetwork>();
  return {
    card: { ...likeCard, name: 'random', backbone },
    keyFrame: (layer) => ({ ...key, description: withContext(key.description, layer) }),
    async nonKeyFrame(layer, warpAlone = layer === 3) {
      if (!warpAlone && layer !== 3) {
        const tail = tailRankOf(likeCard, layer);
        const network =
          nonKey.get(layer) ?? drawn(nonKeyFrameNetwork(backbone, classes, layer, FULL_CORRECTION, tail));
        nonKey.set(layer, network);
        return network;
      }
      const description = nonKeyFrameNetwork(backbone, classes, layer, { cfr: false, rga: false });
      return { description, weights: key.weights };
    },
  };
}
