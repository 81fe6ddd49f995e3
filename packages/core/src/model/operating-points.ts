/** Which operating points a model has, and what each of them is. */
import { InputError } from '../errors.js';
import type { Architecture, ModelKind } from '../network/architectures.js';
import type { WarpLayer } from '../network/key-frame.js';
import { type OperatingPoint, SPEEDS, type Speed } from '../network/operating-point.js';
import { DEFAULT_POINT, type PointDesign } from '../network/propagated-frame.js';
import type { ModelCard } from './model-card.js';

/** How non-key frames are made at a point of a segmenter. */
export interface SegmenterPoint extends PointDesign {
  /** Warped once from the key frame, along accumulated vectors; false: from the frame before. */
  readonly accumulated: boolean;
  /** Frames between two key frames are warped from both of them; default from the one before. */
  readonly bidirectional?: boolean;
  /** A key frame at least every so many frames, beside those of the codec. */
  readonly interval?: number;
}

/** What is asked for by name: one of them, or neither. */
export interface PointChoice {
  readonly layer?: WarpLayer;
  readonly speed?: Speed;
}

export const NO_CORRECTION = { cfr: false, rga: false } as const;

/** Frames from one key frame to the next where accuracy counts. */
const ACCURATE_INTERVAL = 4;
const WARPED_SCORES: SegmenterPoint = {
  ...DEFAULT_POINT,
  propagated: 'scores',
  correction: NO_CORRECTION,
  accumulated: true,
  bidirectional: true,
};
/**
 * What every segmenter has, trained for it or not: scores of the key frames before and after, warped and mixed. A key frame
 * more costs less than correcting what lies between, and gains more (docs/research/frontier.md).
 */
const UNTRAINED: Readonly<Record<Exclude<Speed, 'causal'>, SegmenterPoint>> = {
  accurate: { ...WARPED_SCORES, interval: ACCURATE_INTERVAL },
  fast: WARPED_SCORES,
};

export const architectureOf = ({ architecture = 'lateral' }: Pick<ModelCard, 'architecture'>): ModelKind =>
  architecture;

/**
 * The architecture of a model whose key-frame network is described here.
 *
 * @throws InputError for an imported one
 */
export function describedArchitecture(card: Pick<ModelCard, 'architecture' | 'name'>): Architecture {
  const kind = architectureOf(card);
  if (kind !== 'imported') return kind;
  throw new InputError(
    `${card.name}: its key-frame network is another program's ONNX file, which this cannot be done with; give a model that ships or that twnet train wrote`,
  );
}

/** The operating points of a model; a lateral one has none. */
export function speedsOf(card: Pick<ModelCard, 'architecture' | 'networks'>): Speed[] {
  if (architectureOf(card) === 'lateral') return [];
  return SPEEDS.filter((speed) => speed in UNTRAINED || hasNetwork(card, speed));
}

/** Whether a segmenter was trained for a point. */
export function hasNetwork({ networks }: Pick<ModelCard, 'networks'>, speed: Speed): boolean {
  return networks[speed] !== undefined;
}

/** The layers of a lateral model that non-key frames can be warped at; Layer 3 needs no network of its own. */
export function trainedLayers({ networks }: Pick<ModelCard, 'networks'>): WarpLayer[] {
  return ([1, 2, 3] as const).filter((layer) => layer === 3 || networks[`layer${layer}`] !== undefined);
}

/**
 * The point that is asked for, or the model's default: Layer 1; of a segmenter 'accurate'.
 *
 * @param model where it was read from or its name, for errors
 * @throws InputError for a layer of a segmenter, the speed of a lateral model, and both of them
 */
export function operatingPoint(
  card: ModelCard,
  { layer, speed }: PointChoice,
  model = card.name,
): OperatingPoint {
  if (layer !== undefined && speed !== undefined)
    throw new InputError(`--layer ${layer} and --speed ${speed}: choose one`);
  if (architectureOf(card) === 'lateral') {
    if (speed === undefined) return layer ?? 1;
    throw new InputError(
      `--speed ${speed}: ${model} has no operating points; it warps decoder layers, choose --layer ${orList(trainedLayers(card))}`,
    );
  }
  const speeds = speedsOf(card);
  const others = `choose --speed ${orList(speeds)}`;
  if (layer !== undefined)
    throw new InputError(
      `--layer ${layer}: ${model} warps no decoder layer; it has operating points: ${others}`,
    );
  if (speed !== undefined && !speeds.includes(speed))
    throw new InputError(`--speed ${speed}: ${model} was not trained for it; ${others}`);
  return speed ?? 'accurate';
}

/** What a point is of a segmenter, or of an imported network. */
export function segmenterPoint({ networks }: Pick<ModelCard, 'networks'>, point: Speed): SegmenterPoint {
  const entry = networks[point];
  if (entry?.point) return { ...entry.point, correction: entry.correction ?? NO_CORRECTION };
  return UNTRAINED[point === 'causal' ? 'fast' : point];
}

/** Whether features are warped from the key frame at once, along accumulated vectors. */
export function isAccumulated(card: ModelCard, point: OperatingPoint): boolean {
  return typeof point === 'string' && segmenterPoint(card, point).accumulated;
}

/** Frames from one key frame to the next, at most; undefined where the codec's I-frames are enough. */
export function keyInterval(card: ModelCard, point: OperatingPoint): number | undefined {
  return typeof point === 'string' ? segmenterPoint(card, point).interval : undefined;
}

/** Whether frames between two key frames are warped from both. */
export function isBidirectional(card: ModelCard, point: OperatingPoint): boolean {
  if (typeof point !== 'string') return false;
  const { accumulated, bidirectional = false } = segmenterPoint(card, point);
  return accumulated && bidirectional;
}

const orList = (values: readonly (string | number)[]): string => {
  const texts = values.map(String);
  return texts.length > 1 ? `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}` : texts.join();
};
