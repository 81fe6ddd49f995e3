/** The folder of labels, its frames made here. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { NO_MOTION } from '@twnet/core/frame';
import { ClassAreas, labelAreas } from '@twnet/core/segment/class-areas';
import { ClassChoice } from '@twnet/core/segment/class-choice';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MANIFEST_FILE } from '../files/manifest.js';
import { loadLabels } from '../images/label-image.js';
import type { Video } from '../video/open-video.js';
import { type LabelFormat, type LabelOptions, LabelSink } from './label-sink.js';
import { type LabelsFile, labelsFileSchema } from './labels-file.js';

const WIDTH = 12;
const HEIGHT = 9;
const FRAMES = 5;
let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-sink-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const filesIn = (path: string) =>
  readdirSync(path)
    .filter((name) => name !== MANIFEST_FILE)
    .sort();
const madeLabels = (index: number) =>
  Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % 17 === 0 ? 255 : (i + index) % (2 + index)));

/** What is read of a video. */
function madeVideo(scale = 1): Video {
  const info = { fullWidth: scale * WIDTH, fullHeight: scale * HEIGHT, pixelAspect: { num: 4, den: 3 } };
  return { name: 'in "quotes".mp4', info, notes: ['a note'], losses: [] } as unknown as Video;
}

async function run(options: Partial<LabelOptions>, classes?: string[], scale = 1): Promise<void> {
  const choice = new ClassChoice(CAMVID.classes, classes);
  const seen = new ClassAreas(choice.classes);
  const all = { palette: CAMVID.palette, labels: at('labels'), ...options };
  const about = { model: { name: 'm', digest: 'd' }, options: { layer: 1 } };
  await using sink = await LabelSink.open(madeVideo(scale), all, choice.classes, about);
  for (let index = 0; index < FRAMES; index++) {
    const labels = choice.keep(madeLabels(index));
    const areas = labelAreas(labels);
    const frame = {
      ...{ index, timestamp: index / 7, width: WIDTH, height: HEIGHT },
      ...({ pictureType: index === 0 ? 'I' : 'P', pixels: new Uint8Array(0), motion: NO_MOTION } as const),
      discontinuity: false,
    };
    const timings = { decode: 0, motion: 0, network: 0, labels: 0 };
    const plan = index === 0 ? ({ kind: 'key', reason: 'start' } as const) : ({ kind: 'nonkey' } as const);
    await sink?.write({ frame, labels, areas, ...plan, distance: index, timings });
    seen.add(areas, labels.length, frame.timestamp);
  }
  expect(readdirSync(folder)).not.toContain('labels');
  await sink?.commit(seen.report());
}

const labelsFile = (): LabelsFile =>
  labelsFileSchema.parse(JSON.parse(readFileSync(at('labels', 'labels.json'), 'utf8')));

describe('labels.json', () => {
  it('says what the PNGs are, and what each frame holds', async () => {
    await run({});
    const file = labelsFile();
    expect(filesIn(at('labels'))).toEqual([...file.frames.map((frame) => frame.file), 'labels.json']);
    expect(file).toMatchObject({
      ...{ source: 'in "quotes".mp4', width: WIDTH, height: HEIGHT, pixelAspect: { num: 4, den: 3 } },
      ...{ model: { name: 'm', digest: 'd' }, format: 'png', options: { layer: 1 } },
      ...{ notes: ['a note'], losses: [] },
    });
    expect(file.classes[8]).toEqual({ id: 8, name: 'car', colour: CAMVID.palette[8] });
    for (const [index, frame] of file.frames.entries()) {
      expect(frame).toMatchObject({ frame: index, time: index / 7, distance: index });
      const { labels } = await loadLabels(at('labels', frame.file!));
      expect(labels).toEqual(madeLabels(index));
      for (const [id, name] of CAMVID.classes.entries())
        expect(frame.area[name] ?? 0).toBe(labels.filter((label) => label === id).length);
    }
    expect(file.frames[0]).toMatchObject({ kind: 'key', reason: 'start', pictureType: 'I' });
    expect(file.frames[1]).not.toHaveProperty('reason');
    expect(file.summary[0]).toMatchObject({ name: 'sky', frames: FRAMES, firstSeen: 0, lastSeen: 4 / 7 });
  });

  it('is alone where nothing else is asked for, of classes that are kept', async () => {
    await run({ format: 'none' }, ['pole', 'building']);
    const { frames, classes, summary } = labelsFile();
    expect(filesIn(at('labels'))).toEqual(['labels.json']);
    expect(classes.map(({ name }) => name)).toEqual(['building', 'pole']);
    expect(summary.map(({ name }) => name)).toEqual(['building', 'pole']);
    expect(frames).toHaveLength(FRAMES);
    expect(frames[0]).not.toHaveProperty('file');
    expect(Object.keys(frames[1].area)).toEqual(['building', 'pole']);
  });

  it('tells areas of the full size, whose pictures are enlarged', async () => {
    await run({}, undefined, 3);
    const { width, height, frames } = labelsFile();
    expect([width, height]).toEqual([3 * WIDTH, 3 * HEIGHT]);
    const map = await loadLabels(at('labels', frames[3].file!));
    expect([map.width, map.height]).toEqual([width, height]);
    const [small, areas] = [labelAreas(madeLabels(3)), labelAreas(map.labels)];
    expect(areas).toEqual(small.map((area) => 9 * area));
    expect(frames[3].area.sky).toBe(areas[0]);
  });

  it('is whole JSON without any frame', async () => {
    const about = { model: { name: 'm' }, options: {} };
    const options = { palette: CAMVID.palette, labels: at('labels'), format: 'coco' as const };
    await using sink = await LabelSink.open(madeVideo(), options, new ClassChoice(['a', 'a']).classes, about);
    await sink?.commit([]);
    expect(labelsFile()).toMatchObject({ frames: [], classes: [{ name: 'a 0' }, { name: 'a 1' }] });
    const coco = JSON.parse(readFileSync(at('labels', 'annotations.json'), 'utf8'));
    expect(coco).toMatchObject({ annotations: [], images: [] });
  });
});

/** COCO's run lengths read back, as rleFrString and rleDecode of its maskApi.c do it: 1 in the mask, by columns. */
function decoded({ size, counts }: { size: [number, number]; counts: string }): Uint8Array {
  const runs: number[] = [];
  for (let at = 0; at < counts.length; ) {
    let value = 0;
    for (let shift = 0, more = true; more; shift += 5) {
      const bits = counts.charCodeAt(at++) - 48;
      value |= (bits & 31) << shift;
      more = (bits & 32) !== 0;
      if (!more && bits & 16) value |= -1 << (shift + 5);
    }
    runs.push(runs.length > 2 ? value + runs[runs.length - 2] : value);
  }
  const mask = new Uint8Array(size[0] * size[1]);
  let position = 0;
  for (const [i, run] of runs.entries()) {
    if (i % 2 === 1) mask.fill(1, position, position + run);
    position += run;
  }
  expect(position).toBe(mask.length);
  return mask;
}

describe('annotations.json', () => {
  it('holds every pixel of every class that is kept', async () => {
    const kept = ['sky', 'building', 'pole', 'road'];
    await run({ format: 'coco' }, kept);
    expect(filesIn(at('labels'))).toEqual(['annotations.json', 'labels.json']);
    const coco = JSON.parse(readFileSync(at('labels', 'annotations.json'), 'utf8'));
    expect(Object.keys(coco)).toEqual(['info', 'licenses', 'categories', 'annotations', 'images']);
    expect(coco.categories.map((each: { id: number; name: string }) => [each.id, each.name])).toEqual(
      kept.map((name, id) => [id + 1, name]),
    );
    expect(coco.images).toHaveLength(FRAMES);
    expect(coco.annotations.map(({ id }: { id: number }) => id)).toEqual(
      coco.annotations.map((_: unknown, i: number) => i + 1),
    );
    for (const image of coco.images) {
      const index = image.frame_index;
      expect(image).toMatchObject({ id: index + 1, width: WIDTH, height: HEIGHT, timestamp: index / 7 });
      const labels = new Uint8Array(WIDTH * HEIGHT).fill(255);
      for (const each of coco.annotations.filter((one: { image_id: number }) => one.image_id === image.id)) {
        const mask = decoded(each.segmentation);
        expect(each).toMatchObject({ iscrowd: 1, area: mask.reduce((sum, one) => sum + one, 0) });
        for (const [p, one] of mask.entries())
          if (one === 1) labels[(p % HEIGHT) * WIDTH + Math.floor(p / HEIGHT)] = each.category_id - 1;
      }
      expect(labels).toEqual(madeLabels(index).map((label) => (label < 4 ? label : 255)));
    }
  });
});

describe('LabelSink', () => {
  it('refuses formats that there are not, and one without a folder', async () => {
    await expect(run({ format: 'tiff' as LabelFormat })).rejects.toThrow(
      /format 'tiff': there are png, coco/,
    );
    await expect(run({ format: 'coco', labels: undefined })).rejects.toThrow(InputError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['png', 'coco', 'none'] as const)('leaves nothing where it ends early: %s', async (format) => {
    {
      const options = { palette: CAMVID.palette, labels: at('labels'), format };
      await using sink = await LabelSink.open(madeVideo(), options, [], {
        model: { name: 'm' },
        options: {},
      });
      expect(sink).toBeDefined();
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('replaces what an earlier run with another format left', async () => {
    await run({ format: 'coco' });
    await run2();
    expect(filesIn(at('labels'))).toEqual(['labels.json']);
  });

  const run2 = async () => {
    const options = { palette: CAMVID.palette, labels: at('labels'), format: 'none' as const };
    await using sink = await LabelSink.open(madeVideo(), options, [], { model: { name: 'm' }, options: {} });
    await sink?.commit([]);
  };
});
