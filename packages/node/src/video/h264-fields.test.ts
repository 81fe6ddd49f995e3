import { makeStream } from '@twnet/testing/made-stream';
import { movingTexture, TestFolder } from '@twnet/testing/moving-texture';
import { AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P10LE, AV_PIX_FMT_YUV444P } from 'node-av/constants';
import { describe, expect, it } from 'vitest';
import { openStream } from './demux.js';
import { mayCodeFields } from './h264-fields.js';

const CLIP = movingTexture(96, 64, 2, 1, 1);

async function extradataOf(
  output: string,
  params: string,
  pixelFormat = AV_PIX_FMT_YUV420P,
  profile?: string,
) {
  const options = { 'x264-params': `${params}:log-level=none`, ...(profile ? { profile } : {}) };
  await makeStream(CLIP, { output, encoder: 'libx264', pixelFormat, options });
  const opened = await openStream(output, output);
  const extradata = Uint8Array.from(opened.stream.codecpar.extradata ?? []);
  await opened.close();
  return extradata;
}

describe('mayCodeFields', () => {
  it.each([
    ['progressive', 'mp4', 'ref=1', AV_PIX_FMT_YUV420P, undefined, false],
    ['progressive, Baseline', 'ts', 'ref=1', AV_PIX_FMT_YUV420P, 'baseline', false],
    ['fields', 'mp4', 'tff=1', AV_PIX_FMT_YUV420P, undefined, true],
    ['fields, start codes', 'ts', 'bff=1', AV_PIX_FMT_YUV420P, undefined, true],
    ['fields, Main', 'mkv', 'tff=1', AV_PIX_FMT_YUV420P, 'main', true],
    ['fields, scaling lists', 'mp4', 'tff=1:cqm=jvt', AV_PIX_FMT_YUV422P10LE, undefined, true],
    ['progressive, scaling lists, 4:4:4', 'mp4', 'cqm=jvt', AV_PIX_FMT_YUV444P, undefined, false],
  ] as const)('%s', async (_name, ending, params, format, profile, expected) => {
    using folder = new TestFolder();
    const extradata = await extradataOf(folder.at(`clip.${ending}`), params, format, profile);
    expect(mayCodeFields(extradata)).toBe(expected);
    // Cut off anywhere: no error.
    for (let length = 0; length < extradata.length; length++) mayCodeFields(extradata.subarray(0, length));
  });

  it('of nothing: no', () => {
    expect(mayCodeFields(null)).toBe(false);
    expect(mayCodeFields(new Uint8Array(40))).toBe(false);
  });
});
