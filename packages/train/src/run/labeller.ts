/**
 * Labels pictures of any size with a fixed network, at a scale of one's choice: where targets come from that no person
 * made, and what training is held against.
 */
import { type Attribute, Graph } from '@twnet/core/graph/graph';
import type { LoadedNetwork } from '@twnet/core/model/loaded-network';
import { inferenceGraph } from '@twnet/core/network/inference-graph';
import { GraphSession } from '@twnet/node/engine/session';
import { scaledPicture } from '@twnet/node/video/scale-picture';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Planar 8-bit RGB. */
  readonly pixels: Uint8Array;
}

export interface PictureLabels {
  /** The most probable class of each pixel of the picture. */
  readonly labels: Uint8Array;
  /** Its probability. */
  readonly confidence: Float32Array;
}

export interface LabellerOptions {
  /** Probabilities are the mean of the picture's and of its mirror image's. */
  readonly mirrored?: boolean;
  /** For each class of the network the one that takes its probability, −1: none; default: itself. */
  readonly merged?: readonly number[];
  readonly threads?: number;
}

/** Sides of what the network sees are multiples of it, so that a mirror image has the same cells. */
const MULTIPLE = 32;
/** Keeps a rounded product from falling under the size that is wanted; a thousandth of a pixel. */
const ABOVE = 1 + 1e-6;
const LINEAR: Readonly<Record<string, Attribute>> = {
  mode: 'linear',
  coordinate_transformation_mode: 'half_pixel',
};
const UINT8 = 2;

/** The size that a network sees of a picture at a scale. */
export function seenSize({ width, height }: { width: number; height: number }, scale: number) {
  const side = (length: number): number =>
    Math.max(MULTIPLE, Math.round((length * scale) / MULTIPLE) * MULTIPLE);
  return { width: side(width), height: side(height) };
}

interface Sessions extends AsyncDisposable {
  readonly key: string;
  readonly seen: { readonly width: number; readonly height: number };
  readonly cells: readonly [rows: number, columns: number];
  readonly network: GraphSession;
  readonly labels: GraphSession;
}

export class Labeller implements AsyncDisposable {
  private open: Sessions | undefined;
  readonly classes: number;
  private readonly merged: readonly number[];

  /** @param classes that the network scores */
  constructor(
    private readonly network: LoadedNetwork,
    classes: number,
    private readonly options: LabellerOptions = {},
  ) {
    this.merged = options.merged ?? Array.from({ length: classes }, (_, id) => id);
    this.classes = Math.max(...this.merged) + 1;
  }

  /** Labels at the picture's own size; pictures of one size and scale after one another share their sessions. */
  async label(picture: Picture, scale: number): Promise<PictureLabels> {
    const sessions = await this.at(picture, scale);
    const { seen, cells } = sessions;
    const scaled = scaledPicture(picture, seen);
    // ONNX Runtime does not read memory that threads share.
    const pixels = scaled.buffer instanceof SharedArrayBuffer ? scaled.slice() : scaled;
    const sums = new Float32Array(this.classes * cells[0] * cells[1]);
    await this.addTo(sums, sessions, pixels, false);
    if (this.options.mirrored) await this.addTo(sums, sessions, mirrored(pixels, seen.width), true);
    const passes = this.options.mirrored ? 2 : 1;
    for (let i = 0; i < sums.length; i++) sums[i] /= passes;
    const { labels, confidence } = await sessions.labels.run({ probabilities: sums });
    return { labels: labels as Uint8Array, confidence: confidence as Float32Array };
  }

  async close(): Promise<void> {
    await this.open?.[Symbol.asyncDispose]();
    this.open = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async addTo(
    sums: Float32Array,
    { network, cells: [rows, columns] }: Sessions,
    image: Uint8Array,
    flip: boolean,
  ): Promise<void> {
    const probabilities = (await network.run({ image })).probabilities as Float32Array;
    for (const [from, to] of this.merged.entries()) {
      if (to < 0) continue;
      for (let y = 0; y < rows; y++) {
        const source = (from * rows + y) * columns;
        const target = (to * rows + y) * columns;
        for (let x = 0; x < columns; x++)
          sums[target + x] += probabilities[source + (flip ? columns - 1 - x : x)];
      }
    }
  }

  private async at(picture: Picture, scale: number): Promise<Sessions> {
    const seen = seenSize(picture, scale);
    const key = [picture.width, picture.height, seen.width, seen.height].join();
    if (this.open?.key === key) return this.open;
    await this.close();
    this.open = await this.sessions(key, picture, seen);
    return this.open;
  }

  private async sessions(key: string, picture: Picture, seen: Sessions['seen']): Promise<Sessions> {
    const { threads } = this.options;
    const { description, weights } = this.network;
    const scoring = { ...description, outputs: { scores: description.outputs.scores } };
    const graph = inferenceGraph(scoring, weights, seen.height, seen.width, { keepBlocked: true });
    const scores = graph.outputs.get('scores')!;
    graph.outputs.clear();
    const softmax = graph.node('Softmax', [scores], scores.shape, { attributes: { axis: 1 } });
    graph.output('probabilities', softmax);
    const [, , ...cells] = scores.shape as [number, number, number, number];
    const enlarging = enlargingGraph(this.classes, cells, seen, picture);
    const network = await GraphSession.open(graph, { threads });
    const labels = await GraphSession.open(enlarging, { threads });
    const close = async (): Promise<void> => {
      await network.close();
      await labels.close();
    };
    return { key, seen, cells, network, labels, [Symbol.asyncDispose]: close };
  }
}

/** Probabilities of the network's cells → labels and their probability at the picture's size. */
function enlargingGraph(
  classes: number,
  cells: readonly [number, number],
  seen: { readonly width: number; readonly height: number },
  { width, height }: Picture,
): Graph {
  const graph = new Graph();
  const input = graph.input('probabilities', [1, classes, ...cells]);
  // Exactly, since the seen size is a multiple of the cells'.
  const factors = [height / cells[0], width / cells[1]].map((factor) => factor * ABOVE);
  const scales = graph.constant(Float32Array.of(1, 1, ...factors), [4]);
  const shape = [1, classes, height, width];
  if (seen.height % cells[0] !== 0 || seen.width % cells[1] !== 0)
    throw new Error(`${cells} cells do not divide ${seen.height}×${seen.width}`);
  const enlarged = graph.node('Resize', [input, undefined, scales], shape, { attributes: { ...LINEAR } });
  const best = graph.node('ArgMax', [enlarged], [1, height, width], {
    type: 'int64',
    attributes: { axis: 1, keepdims: 0 },
  });
  const labels = graph.node('Cast', [best], best.shape, { type: 'uint8', attributes: { to: UINT8 } });
  graph.output('labels', labels);
  graph.output('confidence', graph.reduce('ReduceMax', enlarged, [1], false));
  return graph;
}

/** @param pixels rows of `width`, of any number of planes */
export function mirrored(pixels: Uint8Array, width: number): Uint8Array {
  const result = new Uint8Array(pixels.length);
  for (let start = 0; start < pixels.length; start += width)
    for (let x = 0; x < width; x++) result[start + x] = pixels[start + width - 1 - x];
  return result;
}
