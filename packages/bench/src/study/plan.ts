/** What a study has to measure. */
import type { MotionSpec } from '@twnet/node/motion/motion-source';
import { type ClipProtocol, type ClipTask, clipTaskId } from './clip-score.js';
import type { StudyClip } from './study-clip.js';
import { type StudyModel, trainedLayers } from './study-model.js';
import { BASELINES } from './tables/comparison.js';

export interface StudySources {
  /** The first is the one that the tables are about. */
  readonly models: readonly StudyModel[];
  /** Models that differ in their modules alone, for the tables on those. */
  readonly variants: readonly StudyModel[];
  readonly clips: readonly StudyClip[];
  readonly motions: readonly MotionSpec[];
  readonly protocol: ClipProtocol;
}

/** Every way of segmenting every clip that some table shows, each once. */
export function clipTasks({ models, variants, clips, motions, protocol }: StudySources): ClipTask[] {
  const [main] = models;
  const tasks = new Map<string, ClipTask>();
  const add = (task: ClipTask): void => {
    const id = clipTaskId(task, protocol);
    if (!tasks.has(id)) tasks.set(id, task);
  };
  for (const clip of clips) {
    for (const model of [...models, ...variants]) {
      if (!fits(clip, model)) continue;
      const shared = { clip, model, motion: 'codec' } as const;
      add({ ...shared, method: 'per-frame', layer: 1 });
      for (const layer of [1, 2, 3] as const) add({ ...shared, method: 'warp-alone', layer });
      for (const layer of trainedLayers(model)) add({ ...shared, method: 'twnet', layer });
    }
    if (!fits(clip, main)) continue;
    for (const { method } of BASELINES) add({ clip, model: main, method, layer: 1, motion: 'codec' });
    for (const motion of motions) {
      add({ clip, model: main, method: 'warp-alone', layer: 1, motion });
      if (trainedLayers(main).includes(1)) add({ clip, model: main, method: 'twnet', layer: 1, motion });
    }
  }
  return [...tasks.values()];
}

/** Whether a clip's labels are of the model's classes, as far as the clip says. */
export function fits({ classes }: StudyClip, { card }: StudyModel): boolean {
  return classes === undefined || classes.join() === card.classes.join();
}

/** Frames that a task segments. */
export function framesOf({ clip }: ClipTask, { starts }: ClipProtocol): number {
  let frames = 0;
  for (let start = 0; start < Math.min(starts, clip.frames); start++) frames += clip.frames - start;
  return frames;
}

/** What a task is, for the one who waits. */
export function taskName({ clip, model, method, layer, motion }: ClipTask): string {
  const layered = method === 'twnet' || method === 'warp-alone' ? ` layer ${layer}` : '';
  const moved = motion === 'codec' || method === 'per-frame' ? '' : ' other motion';
  return `${clip.name} ${model.name} ${method}${layered}${moved}`;
}
