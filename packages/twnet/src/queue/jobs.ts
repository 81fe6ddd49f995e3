/** What the queue holds: names of places, digests and settings; no credentials, no pixels. */
import { createHash } from 'node:crypto';
import { ownVersion } from '@twnet/node/files/own-version';
import { z } from 'zod';

const location = z.string().min(1);

/** How videos are segmented and what is written of them: a part of the options of `twnet segment`. */
export const settingsSchema = z.strictObject({
  labels: z.boolean(),
  format: z.enum(['png', 'coco', 'none']).optional(),
  /** Ending of the overlay's name; none is written without. */
  overlay: z.string().optional(),
  opacity: z.number().optional(),
  legend: z.boolean(),
  audio: z.boolean(),
  classes: z.array(z.string()).optional(),
  scale: z.union([z.number(), z.literal('auto')]).optional(),
  maxSide: z.number().optional(),
  layer: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
  speed: z.enum(['accurate', 'fast', 'causal']).optional(),
  perFrame: z.boolean(),
  keyFrames: z.object({
    mode: z.enum(['codec', 'every', 'adaptive']),
    n: z.number().optional(),
    threshold: z.number().optional(),
  }),
  maxDistance: z.number().optional(),
  lookahead: z.number().optional(),
  motion: z.union([
    z.enum(['codec', 'accumulated', 'flow', 'matching']),
    z.strictObject({
      network: z.string(),
      values: z.enum(['0..255', '0..1', '-1..1']).optional(),
      unit: z.number().optional(),
    }),
  ]),
  /** Frames of a job, at least; jobs are whole groups of pictures. */
  jobFrames: z.int().min(1),
});
export type Settings = z.infer<typeof settingsSchema>;

export const videoJobSchema = z.strictObject({
  source: location,
  /** Folder of the results. */
  out: location,
  /** What results are called after, in that folder. */
  name: z.string().min(1),
  settings: settingsSchema,
  /** By name, or a folder; the digest is checked. */
  model: z.strictObject({ model: z.string().optional(), digest: z.string() }),
  force: z.boolean(),
});
export type VideoJob = z.infer<typeof videoJobSchema>;

export const groupJobSchema = z.strictObject({
  video: videoJobSchema,
  /** Of the source as it was when the job was made. */
  version: z.string(),
  /** Key of the video's labels. */
  key: z.string(),
  /** Frames, the first one and the one after the last; no end for the rest of the video. */
  from: z.int(),
  to: z.int().optional(),
});
export type GroupJob = z.infer<typeof groupJobSchema>;

export const mergeJobSchema = z.strictObject({
  video: videoJobSchema,
  version: z.string(),
  key: z.string(),
  /** First frames of the groups. */
  starts: z.array(z.int()),
});
export type MergeJob = z.infer<typeof mergeJobSchema>;

let version: string | undefined;

/** A digest of anything that JSON can say. */
export function keyOf(...content: readonly unknown[]): string {
  version ??= ownVersion();
  return createHash('sha256')
    .update(JSON.stringify([version, ...content]))
    .digest('hex')
    .slice(0, 40);
}

/** Of a video's labels: content, model and settings, wherever the video lies and whatever it is called. */
export function labelsKey(contentDigest: string, { settings, model }: VideoJob): string {
  const { layer, speed, perFrame, keyFrames, maxDistance, lookahead, motion, scale, maxSide, jobFrames } =
    settings;
  return keyOf(contentDigest, model.digest, {
    layer,
    speed,
    perFrame,
    keyFrames,
    maxDistance,
    lookahead,
    motion,
    scale,
    maxSide,
    jobFrames,
  });
}

/** Of what is written of a video. */
export function resultKey(video: VideoJob, version: string): string {
  const { source, out, name, settings, model } = video;
  return keyOf(source, version, out, name, settings, model.digest);
}
