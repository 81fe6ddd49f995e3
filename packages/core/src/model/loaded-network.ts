/** Networks with their weights, ready to be lowered. */
import { InputError } from '../errors.js';
import { perFrameNetwork } from '../network/architectures.js';
import type { NetworkDescription } from '../network/description.js';
import type { ImportedInterface } from '../network/imported-network.js';
import { nonKeyFrameNetwork } from '../network/non-key-frame.js';
import type { OperatingPoint } from '../network/operating-point.js';
import { propagatedFrameNetwork } from '../network/propagated-frame.js';
import type { Weights } from '../network/safetensors.js';
import type { ModelCard } from './model-card.js';
import { describedArchitecture, NO_CORRECTION, segmenterPoint } from './operating-points.js';

export interface LoadedNetwork {
  readonly description: NetworkDescription;
  readonly weights: Weights;
}

/** Another program's network: an ONNX file that needs no other, and how it is run. */
export interface ImportedNetwork extends ImportedInterface {
  readonly onnx: Uint8Array;
}

/** Where networks come from: a model, or `untrainedNetworks`. */
export interface NetworkSource {
  readonly card: ModelCard;
  /** Identifies the weights, where they are a model's. */
  readonly digest?: string;
  /** The key-frame network, where it is another program's. */
  readonly imported?: ImportedNetwork | undefined;
  /**
   * The key-frame CNN; its context output is what is warped at `point`, none without (the per-frame network).
   *
   * @throws InputError where it is {@link imported}
   */
  keyFrame(point?: OperatingPoint): LoadedNetwork;
  /** The non-key-frame CNN of an operating point. */
  nonKeyFrame(point: OperatingPoint, warpAlone?: boolean): Promise<LoadedNetwork>;
}

/** The key-frame network with the outputs that are kept: the scores, and what is warped at `point`. */
export function keyFrameDescription(card: ModelCard, point: OperatingPoint | undefined): NetworkDescription {
  const full = perFrameNetwork(describedArchitecture(card), card.backbone, card.classes.length);
  const outputs: Record<string, string> = { scores: full.outputs.scores };
  if (typeof point === 'number') outputs.context = full.outputs[`context${point}`];
  else if (point) outputs.context = full.outputs[segmenterPoint(card, point).propagated];
  if (point !== undefined && outputs.context === undefined)
    throw new InputError(`${card.name}: is no model that has the operating point ${point}`);
  return { ...full, outputs };
}

/** The non-key-frame network of a point; warped alone, it has the key-frame network's parameters and no others. */
export function nonKeyFrameDescription(
  card: ModelCard,
  point: OperatingPoint,
  warpAlone: boolean,
): NetworkDescription {
  const { backbone, networks, classes } = card;
  if (typeof point === 'string') {
    const design = segmenterPoint(card, point);
    return propagatedFrameNetwork(
      classes.length,
      warpAlone ? { ...design, correction: NO_CORRECTION } : design,
    );
  }
  if (warpAlone || point === 3) return nonKeyFrameNetwork(backbone, classes.length, point, NO_CORRECTION);
  const { correction, tailRank } = networks[`layer${point}`] ?? {};
  return nonKeyFrameNetwork(backbone, classes.length, point, correction, tailRank);
}
