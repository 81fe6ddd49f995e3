import { type MadePoint, segmenterCard } from '@twnet/testing/made-segmenter';
import { describe, expect, it } from 'vitest';
import { InputError } from '../errors.js';
import { type ModelCard, parseModelCard } from './model-card.js';
import {
  isAccumulated,
  isBidirectional,
  keyInterval,
  operatingPoint,
  type PointChoice,
  segmenterPoint,
} from './operating-points.js';

const FULL: MadePoint = { propagated: 'scores', divisor: 4, hidden: 16, accumulated: true };
const segmenter = segmenterCard({ accurate: {}, fast: FULL });
const lateral: ModelCard = {
  ...segmenter,
  architecture: undefined,
  backbone: 'mobilenet-v1',
  normalisation: { zeroPoint: 128, scale: 1 / 127.5 },
  networks: { key: { weights: 'key.safetensors' }, layer1: { weights: 'layer1.safetensors' } },
};

describe('operatingPoint', () => {
  it.each<[string, ModelCard, PointChoice, string | number]>([
    ['a lateral model’s Layer 1', lateral, {}, 1],
    ['the layer that is asked for', lateral, { layer: 3 }, 3],
    ['a segmenter’s accurate one', segmenter, {}, 'accurate'],
    ['the one that is asked for', segmenter, { speed: 'fast' }, 'fast'],
    ['the corrected one, where it was trained', segmenterCard({ causal: {} }), { speed: 'causal' }, 'causal'],
    ['accurate, where nothing was trained', segmenterCard(), {}, 'accurate'],
    ['fast, where nothing was trained', segmenterCard(), { speed: 'fast' }, 'fast'],
  ])('is %s', (_, card, choice, point) => {
    expect(operatingPoint(card, choice)).toBe(point);
  });

  it.each<[ModelCard, PointChoice, string]>([
    [
      lateral,
      { speed: 'fast' },
      '--speed fast: made-segmenter has no operating points; it warps decoder layers, choose --layer 1 or 3',
    ],
    [
      segmenter,
      { layer: 2 },
      '--layer 2: made-segmenter warps no decoder layer; it has operating points: choose --speed accurate or fast',
    ],
    [
      segmenter,
      { speed: 'causal' },
      '--speed causal: made-segmenter was not trained for it; choose --speed accurate or fast',
    ],
    [
      segmenterCard({ causal: {} }),
      { layer: 1 },
      '--layer 1: made-segmenter warps no decoder layer; it has operating points: choose --speed accurate, fast or causal',
    ],
    [segmenter, { layer: 1, speed: 'fast' }, '--layer 1 and --speed fast: choose one'],
  ])('refuses what a model does not have, and says what it has', (card, choice, message) => {
    expect(() => operatingPoint(card, choice)).toThrow(new InputError(message));
  });

  it('is what the card says of it, and warping from both key frames where that says nothing', () => {
    expect(segmenterPoint(segmenter, 'fast')).toMatchObject({
      ...FULL,
      correction: { cfr: true, rga: true },
    });
    expect(isAccumulated(segmenter, 'fast')).toBe(true);
    expect(isAccumulated(segmenter, 'accurate')).toBe(false);
    expect(isAccumulated(lateral, 1)).toBe(false);
    expect(isBidirectional(segmenter, 'fast')).toBe(false);
    expect(keyInterval(segmenter, 'fast')).toBeUndefined();
    const untrained = segmenterCard();
    for (const speed of ['accurate', 'fast'] as const) {
      const correction = { cfr: false, rga: false };
      expect(segmenterPoint(untrained, speed)).toMatchObject({ propagated: 'scores', correction });
      expect(isBidirectional(untrained, speed)).toBe(true);
    }
    expect([keyInterval(untrained, 'accurate'), keyInterval(untrained, 'fast')]).toEqual([4, undefined]);
    expect(isBidirectional(lateral, 1)).toBe(false);
  });
});

describe('a segmenter’s card', () => {
  type Loose = Record<string, Record<string, unknown>>;
  const read = (change: (card: Loose) => void): ModelCard => {
    const card = structuredClone(segmenter) as unknown as Loose;
    change(card);
    return parseModelCard(JSON.stringify(card), 'model.json');
  };

  it('is read as it was written', () => {
    expect(read(() => undefined)).toEqual(segmenter);
  });

  it.each<[string, (card: Loose) => void, RegExp]>([
    [
      'another backbone',
      (card) => Object.assign(card, { backbone: 'resnet-18' }),
      /^model\.json: backbone: is resnet-18; a segmenter's is efficientvit-b0$/,
    ],
    [
      'other pixels',
      (card) => Object.assign(card, { normalisation: { zeroPoint: 0, scale: 1 } }),
      /^model\.json: normalisation: is not imagenet/,
    ],
    [
      'a decoder layer',
      (card) => Object.assign(card.networks, { layer1: { weights: 'a' } }),
      /networks\.layer1: is none of a segmenter model/,
    ],
    [
      'a point of a lateral model',
      (card) => delete (card as Partial<Loose>).architecture,
      /networks\.accurate: is none of a lateral model/,
    ],
    [
      'a point without its design',
      (card) => delete (card.networks.fast as Loose).point,
      /networks\.fast\.point: is missing/,
    ],
    [
      'the design of a key-frame network',
      (card) => Object.assign(card.networks.key as Loose, { point: (card.networks.fast as Loose).point }),
      /networks\.key\.point: is of accurate, fast and causal alone/,
    ],
    [
      'a part of the size that there is none of',
      (card) => Object.assign((card.networks.fast as Loose).point, { divisor: 3 }),
      /networks\.fast\.point\.divisor/,
    ],
    [
      'something else to warp',
      (card) => Object.assign((card.networks.fast as Loose).point, { propagated: 'labels' }),
      /networks\.fast\.point\.propagated/,
    ],
    [
      'an architecture that is none',
      (card) => Object.assign(card, { architecture: 'other' }),
      /architecture/,
    ],
  ])('with %s is refused in one line', (_, change, message) => {
    expect(() => read(change)).toThrow(InputError);
    expect(() => read(change)).toThrow(message);
  });
});
