/** One way of segmenting one clip, measured once and kept with its labels. */
import { join } from 'node:path';
import type { WarpLayer } from '@twnet/core/network/key-frame';
import { type MotionSpec, motionName } from '@twnet/node/motion/motion-source';
import { LabelWriter } from '@twnet/node/output/label-writer';
import type { ClipMethod } from '../accuracy/clip-method.js';
import { type MethodScore, scoreMethod } from '../accuracy/clip-methods.js';
import type { Measurements } from './measurements.js';
import type { StudyClip } from './study-clip.js';
import type { StudyModel } from './study-model.js';

export interface ClipTask {
  readonly model: StudyModel;
  readonly clip: StudyClip;
  readonly method: ClipMethod;
  /** Where it makes a difference: for the methods that warp features. */
  readonly layer: WarpLayer;
  readonly motion: MotionSpec;
}

/** How all clips are encoded and scored. */
export interface ClipProtocol {
  readonly gop: number;
  /** Frames of the clip at which a stream begins. */
  readonly starts: number;
  readonly threads?: number;
}

/** As {@link MethodScore}, read back: NaN is null. */
export type KeptScore = MethodScore;

const LAYERED: readonly ClipMethod[] = ['twnet', 'warp-alone'];

/** Name under which it is kept. All methods but TWNet need the key-frame network alone and are kept by that. */
export function clipTaskId(
  { model, clip, method, layer, motion }: ClipTask,
  { gop, starts }: ClipProtocol,
): string {
  const network = method === 'twnet' ? model.digest : model.keyDigest;
  const parts = [clip.name, clip.digest, method, network];
  if (LAYERED.includes(method)) parts.push(`layer${layer}`);
  if (method !== 'per-frame') parts.push(motionName(motion).replaceAll(/[^\w.-]/g, '_'));
  return [...parts, `gop${gop}`, `starts${starts}`].join('-');
}

/** Folder of the labels of the stream that begins with the clip's first frame. */
export function keptLabels(measurements: Measurements, task: ClipTask, protocol: ClipProtocol): string {
  return join(measurements.folder, 'labels', clipTaskId(task, protocol));
}

/** Measures, or gives what was kept. */
export async function clipScore(
  task: ClipTask,
  protocol: ClipProtocol,
  measurements: Measurements,
  onFrame?: () => void,
): Promise<KeptScore> {
  const { model, clip, method, layer, motion } = task;
  const { gop, threads } = protocol;
  const kept = await measurements.get(clipTaskId(task, protocol), async () => {
    const loaded = await clip.load();
    const starts = Array.from(
      { length: Math.min(protocol.starts, loaded.frames.length) },
      (_, start) => start,
    );
    const first: Uint8Array[] = [];
    const run = { gop, starts, layer, motion, threads };
    const score = await scoreMethod(method, loaded, model.model, run, ({ index, labels }) => {
      if (index === first.length && first.length < loaded.frames.length) first.push(labels.slice());
      onFrame?.();
    });
    await using writer = new LabelWriter(keptLabels(measurements, task, protocol), {
      palette: model.model.card.palette,
    });
    for (const [index, labels] of first.entries())
      await writer.write(index, labels, loaded.width, loaded.height);
    await writer.commit();
    return score;
  });
  return kept as KeptScore;
}
