import { CAMVID } from '@twnet/core/classes';
import type { ModelCard } from '@twnet/core/model/model-card';
import { keyFrameNetwork } from '@twnet/core/network/key-frame';
import { FULL_CORRECTION, nonKeyFrameNetwork } from '@twnet/core/network/non-key-frame';
import { PIXEL_SCALE, PIXEL_ZERO_POINT } from '@twnet/core/network/normalisation';
import { randomWeights } from '@twnet/core/network/random-weights';
import { writeModelNetwork } from '@twnet/node/model/model-writer';

/** Writes a model folder with random weights: key-frame network and Layer 1, CamVid's classes. MobileNetV2 is half as large. */
export async function writeRandomModel(
  folder: string,
  backbone: 'mobilenet-v1' | 'mobilenet-v2' = 'mobilenet-v2',
): Promise<void> {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const classes = CAMVID.classes.length;
  const key = keyFrameNetwork(backbone, classes);
  const layer1 = nonKeyFrameNetwork(backbone, classes, 1);
  const card: ModelCard = {
    format: 'twnet-model-1',
    name: 'random',
    backbone,
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
