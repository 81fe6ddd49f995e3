/** Networks with random weights: as fast as trained ones, and of any backbone. */
import { perFrameNetwork } from '../network/architectures.js';
import type { BackboneName } from '../network/backbones.js';
import type { NetworkDescription } from '../network/description.js';
import { FULL_CORRECTION } from '../network/non-key-frame.js';
import type { OperatingPoint } from '../network/operating-point.js';
import { randomWeights } from '../network/random-weights.js';
import { cardNormalisation } from './card-normalisation.js';
import {
  keyFrameDescription,
  type LoadedNetwork,
  type NetworkSource,
  nonKeyFrameDescription,
} from './loaded-network.js';
import type { ModelCard } from './model-card.js';
import { describedArchitecture, hasNetwork } from './operating-points.js';

/**
 * Networks of `backbone` with weights from `random`, for the classes of another model's card. Non-key-frame networks of a
 * lateral model have the whole correction stage and tails of the same rank as those of that card, a segmenter's are the
 * points of that card.
 *
 * @param likeCard of a segmenter: so are the networks, where the backbone is its own; lateral ones otherwise
 */
export function untrainedNetworks(
  backbone: BackboneName,
  likeCard: ModelCard,
  random: () => number,
): NetworkSource {
  const card = untrainedCard(backbone, likeCard);
  const drawn = (description: NetworkDescription): LoadedNetwork => ({
    description,
    weights: randomWeights(description, random),
  });
  const key = drawn(perFrameNetwork(describedArchitecture(card), backbone, card.classes.length));
  const nonKey = new Map<OperatingPoint, LoadedNetwork>();
  const onlyWarps = (point: OperatingPoint): boolean =>
    point === 3 || (typeof point === 'string' && !hasNetwork(card, point));
  return {
    card,
    keyFrame: (point) => ({ ...key, description: keyFrameDescription(card, point) }),
    async nonKeyFrame(point, warpAlone = onlyWarps(point)) {
      const description = nonKeyFrameDescription(card, point, warpAlone);
      if (warpAlone || point === 3) return { description, weights: key.weights };
      const network = nonKey.get(point) ?? drawn(description);
      nonKey.set(point, network);
      return network;
    },
  };
}

function untrainedCard(backbone: BackboneName, likeCard: ModelCard): ModelCard {
  const architecture = backbone === likeCard.backbone ? describedArchitecture(likeCard) : 'lateral';
  const whole = ({ tailRank }: { tailRank?: number } = {}) => ({
    weights: 'random',
    correction: FULL_CORRECTION,
    ...(tailRank === undefined ? {} : { tailRank }),
  });
  const { key, layer1, layer2 } = likeCard.networks;
  return {
    ...likeCard,
    name: 'random',
    architecture,
    backbone,
    normalisation: cardNormalisation(backbone),
    networks:
      architecture === 'segmenter'
        ? likeCard.networks
        : { key, layer1: whole(layer1), layer2: whole(layer2) },
  };
}
