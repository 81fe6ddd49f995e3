/** Labels that are kept of a clip, of one module after the other at Layer 1. */
import { keptLabels } from '../clip-score.js';
import type { Measurements } from '../measurements.js';
import { MODULE_ROWS, modulesName, WARPING } from '../paper.js';
import type { Study } from '../study.js';
import type { StudyClip } from '../study-clip.js';

export interface KeptWay {
  readonly name: string;
  /** Of label images. */
  readonly folder: string;
}

export function keptWays(study: Study, clip: StudyClip, measurements: Measurements): KeptWay[] {
  const { protocol } = study.contents;
  return MODULE_ROWS.flatMap((modules) => {
    if (!study.moduleScore(clip, 1, modules)) return [];
    const model = modules === WARPING ? study.base : study.modelWith(1, modules)!;
    const method = modules === WARPING ? 'warp-alone' : 'twnet';
    const task = { model, clip, method, layer: 1, motion: 'codec' } as const;
    return [{ name: modulesName(modules), folder: keptLabels(measurements, task, protocol) }];
  });
}

/** Of the key-frame network that they share, on every frame. */
export function keptPerFrame(study: Study, clip: StudyClip, measurements: Measurements): KeptWay | undefined {
  const model = study.base;
  if (!study.score(clip, 'per-frame', { model })) return undefined;
  const task = { model, clip, method: 'per-frame', layer: 1, motion: 'codec' } as const;
  return {
    name: 'every frame on its own',
    folder: keptLabels(measurements, task, study.contents.protocol),
  };
}
