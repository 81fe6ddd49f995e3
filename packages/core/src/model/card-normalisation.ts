import { BACKBONES, type BackboneName } from '../network/backbones.js';
import { PIXEL_SCALE, PIXEL_ZERO_POINT } from '../network/normalisation.js';
import type { ModelCard } from './model-card.js';

/** What a card says of how the pixels of a backbone enter. */
export function cardNormalisation(backbone: BackboneName): ModelCard['normalisation'] {
  return BACKBONES[backbone].normalisation === 'imagenet'
    ? 'imagenet'
    : { zeroPoint: PIXEL_ZERO_POINT, scale: PIXEL_SCALE };
}
