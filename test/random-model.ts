import { CAMVID } from '../src/data/classes.js';
import { keyFrameNetwork } from '../src/network/key-frame.js';
import type { ModelCard } from '../src/network/model-card.js';
import { writeModelNetwork } from '../src/network/model-writer.js';
import { FULL_CORRECTION, nonKeyFrameNetwork } from '../src/network/non-key-frame.js';
import { PIXEL_SCALE, PIXEL_ZERO_POINT } from '../src/network/normalisation.js';
import { randomWeights } from '../src/train/initial-weights.js';

/** Writes a model folder with random weights: key-frame network and Layer 1, MobileNetV1, CamVid's classes. */
export async function writeRandomModel(folder: string): Promise<void> {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const classes = CAMVID.classes.length;
  const key = keyFrameNetwork('mobilenet-v1', classes);
  const layer1 = nonKeyFrameNetwork('mobilenet-v1', classes, 1);
  const card: ModelCard = {
    format: 'twnet-model-1',
    name: 'random',
    backbone: 'mobilenet-v1',
    classes: [...CAMVID.classes],
    palette: CAMVID.palette.map(([r, g, b]) => [r, g, b]),
    normalisation: { zeroPoint: PIXEL_ZERO_POINT, scale: PIXEL_SCALE },
    networks: { key: { weights: 'key.safetensors' } },
    provenance: { trainedOn: 'nothing', startedFrom: 'random numbers', licence: 'MIT' },
  };
  const withKey = await writeModelNetwork(folder, card, 'key', randomWeights(key, random), {});
  await writeModelNetwork(folder, withKey, 'layer1', randomWeights(layer1, random), {
    correction: FULL_CORRECTION,
  });
}
