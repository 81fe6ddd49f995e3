/** Key pictures of streams whose pictures are worked on before they are handed out: both sizes come of the same one. */
import { makeStream } from '@twnet/testing/made-stream';
import { type Clip, meanDifference, movingTexture, readAll, TestFolder } from '@twnet/testing/moving-texture';
import { expect, it } from 'vitest';
import { openVideo } from './open-video.js';

const CLIP = movingTexture(192, 112, 5, 3, 2);
const X264 = { crf: 8, 'x264-params': 'ref=1:log-level=none' };

it.each([
  ['interlaced', 'mkv', [CLIP], { encoder: 'mpeg2video', fields: 'top', options: { flags: '+ildct+ilme' } }],
  [
    'cropped by the stream',
    'mp4',
    [CLIP],
    { encoder: 'libx264', options: X264, filter: ['h264_metadata', { crop_left: '40', crop_top: '6' }] },
  ],
  [
    'cropped by the container',
    'mkv',
    [CLIP],
    { encoder: 'mpeg4', options: { b: '8M' }, crop: { left: 5, top: 3, right: 0, bottom: 8 } },
  ],
  ['of oblong pixels', 'mkv', [CLIP], { encoder: 'mpeg4', options: { b: '8M' }, aspect: [4, 3] }],
  ['without vectors', 'webm', [CLIP], { encoder: 'libvpx-vp9', options: { 'cpu-used': 8, crf: 8 } }],
  [
    'of two sizes, one after the other',
    'ts',
    [CLIP, movingTexture(112, 192, 4, 2, 3)],
    { encoder: 'libx264', options: X264 },
  ],
] as const)('a stream %s', async (_name, ending, clips, spec) => {
  using folder = new TestFolder();
  const output = folder.at(`clip.${ending}`);
  const count = await makeStream(clips as readonly Clip[], { output, ...spec });
  const [{ frames: full }, { frames: half, video }] = [
    await readAll(output),
    await readAll(output, { scale: 0.5 }),
  ];
  expect(full).toHaveLength(count);
  await using both = await openVideo(output, { keyPictures: true });
  const { keyWidth, keyHeight, width, height } = both.info;
  const { fullWidth, fullHeight } = video.info;
  expect([keyWidth, keyHeight]).toEqual([fullWidth, fullHeight]);
  expect([width, height]).toEqual([Math.ceil(fullWidth / 2), Math.ceil(fullHeight / 2)]);
  for await (const frame of both) {
    const { index, motion, discontinuity } = frame;
    expect(Buffer.compare(await frame.keyPicture!(), full[index].pixels)).toBe(0);
    expect(discontinuity).toBe(full[index].discontinuity);
    expect(motion.count).toBe(full[index].motion.count);
    if (width !== video.info.width || height !== video.info.height) continue;
    expect(motion).toEqual(half[index].motion);
    expect(meanDifference(frame.pixels, half[index].pixels)).toBeLessThan(2.5);
  }
});
