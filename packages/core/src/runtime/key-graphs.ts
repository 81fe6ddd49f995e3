/** The key-frame network of a model as graphs to run one after the other: one of ours, or another program's between two. */
import type { LoadedNetwork, NetworkSource } from '../model/loaded-network.js';
import { gigaMacs } from '../network/cost.js';
import { efficientVitSegmenter } from '../network/efficientvit-segmenter.js';
import { answerGraph, pictureGraph } from '../network/imported-graphs.js';
import { type ImportedInterface, importedSizes } from '../network/imported-network.js';
import { runGraph } from '../network/inference-graph.js';
import type { OperatingPoint } from '../network/operating-point.js';
import { type EncodedGraph, encodeGraph } from './engine.js';
import type { PictureSize } from './frame-call.js';
import type { FrameSizes } from './frame-sizes.js';

export interface KeyGraphs {
  readonly graphs: readonly EncodedGraph[];
  /** Its scores are what is kept for the frames to come. */
  readonly keepsScores: boolean;
  /** Multiply-adds for a key frame, in 10⁹. Of another program's network nobody counts them: those of a segmenter. */
  readonly gigaMacs: number;
}

/**
 * @param point what is kept is what that warps; without, nothing
 * @param provider that an engine runs them on
 * @throws RangeError for frames that an imported network gives no whole number of cells for
 */
export function keyGraphs(
  source: NetworkSource,
  point: OperatingPoint | undefined,
  { key, enlarges, given }: FrameSizes,
  provider?: string,
): KeyGraphs {
  const { card, imported } = source;
  const cost = (description: LoadedNetwork['description']) => gigaMacs(description, key.height, key.width);
  if (imported) {
    const classes = card.classes.length;
    return {
      graphs: importedGraphs(imported, given, classes),
      keepsScores: point !== undefined,
      gigaMacs: cost(efficientVitSegmenter(classes)),
    };
  }
  const network = source.keyFrame(point);
  const { outputs } = network.description;
  return {
    graphs: [encodeGraph(runGraph(network, key.height, key.width, provider, enlarges))],
    keepsScores: outputs.context === outputs.scores,
    gigaMacs: cost(network.description),
  };
}

/** Pixels to the network's picture, the network, its answer to scores: sessions of their own, so nothing in a file of others is changed. */
export function importedGraphs(
  network: ImportedInterface & { readonly onnx: Uint8Array },
  frame: PictureSize,
  classes: number,
): EncodedGraph[] {
  const sizes = importedSizes(network, frame);
  const before = encodeGraph(pictureGraph(network.input, sizes));
  const behind = encodeGraph(answerGraph(network.output, sizes, classes));
  const named = (name: string, tensors: EncodedGraph['inputs']): EncodedGraph['inputs'] =>
    new Map([...tensors.values()].map((tensor) => [name, tensor]));
  const { input, output, onnx } = network;
  return [
    before,
    { model: onnx, inputs: named(input.name, before.outputs), outputs: named(output.name, behind.inputs) },
    behind,
  ];
}
