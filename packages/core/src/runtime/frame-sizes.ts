/** Sizes of what goes into networks and comes out of them, for frames of one size. */
import type { LabelStride } from '../kernels/labels.js';
import type { ModelCard } from '../model/model-card.js';
import { architectureOf } from '../model/operating-points.js';
import { gridSize, type Stride } from '../motion/grid.js';
import type { InputLayer, NetworkDescription } from '../network/description.js';
import { SEGMENTER_STRIDE } from '../network/efficientvit-segmenter.js';
import { longestSide } from '../network/imported-network.js';
import { PICTURE_STRIDE } from '../network/propagated-frame.js';
import { halfOf, labelSize } from '../network/working-size.js';
import type { FrameLayout, PictureSize } from './frame-call.js';

type Context = NonNullable<FrameLayout['context']> & { readonly stride: Stride };

export interface FrameSizes {
  /** Of the pictures that key frames come with. */
  readonly given: PictureSize;
  /** Of the picture that the key-frame network sees, and whether it enlarges what comes to it. */
  readonly key: PictureSize;
  readonly enlarges: boolean;
  /** In whose pixels the non-key-frame network's strides are. */
  readonly graph: PictureSize;
  readonly labels: PictureSize;
  readonly scores: Pick<FrameLayout, 'rows' | 'columns' | 'labels'>;
  /** Of what is warped. */
  contextOf(nonKey: NetworkDescription, isScores: boolean): Context;
}

/** Sizes for networks of a model, of a video that was opened as {@link openingFor} says, at whatever scale. */
export function sizesFor(
  card: Pick<ModelCard, 'architecture'>,
  { width, height, keyWidth, keyHeight, scale }: VideoSizes,
): Omit<Sizes, 'perFrame'> {
  if (architectureOf(card) !== 'segmenter') return { width, height };
  const keySize = { width: keyWidth, height: keyHeight };
  const labels = labelSize({ key: keySize, scale });
  return { width, height, keySize, labelSize: { width: labels.width, height: labels.height } };
}

/**
 * How a video is to be opened for a model: a segmenter's at a scale by the video's size, with pictures of two sizes unless
 * it is for the network of key frames alone. For an imported network at most at the size that it is meant for. Lateral
 * models see the video as it is.
 */
export function openingFor(
  card: Pick<ModelCard, 'architecture' | 'imported'>,
  perFrame = false,
): { readonly scale?: 'auto'; readonly keyPictures?: boolean; readonly maxSide?: number } {
  if (card.imported) return { maxSide: longestSide(card.imported) };
  return architectureOf(card) === 'segmenter' ? { scale: 'auto', keyPictures: !perFrame } : {};
}

/** What a video says of its sizes. */
interface VideoSizes extends PictureSize {
  readonly keyWidth: number;
  readonly keyHeight: number;
  /** Pixels of the key picture's side for each of the video's own. */
  readonly scale: number;
}

/** Asked for. */
interface Sizes extends PictureSize {
  readonly keySize?: PictureSize;
  readonly labelSize?: PictureSize;
  readonly perFrame?: boolean;
}

/** @throws RangeError for sizes that do not go together */
export function frameSizes(card: Pick<ModelCard, 'architecture'>, sizes: Sizes): FrameSizes {
  const kind = architectureOf(card);
  if (kind === 'segmenter') return segmenterSizes(sizes);
  const { width, height, keySize, labelSize } = sizes;
  const frame = { width, height };
  for (const size of [keySize, labelSize])
    if (size && !isSame(size, frame))
      throw new RangeError(`networks: ${text(size)} for a model that sees frames alone, ${text(frame)}`);
  // What an imported network gives is propagated as a segmenter's scores are: of a key picture of twice the frame's sides.
  return kind === 'imported' ? segmenterSizes(frame) : lateralSizes(frame);
}

const LATERAL_STRIDE = 4;

function lateralSizes(frame: PictureSize): FrameSizes {
  return {
    ...{ given: frame, key: frame, enlarges: false, graph: frame, labels: frame },
    ...withLabels(frame, LATERAL_STRIDE, frame, LATERAL_STRIDE, 1),
  };
}

function segmenterSizes({ width, height, keySize, labelSize, perFrame }: Sizes): FrameSizes {
  const frame = { width, height };
  // Strides of a segmenter's networks are those of its key picture.
  const graph = { width: PICTURE_STRIDE * width, height: PICTURE_STRIDE * height };
  const key = keySize ?? graph;
  if (!isSame(halfOf(key), frame) && !(perFrame && isSame(key, frame)))
    throw new RangeError(
      `networks: key pictures of ${text(key)} for frames of ${text(frame)}; not twice that`,
    );
  const given = keySize ?? frame;
  const labels = labelSize ?? given;
  if (!isSame(labels, key) && !isSame(labels, halfOf(key)))
    throw new RangeError(
      `networks: labels of ${text(labels)} for key pictures of ${text(key)}; neither that nor half of it`,
    );
  const stride = isSame(labels, key) ? SEGMENTER_STRIDE : SEGMENTER_STRIDE / PICTURE_STRIDE;
  return {
    ...{ given, key, enlarges: keySize === undefined, graph, labels },
    ...withLabels(key, SEGMENTER_STRIDE, labels, stride as LabelStride, PICTURE_STRIDE),
  };
}

function withLabels(
  key: PictureSize,
  scoreStride: LabelStride,
  labels: PictureSize,
  stride: LabelStride,
  pictureStride: number,
): Pick<FrameSizes, 'scores' | 'contextOf'> {
  return {
    scores: { ...gridSize(key.width, key.height, scoreStride), labels: { ...labels, stride } },
    contextOf(nonKey, isScores) {
      const { channels, stride: ofKey } = nonKey.layers.find(isWarped)!;
      const grid = gridSize(key.width, key.height, ofKey);
      return { channels, ...grid, isScores, stride: (ofKey / pictureStride) as Stride };
    },
  };
}

const isWarped = (layer: NetworkDescription['layers'][number]): layer is InputLayer =>
  layer.kind === 'input' && layer.name === 'warped';

const isSame = (a: PictureSize, b: PictureSize): boolean => a.width === b.width && a.height === b.height;
const text = ({ width, height }: PictureSize): string => `${width}×${height}`;
