/** Makes clips of an operating point's training: the same number gives the same clip. */
import { type Random, seededRandom } from '@twnet/core/random';
import { STREAM } from '../random-streams.js';
import { stillPictures } from '../still-clip.js';
import { streetScene } from '../street-clip.js';
import { drawPointClip, wantedFrames } from './draw-point-clip.js';
import { type ClipPictures, type PointClip, pointClip } from './point-clip.js';
import type { PointClipData } from './point-clip-source.js';
import { readFrames, type StoredFrames } from './stored-videos.js';

export function makePointClip({ origin, rules, seed, perFrame }: PointClipData, index: number): PointClip {
  const { length: open, samples, closed } = rules;
  const length = closed ? open + 1 : open;
  const random = seededRandom(seed, index, STREAM.pointClip);
  const wanted = wantedFrames(open, samples, seededRandom(seed, index, STREAM.pointFrames));
  let pictures: ClipPictures;
  if ('videos' in origin) pictures = videoPictures(origin.videos, origin.frameStep, length, random);
  else if ('stills' in origin) pictures = stillPictures(origin.stills, index, { ...origin, seed, length });
  else {
    const { width, height } = origin.street;
    const { scene } = streetScene(index, seed, width, height);
    const frames = Array.from({ length }, (_, t) => scene.frame(t));
    pictures = {
      ...{ width, height, frames: frames.map(({ pixels }) => pixels) },
      labels: frames.map(({ labels }) => labels),
    };
  }
  return pointClip(pictures, { ...drawPointClip(pictures, rules, random), closed, wanted, perFrame });
}

/** Consecutive frames, or every second, third … up to `frameStep`-th, anywhere in one of the videos. */
function videoPictures(
  videos: StoredFrames,
  frameStep: number,
  length: number,
  random: Random,
): ClipPictures {
  const { runs } = videos;
  const numbers = [...new Set(runs.map(({ video }) => video))];
  // A video as often as any other, however long it is.
  const video = numbers[Math.floor(random() * numbers.length)];
  const own = runs.filter((run) => run.video === video);
  const run = own[Math.floor(random() * own.length)];
  const largest = Math.min(frameStep, Math.floor((run.frames - 1) / (length - 1)));
  const step = 1 + Math.floor(random() * largest);
  const first = Math.floor(random() * (run.frames - (length - 1) * step));
  const { width, height } = run;
  return { width, height, frames: readFrames(videos, run, { first, count: length, step }) };
}
