/** Which operating points a model has, and what each of them is. */
import { InputError } from '../errors.js';
import type { Architecture, ModelKind } from '../network/architectures.js';
import type { WarpLayer } from '../network/key-frame.js';
import { type OperatingPoint, SPEEDS, type Speed } from '../network/operating-point.js';
import { DEFAULT_POINT, type PointDesign } from '../network/propagated-frame.js';
import type { ModelCard, NetworkEntry } from './model-card.js';

/** How non-key frames are made at a point of a segmenter. */
export interface SegmenterPoint extends PointDesign {
  /** Warped once from the key frame, along accumulated vectors; false: from the frame before. */
  readonly accumulated: boolean;
}

/** What is asked for by name: one of them, or neither. */
export interface PointChoice {
  readonly layer?: WarpLayer;
  readonly speed?: Speed;
}

export const NO_CORRECTION = { cfr: false, rga: false } as const;
/** Of a segmenter that was trained for none: its refined feature is carried on by the motion alone. */
const UNTRAINED: SegmenterPoint = { ...DEFAULT_POINT, correction: NO_CORRECTION, accumulated: true };

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

/** The points of a segmenter that were trained. */
export function trainedSpeeds({ networks }: Pick<ModelCard, 'networks'>): Speed[] {
  return SPEEDS.filter((speed) => networks[speed] !== undefined);
}

/** The layers of a lateral model that non-key frames can be warped at; Layer 3 needs no network of its own. */
export function trainedLayers({ networks }: Pick<ModelCard, 'networks'>): WarpLayer[] {
  return ([1, 2, 3] as const).filter((layer) => layer === 3 || networks[`layer${layer}`] !== undefined);
}

/**
 * The point that is asked for, or the model's default: Layer 1; of a segmenter 'accurate', or what it was trained for.
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
  const speeds = trainedSpeeds(card);
  const others = speeds.length > 0 ? `choose --speed ${orList(speeds)}` : 'it has none, and only warps';
  if (layer !== undefined)
    throw new InputError(
      `--layer ${layer}: ${model} warps no decoder layer; it has operating points: ${others}`,
    );
  if (speed !== undefined && !speeds.includes(speed))
    throw new InputError(`--speed ${speed}: ${model} was not trained for it; ${others}`);
  return speed ?? speeds[0] ?? 'accurate';
}

/** What a segmenter's point is; what it was not trained for only warps. An imported network has nothing to warp but scores. */
export function segmenterPoint(
  card: Pick<ModelCard, 'networks' | 'architecture'>,
  point: Speed,
): SegmenterPoint {
  const entry: NetworkEntry | undefined = card.networks[point];
  if (entry?.point) return { ...entry.point, correction: entry.correction ?? NO_CORRECTION };
  return architectureOf(card) === 'imported' ? { ...UNTRAINED, propagated: 'scores' } : UNTRAINED;
}

/** Whether features are warped from the key frame at once, along accumulated vectors. */
export function isAccumulated(card: ModelCard, point: OperatingPoint): boolean {
  return typeof point === 'string' && segmenterPoint(card, point).accumulated;
}

const orList = (values: readonly (string | number)[]): string => {
  const texts = values.map(String);
  return texts.length > 1 ? `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}` : texts.join();
};
