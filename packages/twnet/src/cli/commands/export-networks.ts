/** What `twnet export` writes of a model: which networks, under which names, with what said in them. */
import { InputError } from '@twnet/core/errors';
import type { LoadedNetwork } from '@twnet/core/model/loaded-network';
import {
  architectureOf,
  hasNetwork,
  operatingPoint,
  segmenterPoint,
  speedsOf,
} from '@twnet/core/model/operating-points';
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import type { Speed } from '@twnet/core/network/operating-point';
import type { Model } from '@twnet/node/model/model';
import type { PointFlags } from '../model-option.js';

export interface ExportedNetwork {
  /** Of its file, without `.onnx`. */
  readonly name: string;
  readonly network: LoadedNetwork;
  /** What its file says of it, beside what it says of the model. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** @throws InputError for a layer or speed that the model does not have, and for one that has nothing to run */
export async function exportedNetworks(model: Model, choice: PointFlags): Promise<ExportedNetwork[]> {
  const point = operatingPoint(model.card, choice);
  if (typeof point === 'number') {
    const metadata = { layer: String(point) };
    return [
      { name: 'key', network: model.keyFrame(point), metadata },
      { name: 'nonkey', network: await model.nonKeyFrame(point), metadata },
    ];
  }
  // Of what only warps there is nothing to export, which is said of a point that is asked for.
  const speeds = speedsOf(model.card).filter((speed) => hasNetwork(model.card, speed));
  const asked = choice.speed === undefined ? speeds : [point];
  return [ofKeyFrames(model), ...(await Promise.all(asked.map((speed) => ofPoint(model, speed))))];
}

/** With both outputs that may be warped. */
function ofKeyFrames(model: Model): ExportedNetwork {
  const { description, weights } = model.keyFrame();
  const { scores, refined } = efficientVitSegmenter(model.classes).outputs;
  const network = { weights, description: { ...description, outputs: { scores, refined } } };
  return { name: 'key', network, metadata: { architecture: architectureOf(model.card) } };
}

async function ofPoint(model: Model, speed: Speed): Promise<ExportedNetwork> {
  const { propagated, accumulated } = segmenterPoint(model.card, speed);
  const network = await model.nonKeyFrame(speed);
  if (network.description.outputs.scores === 'warped')
    throw new InputError(
      `${model.folder}: its point ${speed} warps scores and runs no network: there is none to export`,
    );
  const metadata = {
    architecture: architectureOf(model.card),
    speed,
    warped: `${propagated} of key.onnx`,
    accumulated: String(accumulated),
  };
  return { name: speed, network, metadata };
}
