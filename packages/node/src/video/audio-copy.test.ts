/** Audio beside the frames that are written: the same packets, at the same times against the frames. */

import { movingTexture, TestFolder, writeClip } from '@twnet/testing/moving-texture';
import {
  AV_CHANNEL_LAYOUT_MONO,
  AV_NOPTS_VALUE,
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { Codec, CodecContext, FormatContext, Frame, Packet, Rational } from 'node-av/lib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { VideoOrigin } from './audio-copy.js';
import { encodeVideo } from './encode-video.js';
import { openVideo } from './open-video.js';

const RATE = 48000;

interface Heard {
  /** Seconds. */
  readonly time: number;
  readonly bytes: string;
}

/** Adds a track of noise to a video: encoded, and muxed packet by packet. @param late seconds that it starts after */
async function addAudio(
  video: string,
  output: string,
  codecName: 'aac' | 'libopus' | 'pcm_s16le',
  { seconds = 2, late = 0, videoLate = 0 } = {},
): Promise<void> {
  const codec = Codec.findEncoderByName(codecName as Parameters<typeof Codec.findEncoderByName>[0])!;
  using encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.sampleRate = RATE;
  encoder.channelLayout = AV_CHANNEL_LAYOUT_MONO;
  encoder.sampleFormat = codecName === 'aac' ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_S16;
  encoder.timeBase = new Rational(1, RATE);
  expect(await encoder.open2(codec, null)).toBe(0);
  const [input, container] = [new FormatContext(), new FormatContext()];
  await input.openInput(video);
  await input.findStreamInfo();
  container.allocOutputContext2(null, null, output);
  const [picture, sound] = [container.newStream(null), container.newStream(null)];
  input.streams[0].codecpar.copy(picture.codecpar);
  picture.codecpar.codecTag = 0;
  picture.timeBase = input.streams[0].timeBase;
  sound.codecpar.fromContext(encoder);
  sound.timeBase = encoder.timeBase;
  container.url = output;
  await container.openOutput();
  expect(await container.writeHeader()).toBeGreaterThanOrEqual(0);
  const packet = new Packet();
  packet.alloc();
  const shift = (from: Rational, by: number) => BigInt(Math.round(by / from.toDouble()));
  while ((await input.readFrame(packet)) >= 0) {
    const { timeBase } = input.streams[0];
    packet.pts += shift(timeBase, videoLate);
    packet.dts += shift(timeBase, videoLate);
    packet.streamIndex = 0;
    packet.rescaleTs(timeBase, picture.timeBase);
    expect(await container.interleavedWriteFrame(packet)).toBe(0);
  }
  const size = encoder.frameSize || 1024;
  for (let at = 0; at < seconds * RATE; at += size) {
    using frame = new Frame();
    frame.alloc();
    frame.format = encoder.sampleFormat;
    frame.nbSamples = size;
    frame.sampleRate = RATE;
    frame.channelLayout = AV_CHANNEL_LAYOUT_MONO;
    frame.getBuffer(0);
    frame.data![0].forEach((_, i, all) => {
      all[i] = encoder.sampleFormat === AV_SAMPLE_FMT_FLTP ? 0 : (i * 7 + at) % 64;
    });
    frame.pts = BigInt(at + Math.round(late * RATE));
    await encoder.sendFrame(frame);
    while ((await encoder.receivePacket(packet)) >= 0) {
      packet.streamIndex = 1;
      packet.rescaleTs(encoder.timeBase, sound.timeBase);
      expect(await container.interleavedWriteFrame(packet)).toBe(0);
    }
  }
  await container.writeTrailer();
  await container.closeOutput();
  container.freeContext();
  await input.closeInput();
  packet.free();
}

/** The audio packets of a file against its first frame, and that frame's time. */
async function heard(path: string): Promise<{ audio: Heard[]; first: number }> {
  const input = new FormatContext();
  await input.openInput(path);
  await input.findStreamInfo();
  const packet = new Packet();
  packet.alloc();
  const audio: Heard[] = [];
  let first = Number.POSITIVE_INFINITY;
  while ((await input.readFrame(packet)) >= 0) {
    const stream = input.streams[packet.streamIndex];
    // AVI has the times of decoding alone.
    const stamp = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
    const time = Number(stamp) * stream.timeBase.toDouble();
    if (stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO) first = Math.min(first, time);
    if (stream.codecpar.codecType === AVMEDIA_TYPE_AUDIO)
      audio.push({ time, bytes: packet.data!.toString('base64') });
    packet.unref();
  }
  packet.free();
  await input.closeInput();
  return { audio: audio.map(({ time, bytes }) => ({ time: time - first, bytes })), first };
}

async function copy(
  source: string,
  output: string,
  more: { frames?: number; from?: number; change?: Partial<VideoOrigin> } = {},
) {
  await using video = await openVideo(source, { motionSource: 'none' });
  const { width, height, frameRate } = video.info;
  const audio = { ...video.origin, ...more.change };
  const size = { width, height, frameRate };
  const writer = await encodeVideo({ output, ...size, codec: 'auto', audio, from: more.from });
  let count = 0;
  for await (const { pixels, timestamp, duration } of video) {
    if (timestamp < (more.from ?? 0) - 0.001) continue;
    await writer.write(pixels, timestamp, duration);
    if (++count === more.frames) break;
  }
  await writer.finish({ rest: more.frames === undefined });
  return writer.notes;
}

let folder: TestFolder;
beforeAll(async () => {
  folder = new TestFolder();
  const clip = movingTexture(64, 48, 50, 1, 1);
  await writeClip(folder.at('clip.mp4'), clip, { codec: 'h264' });
  await addAudio(folder.at('clip.mp4'), folder.at('aac.mp4'), 'aac');
  await addAudio(folder.at('clip.mp4'), folder.at('opus.mkv'), 'libopus');
  await addAudio(folder.at('clip.mp4'), folder.at('pcm.mov'), 'pcm_s16le');
  await addAudio(folder.at('clip.mp4'), folder.at('late.mp4'), 'aac', { late: 0.7 });
  await addAudio(folder.at('clip.mp4'), folder.at('early.mp4'), 'aac', { videoLate: 0.5 });
  await addAudio(folder.at('clip.mp4'), folder.at('aac.ts'), 'aac');
  return () => folder[Symbol.dispose]();
});

describe('audio', () => {
  it.each([
    ['aac.mp4', 'mp4'],
    ['aac.mp4', 'mkv'],
    ['aac.mp4', 'mov'],
    ['aac.ts', 'mp4'],
    ['aac.ts', 'ts'],
    ['opus.mkv', 'webm'],
    ['opus.mkv', 'mp4'],
    ['pcm.mov', 'avi'],
    ['pcm.mov', 'mkv'],
    ['late.mp4', 'mp4'],
    ['early.mp4', 'mkv'],
    ['early.mp4', 'mp4'],
  ])('of %s is in the .%s, at the same times', async (source, ending) => {
    const output = folder.at(`copy-${source}.${ending}`);
    expect(await copy(folder.at(source), output)).toEqual([]);
    const [before, after] = [await heard(folder.at(source)), await heard(output)];
    // Each container packs packets in its own way (ADTS headers, blocks of PCM): times are what counts.
    const priming = -0.03;
    const start = (all: Heard[]) => Math.min(...all.map(({ time }) => time).filter((time) => time > priming));
    expect(Math.abs(start(after.audio) - start(before.audio))).toBeLessThan(0.025);
    const end = ({ audio }: typeof before) => Math.max(...audio.map(({ time }) => time));
    expect(Math.abs(end(after) - end(before))).toBeLessThan(0.03);
    if (ending !== 'ts' && !source.endsWith('ts') && !source.startsWith('pcm')) {
      expect(after.audio.length).toBeGreaterThanOrEqual(before.audio.length - 1);
      const place = (bytes: string) => before.audio.find((packet) => packet.bytes === bytes)!.time;
      for (const { bytes, time } of after.audio.slice(1, 4))
        expect(Math.abs(place(bytes) - time)).toBeLessThan(0.4);
    }
  });

  it('keeps a video that begins after its audio at its place', async () => {
    const output = folder.at('early-copy.mp4');
    await copy(folder.at('early.mp4'), output);
    expect((await heard(output)).first).toBeCloseTo(0.5, 2);
  });

  it('is trimmed with the frames', async () => {
    const output = folder.at('part.mkv');
    await copy(folder.at('pcm.mov'), output, { from: 1, frames: 10 });
    const { audio, first } = await heard(output);
    expect(first).toBe(0);
    expect(audio[0].time).toBeLessThan(0.03);
    const end = Math.max(...audio.map(({ time }) => time));
    expect(end).toBeGreaterThan(0.3);
    expect(end).toBeLessThan(0.4);
    const whole = await heard(folder.at('pcm.mov'));
    expect(whole.audio.some(({ bytes }) => audio[0].bytes.startsWith(bytes.slice(0, 40)))).toBe(true);
  });

  it.each([
    ['aac.mp4', 'webm', {}, /WebM does not hold AAC: the video is written without its audio/],
    ['pcm.mov', 'mp4', {}, /MP4 does not hold PCM_S16LE: .*\.mkv takes any/],
    ['aac.mp4', 'gif', {}, /GIF holds no audio/],
    ['aac.mp4', 'mp4', { again: false }, /can be read only once/],
    ['aac.mp4', 'mp4', { source: '/nowhere/x.mp4' }, /cannot be opened a second time/],
  ] as const)('of %s that .%s cannot have is left out and said', async (source, ending, change, message) => {
    const output = folder.at(`without.${ending}`);
    const notes = await copy(folder.at(source), output, { frames: 5, change });
    expect(notes).toEqual([expect.stringMatching(message)]);
    expect((await heard(output)).audio).toEqual([]);
  });

  it('is nothing to speak of where there is none', async () => {
    expect(await copy(folder.at('clip.mp4'), folder.at('silent.webm'))).toEqual([]);
  });
});
