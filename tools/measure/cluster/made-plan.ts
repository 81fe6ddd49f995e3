/** What planning makes of a video of a hundred groups, without one. */
import { type VideoJob, videoJobSchema } from '../../../packages/twnet/src/queue/jobs.js';
import type { Plan } from '../../../packages/twnet/src/queue/plan-video.js';

export const GROUPS = 100;

export function madePlan(video: VideoJob): Plan {
  const [version, key] = ['734003200-1764150000000', 'b'.repeat(40)];
  const starts = Array.from({ length: GROUPS }, (_, group) => video.settings.jobFrames * group);
  const groups = starts.map((from, group) => ({ video, version, key, from, to: starts[group + 1] }));
  return { merge: { video, version, key, starts }, groups };
}

export function madeVideo(number: number): VideoJob {
  const settings = { labels: true, legend: true, audio: true, perFrame: false };
  return videoJobSchema.parse({
    source: `/archive/2026/camera-7/drive-${number}.mp4`,
    out: '/archive/labels',
    name: `camera-7/drive-${number}`,
    settings: { ...settings, keyFrames: { mode: 'codec' }, motion: 'codec', jobFrames: 240 },
    model: { model: 'camvid', digest: 'a'.repeat(64) },
    force: false,
  });
}
