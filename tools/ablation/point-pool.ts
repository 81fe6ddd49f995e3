/** Clips for the ablation of operating points, with all that does not change while a network is trained on them. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import type { LoadedNetwork } from '@twnet/core/model/loaded-network';
import { labelsFromScores } from '@twnet/core/segment/labels';
import { resolvePointConfig } from '@twnet/train/config/presets';
import type { PointClip } from '@twnet/train/data/points/point-clip';
import { PointClipSource } from '@twnet/train/data/points/point-clip-source';
import { StoredVideos } from '@twnet/train/data/points/stored-videos';
import { clipMotion, type FrameMotion } from '@twnet/train/non-key/points/clip-motion';
import { type KeyPass, PointTeacher } from '@twnet/train/non-key/points/point-teacher';
import { pictureSize } from '@twnet/train/non-key/points/point-training';

export const LENGTH = 12;
const HOLD_OUT = 0.15;
const SEED = { learnt: 1, heldOut: 1_000_003 };

export interface PooledFrame {
  readonly image: Uint8Array;
  readonly accumulated: FrameMotion;
  readonly carried: FrameMotion;
  /** The key-frame network on the clean picture. */
  readonly target: KeyPass;
  /** Labels of the key-frame network on the clean picture and on the decoded one. */
  readonly clean: Uint8Array;
  readonly decoded: Uint8Array;
}

export interface PooledClip {
  readonly key: KeyPass;
  /** Distances 1, 2, … */
  readonly frames: readonly PooledFrame[];
}

export interface Pool {
  readonly size: { readonly width: number; readonly height: number };
  readonly learnt: readonly PooledClip[];
  readonly heldOut: readonly PooledClip[];
}

export interface PoolOptions {
  readonly videos: readonly string[];
  readonly size: { readonly width: number; readonly height: number };
  readonly clips: { readonly learnt: number; readonly heldOut: number };
  readonly classes: number;
}

/** The pool in a file, made where it is not there. */
export async function openPool(path: string, key: LoadedNetwork, options: PoolOptions): Promise<Pool> {
  if (existsSync(path)) return deserialize(await readFile(path));
  const { videos, size, clips } = options;
  using stored = await StoredVideos.decode(videos, { least: LENGTH, holdOut: HOLD_OUT });
  await using teacher = await PointTeacher.open(key, 'refined', size, 1);
  const made = async (part: 'learnt' | 'heldOut'): Promise<PooledClip[]> => {
    const { augmentation, coding } = resolvePointConfig({ size }, 'options');
    const { frameStep, ...drawn } = augmentation;
    const rules = { size, ...drawn, coding, length: LENGTH, closed: false, samples: LENGTH - 1 };
    const origin = { videos: stored.of(part), frameStep };
    await using source = new PointClipSource({ origin, rules, seed: SEED[part], perFrame: true });
    const pooled: PooledClip[] = [];
    for (let i = 0; i < clips[part]; i++)
      pooled.push(await pooledClip(await source.clip(i), teacher, options));
    return pooled;
  };
  const pool: Pool = { size, learnt: await made('learnt'), heldOut: await made('heldOut') };
  await writeFile(path, serialize(pool));
  return pool;
}

async function pooledClip(
  clip: PointClip,
  teacher: PointTeacher,
  { size, classes }: PoolOptions,
): Promise<PooledClip> {
  const { width, height } = pictureSize(size);
  const numbers = Array.from({ length: LENGTH - 1 }, (_, i) => i + 1);
  const accumulated = clipMotion(clip, numbers, true);
  const carried = clipMotion(clip, numbers, false);
  const labels = (scores: Float32Array) => labelsFromScores(scores, classes, width, height);
  const frames: PooledFrame[] = [];
  for (const t of numbers) {
    const target = await teacher.pass(clip.clean.get(t)!);
    frames.push({
      image: clip.frames[t].pixels,
      accumulated: accumulated.get(t)!,
      carried: carried.get(t)!,
      target,
      clean: labels(target.scores),
      decoded: labels((await teacher.pass(clip.decoded.get(t)!)).scores),
    });
  }
  return { key: await teacher.pass(clip.decoded.get(0)!), frames };
}
