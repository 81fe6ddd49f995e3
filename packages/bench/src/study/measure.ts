/** Measures what a study needs and is not kept yet. */

import { InputError, OutputError, TwnetError } from '@twnet/core/errors';
import type { DataSet } from '@twnet/train/data/sets/data-set';
import type { SpeedReport } from '../speed/speed.js';
import type { FrameSize } from '../speed/speed-plan.js';
import { clipScore, clipTaskId, type KeptScore } from './clip-score.js';
import type { Measurements } from './measurements.js';
import { clipTasks, fits, framesOf, type StudySources, taskName } from './plan.js';
import { type StillsScore, stillsScore } from './stills-score.js';
import { Study } from './study.js';

export interface StudyOptions extends StudySources {
  /** Labelled stills, where there are some. */
  readonly stills?: DataSet;
  readonly threads?: number;
  /** Measured apart, see `studySpeeds`. */
  readonly speed: readonly SpeedReport[];
  readonly speedSizes: readonly FrameSize[];
}

export interface StudyProgress {
  /** Frames and stills to be segmented that are not kept. */
  total(frames: number): void;
  /** One more of them is done. */
  step(what: string): void;
}

export interface MeasuredStudy {
  readonly study: Study;
  /** What could not be measured, and why. */
  readonly failures: readonly string[];
}

/** What one measurement cannot read or run is told in `failures`; the rest is measured. */
export async function measureStudy(
  options: StudyOptions,
  measurements: Measurements,
  progress: StudyProgress,
): Promise<MeasuredStudy> {
  const { models, variants, clips, protocol, motions, stills, threads, speed, speedSizes } = options;
  const tasks = clipTasks(options);
  const failures = clips.flatMap((clip) =>
    [...new Set([...models, ...variants])]
      .filter((model) => !fits(clip, model))
      .map((model) => `${model.name} on ${clip.name}: the clip’s labels are of other classes`),
  );
  const open = await Promise.all(
    tasks.map(async (task) => (await measurements.kept(clipTaskId(task, protocol))) === undefined),
  );
  const pictures = stills ? (await stills.stills(stills.scoringSplit)).length * models.length : 0;
  progress.total(tasks.reduce((sum, task, i) => sum + (open[i] ? framesOf(task, protocol) : 0), pictures));
  const scores = new Map<string, KeptScore>();
  for (const task of tasks) {
    const what = taskName(task);
    await attempt(failures, what, async () => {
      const score = await clipScore(task, protocol, measurements, () => progress.step(what));
      scores.set(clipTaskId(task, protocol), score);
    });
  }
  const stillScores = new Map<string, StillsScore>();
  for (const model of stills ? models : []) {
    const what = `stills ${model.name}`;
    await attempt(failures, what, async () => {
      if (stills!.classes.classes.join() !== model.card.classes.join())
        throw new InputError(`the stills’ labels are of other classes`);
      const onPicture = (): void => progress.step(what);
      stillScores.set(model.name, await stillsScore(model, stills!, measurements, { threads, onPicture }));
    });
  }
  return {
    study: new Study({
      models,
      variants,
      clips,
      protocol,
      motions,
      scores,
      stills: stillScores,
      speed,
      speedSizes,
    }),
    failures,
  };
}

/** Errors for the person at the terminal are noted; others are bugs and go on. */
async function attempt(failures: string[], what: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    // On a full disk nothing more can be kept.
    if (!(error instanceof TwnetError) || error instanceof OutputError) throw error;
    failures.push(`${what}: ${error.message}`);
  }
}
