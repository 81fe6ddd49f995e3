/** A method's labels on a clip's streams, scored. */
import type { LabelledClip } from '../accuracy/labelled-clip.js';
import type { OpenedMethod } from '../methods/stream-method.js';
import type { ClipScores } from './clip-scores.js';

/** A clip's pictures from `start` on, encoded. */
export interface ClipStream {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/**
 * Segments every stream and adds its frames to `scores`. A frame's distance is that from the stream's last I-frame,
 * whichever network it went through: so the per-frame network has a curve too.
 */
export async function scoreClip(
  { labels: truths }: Pick<LabelledClip, 'labels'>,
  streams: readonly ClipStream[],
  opened: OpenedMethod,
  scores: ClipScores,
  onFrame?: () => void,
): Promise<void> {
  for (const { start, bytes } of streams) {
    let intra = 0;
    for await (const { frame, labels } of opened.labels(bytes)) {
      if (frame.pictureType === 'I') intra = frame.index;
      const picture = start + frame.index;
      scores.add(start, { picture, distance: frame.index - intra, labels, truth: truths[picture] });
      onFrame?.();
    }
  }
}
