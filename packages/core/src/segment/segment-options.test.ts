import { MotionSource } from '@twnet/node/motion/motion-source';
import { MadeVideo, ScriptedNetworks } from '@twnet/testing/scripted-networks';
import { describe, expect, it } from 'vitest';
import type { VideoFrame } from '../frame.js';
import type { SegmentOptions } from './segment-options.js';
import { segmentVideo } from './segmenter.js';

async function labelsOf(video: MadeVideo, options?: SegmentOptions): Promise<string[]> {
  const all: string[] = [];
  for await (const { labels, kind } of segmentVideo(video, new ScriptedNetworks(), options))
    all.push(`${kind} ${labels.join('')}`);
  return all;
}

/** Overwrites what it gets back at once: whoever still looked there would see it. */
class Recycling extends MadeVideo {
  readonly back: number[] = [];
  recycle({ index, pixels }: VideoFrame): void {
    this.back.push(index);
    pixels.fill(255);
  }
}

describe('options of segmentVideo', () => {
  it('need not be given: key frames are the codec’s', async () => {
    const kinds = (await labelsOf(new MadeVideo('IPIP'))).map((line) => line.split(' ')[0]);
    expect(kinds).toEqual(['key', 'nonkey', 'key', 'nonkey']);
  });

  it.each<[object, RegExp]>([
    [{ keyFrames: { mode: 'every', n: Number.NaN } }, /keyFrames\.n must be a .*not NaN/],
    [{ keyFrames: { mode: 'every' } }, /keyFrames\.n is missing/],
    [{ keyFrames: { mode: 'codec', n: 3 } }, /keyFrames\.n is not of mode "codec"/],
    [{ keyFrames: { mode: 'codecs' } }, /keyFrames\.mode .*did you mean "codec"/],
    [{ keyFrames: { mode: 'adaptive', threshold: Number.NaN } }, /threshold/],
    [{ keyframes: { mode: 'codec' } }, /no option keyframes; did you mean keyFrames\?/],
    [{ maxDistance: 0 }, /maxDistance/],
    [{ motion: 'flow' }, /motion must be a MotionSource/],
    [{ signal: {} }, /signal must be an AbortSignal/],
  ])('are refused in one line: %j', async (options, message) => {
    const refused = labelsOf(new MadeVideo('IP'), options as SegmentOptions);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ name: 'InputError' });
  });

  it('have frames used again when nobody looks at them any more', async () => {
    using estimated = await MotionSource.open('matching', 32, 32);
    for (const motion of [undefined, estimated]) {
      const video = new Recycling('IPPPBPIPP');
      expect(await labelsOf(video, { motion, recycle: true })).toEqual(
        await labelsOf(new MadeVideo('IPPPBPIPP'), { motion }),
      );
      // Motion is estimated from the picture before, which is kept until then.
      const last = motion ? 7 : 8;
      expect(video.back).toEqual(Array.from({ length: last + 1 }, (_, i) => i));
    }
  });

  it('end the loop with the signal’s reason, while a frame is waited for too', async () => {
    const reason = new Error('enough');
    await expect(labelsOf(new MadeVideo('IP'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const hanging = {
      info: new MadeVideo('').info,
      async *[Symbol.asyncIterator]() {
        await new Promise(() => {});
      },
    };
    const abort = new AbortController();
    setTimeout(() => abort.abort(reason), 5);
    const loop = async () => {
      for await (const _ of segmentVideo(hanging as never, new ScriptedNetworks(), { signal: abort.signal }));
    };
    await expect(loop()).rejects.toBe(reason);
  });
});
