/** Self-training: frames of unlabelled video as stills, labelled by a trained key-frame network (Lee 2013). */

import { IGNORE_LABEL } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import type { VideoFrame } from '@twnet/core/frame';
import type { Graph } from '@twnet/core/graph/graph';
import { inferenceGraph } from '@twnet/core/network/inference-graph';
import { GraphSession } from '@twnet/node/engine/session';
import { Model } from '@twnet/node/model/model';
import { openVideo } from '@twnet/node/video/open-video';
import sharp from 'sharp';
import { enlarge } from '../graph/gradients/resampling.js';
import type { Still } from './camvid.js';

export interface SelfTraining {
  /** Video files. */
  readonly videos: readonly string[];
  /** Model folder whose key-frame network labels the frames. */
  readonly teacher: string;
  /** Pixels whose class has a lower probability than this are ignored. */
  readonly confidence: number;
  /** Seconds between frames that are taken. */
  readonly interval: number;
  /** Frames taken at most, of all videos together. */
  readonly frames: number;
}

export interface PseudoLabelOptions {
  /** Size of the stills; frames are scaled to cover it and cut at the sides that stand out. */
  readonly width: number;
  readonly height: number;
  readonly classes: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** Stride of the class scores. */
const SCORE_STRIDE = 4;

/**
 * Takes frames of the videos and labels them.
 *
 * @throws InputError for a teacher of other classes, and for what cannot be read as a video
 */
export async function pseudoLabelledStills(
  { videos, teacher, confidence, interval, frames }: SelfTraining,
  { width, height, classes, threads, signal }: PseudoLabelOptions,
): Promise<Still[]> {
  if (videos.length === 0) return [];
  const labeller = await Labeller.open(teacher, classes, confidence, { width, height }, threads);
  const stills: Still[] = [];
  try {
    for (const [i, path] of videos.entries()) {
      // What is left is shared by the videos that are left.
      const wanted = Math.ceil((frames - stills.length) / (videos.length - i));
      for await (const frame of framesEvery(path, interval, wanted)) {
        signal?.throwIfAborted();
        const pixels = await scaledToCover(frame, width, height);
        const name = `${path}, frame ${frame.index}`;
        stills.push({ name, width, height, pixels, labels: await labeller.labels(pixels) });
      }
    }
  } finally {
    await labeller.close();
  }
  return stills;
}

/** The share of the stills' pixels that has a label. */
export function labelledShare(stills: readonly Still[]): number {
  let labelled = 0;
  let pixels = 0;
  for (const { labels } of stills) {
    pixels += labels.length;
    for (let i = 0; i < labels.length; i++) if (labels[i] !== IGNORE_LABEL) labelled += 1;
  }
  return pixels === 0 ? 0 : labelled / pixels;
}

async function* framesEvery(path: string, interval: number, wanted: number): AsyncGenerator<VideoFrame> {
  const video = await openVideo(path, { motionSource: 'none' });
  try {
    let taken = 0;
    let next = Number.NEGATIVE_INFINITY;
    for await (const frame of video) {
      if (taken >= wanted) return;
      if (frame.timestamp < next) continue;
      next = Math.max(next, frame.timestamp) + interval;
      taken += 1;
      yield frame;
    }
  } finally {
    await video.close();
  }
}

/** A frame's planes at `width × height`. */
async function scaledToCover(frame: VideoFrame, width: number, height: number): Promise<Uint8Array> {
  if (frame.width === width && frame.height === height) return frame.pixels;
  const area = frame.width * frame.height;
  const out = new Uint8Array(3 * width * height);
  for (let plane = 0; plane < 3; plane++) {
    const data = frame.pixels.subarray(plane * area, (plane + 1) * area);
    const scaled = await sharp(data, { raw: { width: frame.width, height: frame.height, channels: 1 } })
      .resize(width, height, { fit: 'cover' })
      .toColourspace('b-w')
      .raw()
      .toBuffer();
    out.set(scaled, plane * width * height);
  }
  return out;
}

class Labeller {
  private constructor(private readonly session: GraphSession) {}

  static async open(
    folder: string,
    classes: number,
    confidence: number,
    { width, height }: { width: number; height: number },
    threads?: number,
  ): Promise<Labeller> {
    const model = await Model.open(folder);
    if (model.classes !== classes)
      throw new InputError(
        `${folder}: labels ${model.classes} classes, the data has ${classes}; choose a teacher of the same classes`,
      );
    const { description, weights } = model.keyFrame(1);
    const { scores } = description.outputs;
    const graph = inferenceGraph({ ...description, outputs: { scores } }, weights, height, width);
    appendConfidentLabels(graph, height, width, confidence);
    return new Labeller(await GraphSession.open(graph, { threads }));
  }

  async labels(pixels: Uint8Array): Promise<Uint8Array> {
    return (await this.session.run({ image: pixels })).labels as Uint8Array;
  }

  async close(): Promise<void> {
    await this.session.close();
  }
}

/** Appends the output `labels` [N, H, W]: the likeliest class, or 255 where its probability is below `confidence`. */
export function appendConfidentLabels(graph: Graph, height: number, width: number, confidence: number): void {
  const scores = graph.outputs.get('scores')!;
  const grid = { factor: SCORE_STRIDE, rows: height, columns: width };
  const { output: full } = enlarge.forward(graph, [scores], grid);
  const plane = [scores.shape[0], height, width];
  const probabilities = graph.node('Softmax', [full], full.shape, { attributes: { axis: 1 } });
  const highest = graph.reduce('ReduceMax', probabilities, [1], false);
  const sure = graph.node('GreaterOrEqual', [highest, graph.scalar(confidence)], plane, { type: 'bool' });
  const best = graph.node('ArgMax', [full], plane, { type: 'int64', attributes: { axis: 1, keepdims: 0 } });
  const ids = graph.node('Cast', [best], plane, { type: 'int32', attributes: { to: 6 } });
  const ignored = graph.constant(Int32Array.of(IGNORE_LABEL), []);
  const labels = graph.node('Where', [sure, ids, ignored], plane, { type: 'int32' });
  graph.output('labels', graph.node('Cast', [labels], plane, { type: 'uint8', attributes: { to: 2 } }));
}
