/** A whole run on files: the real reader, networks (untrained), encoder and PNGs. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { InputError, OutputError } from '@twnet/core/errors';
import type { Networks } from '@twnet/core/runtime/networks';
import { openUntrained } from '@twnet/testing/untrained-networks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MANIFEST_FILE } from '../files/manifest.js';
import { loadLabels } from '../images/label-image.js';
import { encodeVideo } from '../video/encode-video.js';
import { openVideo } from '../video/open-video.js';
import { labelsFileSchema } from './labels-file.js';
import { type WriteOptions, writeSegmentation } from './write-segmentation.js';

const WIDTH = 96;
const HEIGHT = 64;
const FRAMES = 14;
const codec = { keyFrames: { mode: 'codec' }, palette: CAMVID.palette } as const;

let sources: string;
let folder: string;
let networks: Networks;
const at = (name: string) => join(folder, name);
const filesIn = (path: string) => readdirSync(path).filter((name) => name !== MANIFEST_FILE);

/** Coloured waves that move right by 2 pixels a frame. */
function picture(t: number): Uint8Array {
  return Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => {
    const plane = Math.floor(i / (WIDTH * HEIGHT));
    const y = Math.floor(i / WIDTH) % HEIGHT;
    return 128 + 60 * Math.sin(((i % WIDTH) - 2 * t) / (5 + plane)) + 60 * Math.cos(y / 9 + plane);
  });
}

beforeAll(async () => {
  sources = mkdtempSync(join(tmpdir(), 'twnet-source-'));
  const output = join(sources, 'clip.avi');
  const size = { width: WIDTH, height: HEIGHT, frameRate: 25 };
  const writer = await encodeVideo({ output, ...size, gop: 6, quality: 1 });
  for (let t = 0; t < FRAMES; t++) await writer.write(picture(t));
  await writer.finish();
  networks = await openUntrained(1, WIDTH, HEIGHT);
});
afterAll(async () => {
  await networks.close();
  rmSync(sources, { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-run-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

async function run(source: string, options: WriteOptions, using = networks) {
  await using video = await openVideo(source);
  const stats = await writeSegmentation(video, using, options);
  return { stats, losses: video.losses };
}

describe('writeSegmentation', () => {
  it('leaves frames to who listens, unless it may use them again', async () => {
    const source = join(sources, 'clip.avi');
    const pictures: Uint8Array[] = [];
    await using video = await openVideo(source);
    for await (const { pixels } of video) pictures.push(pixels);
    const kept: Uint8Array[] = [];
    const onFrame: WriteOptions['onFrame'] = ({ frame }) => kept.push(frame.pixels);
    await run(source, { ...codec, onFrame });
    expect(kept).toEqual(pictures);
    kept.length = 0;
    await run(source, { ...codec, onFrame, recycle: true });
    expect(new Set(kept).size).toBeLessThan(FRAMES);
  });

  it('writes the labels of every frame and the video they are drawn over', async () => {
    const seen: Uint8Array[] = [];
    const done: number[] = [];
    const { stats, losses } = await run(join(sources, 'clip.avi'), {
      ...codec,
      overlay: at('overlay.mp4'),
      labels: at('labels'),
      onFrame: ({ labels }, count) => {
        seen.push(labels);
        done.push(count);
      },
    });
    expect(losses).toEqual([]);
    expect(stats.frames).toEqual({ total: FRAMES, key: 3, nonKey: 11, I: 3, P: 11, B: 0 });
    expect(Object.values(stats.milliseconds).every((ms) => ms > 0)).toBe(true);
    expect(done).toEqual(Array.from({ length: FRAMES }, (_, i) => i + 1));
    expect(readdirSync(folder).sort()).toEqual(['labels', 'overlay.mp4']);

    const files = filesIn(at('labels')).filter((name) => name.endsWith('.png'));
    expect(files).toEqual(seen.map((_, i) => `${String(i).padStart(6, '0')}.png`));
    for (const [i, name] of files.entries()) {
      expect((await loadLabels(join(at('labels'), name))).labels).toEqual(seen[i]);
    }

    await using overlay = await openVideo(at('overlay.mp4'));
    expect(overlay.info).toMatchObject({ width: WIDTH, height: HEIGHT, frameRate: 25 });
    let count = 0;
    for await (const _ of overlay) count++;
    expect(count).toBe(FRAMES);
  });

  it('keeps the classes asked for in labels, overlay and statistics', async () => {
    const source = join(sources, 'clip.avi');
    const seen: Uint8Array[] = [];
    const onFrame: WriteOptions['onFrame'] = ({ labels }) => seen.push(labels);
    const classNames = CAMVID.classes;
    const whole = await run(source, { ...codec, classNames, labels: at('all'), onFrame });
    const largest = whole.stats.classes.reduce((a, b) => ((b.meanShare ?? 0) > (a.meanShare ?? 0) ? b : a));
    const options = { ...codec, classNames, classes: [largest.name], overlay: at('one.avi') };
    const { stats } = await run(source, { ...options, labels: at('one') });
    expect(stats.classes).toEqual([largest]);
    for (const [i, labels] of seen.entries()) {
      const name = `${String(i).padStart(6, '0')}.png`;
      const kept = labels.map((label) => (label === largest.id ? label : 255));
      expect((await loadLabels(join(at('one'), name))).labels).toEqual(kept);
      expect((await loadLabels(join(at('all'), name))).labels).toEqual(labels);
    }
    const said = labelsFileSchema.parse(JSON.parse(readFileSync(join(at('one'), 'labels.json'), 'utf8')));
    expect(said.options).toMatchObject({ classes: [largest.name], networkSize: { width: WIDTH } });
    expect(said.summary).toEqual(stats.classes);
    await expect(run(source, { ...codec, classNames, classes: ['carr'] })).rejects.toThrow(/'car'/);
  });

  it('takes names and colours from the networks’ model where none are given', async () => {
    const source = join(sources, 'clip.avi');
    const card = {
      name: 'a model',
      classes: CAMVID.classes.map((name) => `a ${name}`),
      palette: CAMVID.palette,
    };
    const withCard = Object.assign(Object.create(networks) as Networks, { card });
    const { keyFrames } = codec;
    await run(source, { keyFrames, labels: at('labels'), format: 'none' }, withCard);
    const said = labelsFileSchema.parse(JSON.parse(readFileSync(join(at('labels'), 'labels.json'), 'utf8')));
    expect(said.model).toEqual({ name: 'a model' });
    expect(said.classes[3]).toEqual({ id: 3, name: 'a road', colour: CAMVID.palette[3] });
    const bare = Object.assign(Object.create(networks) as Networks, { card: undefined });
    await expect(run(source, { keyFrames }, bare)).rejects.toThrow(/need a palette/);
    await using video = await openVideo(source);
    await expect(writeSegmentation(video, [], codec)).rejects.toThrow(/no networks/);
    await expect(run(source, { ...codec, classNames: ['a'] })).rejects.toThrow(
      /1 classNames, networks of 11/,
    );
  });

  it('draws over the output only: the same labels with and without an overlay', async () => {
    const labels: Uint8Array[][] = [[], []];
    for (const [i, overlay] of [undefined, at('overlay.mp4')].entries()) {
      await run(join(sources, 'clip.avi'), {
        ...codec,
        overlay,
        onFrame: (frame) => labels[i].push(frame.labels),
      });
    }
    expect(labels[1]).toEqual(labels[0]);
  });

  it('writes what a truncated video still holds, whose header tells how many frames there were', async () => {
    const whole = readFileSync(join(sources, 'clip.avi'));
    writeFileSync(join(sources, 'cut.avi'), whole.subarray(0, Math.floor(whole.length * 0.8)));
    const { stats, losses } = await run(join(sources, 'cut.avi'), {
      ...codec,
      labels: at('labels'),
    });
    expect(stats.frames.total).toBeGreaterThan(2);
    expect(stats.frames.total).toBeLessThan(FRAMES);
    expect(filesIn(at('labels')).length).toBe(stats.frames.total + 1);
    const said = labelsFileSchema.parse(JSON.parse(readFileSync(join(at('labels'), 'labels.json'), 'utf8')));
    expect(said.losses).toEqual(losses);
    expect(losses.length).toBeGreaterThan(0);
  });

  it('leaves nothing behind when a network fails half-way', async () => {
    let calls = 0;
    const failing = Object.assign(Object.create(networks) as Networks, {
      begin: () => {
        const stream = networks.begin();
        return {
          ...stream,
          nonKeyFrame: (...args: Parameters<Networks['nonKeyFrame']>) => {
            if (++calls === 4) throw new Error('out of memory');
            return stream.nonKeyFrame(...args);
          },
        };
      },
    });
    const options = { ...codec, overlay: at('overlay.mp4'), labels: at('labels') };
    await expect(run(join(sources, 'clip.avi'), options, failing)).rejects.toThrow('out of memory');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('completes its files with the frames so far when it is told to stop', async () => {
    const stop = new AbortController();
    const options = { ...codec, overlay: at('overlay.mp4'), labels: at('labels'), until: stop.signal };
    const { stats } = await run(join(sources, 'clip.avi'), {
      ...options,
      onFrame: (_frame, done) => done === 5 && stop.abort(),
    });
    expect(stats.frames.total).toBe(5);
    expect(filesIn(at('labels'))).toHaveLength(6);
    const said = labelsFileSchema.parse(JSON.parse(readFileSync(join(at('labels'), 'labels.json'), 'utf8')));
    expect(said.frames).toHaveLength(5);
    expect(said.notes.at(-1)).toMatch(/^stopped early/);
    await using overlay = await openVideo(at('overlay.mp4'));
    let count = 0;
    for await (const _ of overlay) count++;
    expect(count).toBe(5);
    // Before the first frame: nothing.
    const none = { ...options, overlay: at('none.mp4'), labels: at('none') };
    expect((await run(join(sources, 'clip.avi'), none)).stats.frames.total).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['labels', 'overlay.mp4']);
  });

  it('refuses to overwrite, before it reads', async () => {
    writeFileSync(at('overlay.mp4'), 'mine');
    const source = join(sources, 'clip.avi');
    await expect(run(source, { ...codec, overlay: at('overlay.mp4') })).rejects.toThrow(InputError);
    expect(readFileSync(at('overlay.mp4'), 'utf8')).toBe('mine');
    await run(source, { ...codec, overlay: at('overlay.mp4'), force: true });
    expect(readFileSync(at('overlay.mp4'), 'utf8')).not.toBe('mine');
  });

  it('says before it starts that an output cannot be written, and leaves nothing of the others', async () => {
    writeFileSync(at('file'), '');
    const source = join(sources, 'clip.avi');
    const overlay = join(at('file'), 'overlay.mp4');
    await expect(run(source, { ...codec, overlay, labels: at('labels') })).rejects.toThrow(OutputError);
    await expect(run(source, { ...codec, labels: at('file') })).rejects.toThrow(/file/);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it.each([
    true,
    false,
  ])('draws in the video’s own size over smaller frames, over full pictures where there are any: %s', async (fullPixels) => {
    const small = await openUntrained(1, WIDTH / 2, HEIGHT / 2);
    try {
      await using video = await openVideo(join(sources, 'clip.avi'), { scale: 0.5, fullPixels });
      expect(video.info).toMatchObject({ width: WIDTH / 2, height: HEIGHT / 2 });
      await writeSegmentation(video, small, { ...codec, overlay: at('full.mkv'), opacity: 0 });
    } finally {
      await small.close();
    }
    await using overlay = await openVideo(at('full.mkv'));
    expect(overlay.info).toMatchObject({ width: WIDTH, height: HEIGHT });
    let frames = 0;
    for await (const { pixels, index } of overlay) {
      frames++;
      if (index < 3) continue;
      const whole = picture(index);
      const off = pixels.reduce((sum, v, i) => sum + Math.abs(v - whole[i]), 0);
      expect(off / pixels.length).toBeLessThan(fullPixels ? 8 : 30);
      break;
    }
    expect(frames).toBe(4);
  });

  it('keeps the times of the video and says what the file cannot hold', async () => {
    const output = join(sources, 'uneven.mkv');
    const times = [0, 0.04, 0.5, 0.54, 2];
    const writer = await encodeVideo({ output, width: WIDTH, height: HEIGHT, frameRate: 25, gop: 6 });
    for (const [t, seconds] of times.entries()) await writer.write(picture(t), seconds);
    await writer.finish();
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    await run(output, { ...codec, overlay: at('uneven.mp4'), onNote, legend: false });
    expect(notes).toEqual([]);
    await using overlay = await openVideo(at('uneven.mp4'));
    const read: number[] = [];
    for await (const { timestamp } of overlay) read.push(timestamp);
    for (const [i, time] of times.entries()) expect(read[i]).toBeCloseTo(time, 3);
    await run(output, { ...codec, overlay: at('uneven.avi'), onNote });
    expect(notes).toEqual([
      expect.stringMatching(/without a legend: it would hide too much of 96×64/),
      expect.stringMatching(/AVI knows one frame rate only/),
    ]);
  });
});
