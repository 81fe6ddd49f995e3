/** The clips to play, labelled in every way that the tables are about. */
import { join } from 'node:path';
import type { RecordedFrame, Recording } from '@twnet/core/segment/recording';
import { loadLabels } from '@twnet/node/images/label-image';
import { labelFileName } from '@twnet/node/output/label-file-name';
import { recordFrame } from '../../../../twnet/src/page/recording.js';
import type { Section } from '../../report/document.js';
import type { Measurements } from '../measurements.js';
import type { Study } from '../study.js';
import type { StudyClip } from '../study-clip.js';
import { keptPerFrame, keptWays } from './kept-ways.js';

/** Frames of a clip, at most: a report is one file. */
const MOST_FRAMES = 60;
/** Slow enough to see what changes. */
const FRAMES_PER_SECOND = 10;

export async function clipViewer(study: Study, measurements: Measurements): Promise<Section | undefined> {
  const recordings: Recording[] = [];
  for (const clip of study.clips) {
    const recording = await recordingOf(study, clip, measurements);
    if (recording) recordings.push(recording);
  }
  if (recordings.length === 0) return undefined;
  const about =
    'Layer 1, streams that begin with the first frame. **Compare** lays two ways beside each other, **Errors** shows where they are wrong.';
  return {
    ...{ id: 'clips', title: 'The clips, frame by frame', commands: [], missing: [] },
    blocks: [{ kind: 'viewer', about, recordings }],
  };
}

async function recordingOf(
  study: Study,
  clip: StudyClip,
  measurements: Measurements,
): Promise<Recording | undefined> {
  const perFrame = keptPerFrame(study, clip, measurements);
  // The whole network and what it is measured against come first: they are what is compared at first.
  const modules = keptWays(study, clip, measurements).reverse();
  const [full, ...others] = modules;
  if (!full) return undefined;
  const ways = [full, ...(perFrame ? [perFrame] : []), ...others];
  const { width, height, frames, labels } = await clip.load();
  const { gop } = study.contents.protocol;
  const recorded: RecordedFrame[] = [];
  for (let index = 0; index < Math.min(frames.length, MOST_FRAMES); index++) {
    const found = ways.map(({ folder }) => loadLabels(join(folder, labelFileName(index))));
    const distance = index % gop;
    recorded.push(
      await recordFrame(
        {
          ...{ type: distance === 0 ? 'I' : 'P', kind: distance === 0 ? 'key' : 'nonkey', distance },
          ...{ pixels: frames[index], truth: labels[index] },
          labels: (await Promise.all(found)).map((map) => map.labels),
        },
        { width, height },
      ),
    );
  }
  const { classes, palette } = study.main.card;
  return {
    ...{ name: clip.name, width, height, framesPerSecond: FRAMES_PER_SECOND, classes, palette },
    ...{ ways: ways.map(({ name }) => name), frames: recorded },
  };
}
