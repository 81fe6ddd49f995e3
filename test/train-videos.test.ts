/** What step 1 learns on where a teacher labels videos, pictures, and data sets of other classes. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID, CITYSCAPES, IGNORE_LABEL } from '@twnet/core/classes';
import { keyFrameNetwork } from '@twnet/core/network/key-frame';
import { PIXEL_SCALE, PIXEL_ZERO_POINT } from '@twnet/core/network/normalisation';
import { randomWeights } from '@twnet/core/network/random-weights';
import { seededRandom } from '@twnet/core/random';
import { Model } from '@twnet/node/model/model';
import { writeModelNetwork } from '@twnet/node/model/model-writer';
import { openVideo } from '@twnet/node/video/open-video';
import { encodeClip } from '@twnet/node/video/recode-clip';
import { makePlainFolders } from '@twnet/testing/made-sets';
import { madeStill } from '@twnet/testing/made-stills';
import { resolveConfig } from '@twnet/train/config/presets';
import { videoPictures } from '@twnet/train/data/unlabelled';
import { type KeyDataOptions, readKeyData } from '@twnet/train/key/key-data';
import { bestScale } from '@twnet/train/key/teacher';
import { Labeller } from '@twnet/train/run/labeller';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { writeRandomModel } from './random-model.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';
import { writeTinyCamVid } from './tiny-camvid.js';

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-train-videos-'));
  await writeRandomModel(at('model'), 'mobilenet-v1');
  await writeCityscapesModel(at('city'));
  await writeTinyCamVid(at('camvid'), 72);
  const frames = Array.from({ length: 9 }, (_, seed) => madeStill(96, 64, seed).pixels);
  const stream = encodeClip(frames, { width: 96, height: 64 });
  writeFileSync(at('drive.m4v'), stream);
  const middle = Math.floor(stream.length / 2);
  writeFileSync(at('damaged.m4v'), stream.fill(0x5a, middle, middle + 400));
  writeFileSync(at('notes.mp4'), 'no video');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function writeCityscapesModel(path: string): Promise<void> {
  const { name, classes, palette } = CITYSCAPES;
  const card = {
    ...({ format: 'twnet-model-1', name, backbone: 'mobilenet-v1' } as const),
    ...{ classes: [...classes], palette: palette.map(([r, g, b]) => [r, g, b] as [number, number, number]) },
    normalisation: { zeroPoint: PIXEL_ZERO_POINT, scale: PIXEL_SCALE },
    networks: { key: { weights: 'key.safetensors' } },
    provenance: { trainedOn: 'nothing', startedFrom: 'random numbers', licence: 'MIT' },
  };
  const weights = randomWeights(keyFrameNetwork('mobilenet-v1', classes.length), seededRandom(8));
  await writeModelNetwork(path, card, 'key', weights, {});
}

const OWN = {
  ...{ size: { height: 64, width: 64 }, batch: 3, steps: 2, holdOut: 0.3, validateEvery: 0 },
  data: { videos: 0.4, stills: 0.3, every: 2, most: 3 },
  teacher: { scale: 1, confidence: 0 },
};

function read(given: Partial<KeyDataOptions>, own: object = {}) {
  const config = resolveConfig('key', { ...OWN, ...own }, 'test');
  const progress = { step: () => {}, begin: () => {}, note: () => {} };
  return readKeyData({ config, out: at('labels'), threads: 2, progress, ...given });
}

describe('frames of a video', () => {
  it('are every so many, thinned out to the most that there may be', async () => {
    const indices = async (every: number, most: number) =>
      (await videoPictures(at('drive.m4v'), { every, most })).map(({ name }) => Number(name.slice(-6)));
    expect(await indices(2, 9)).toEqual([0, 2, 4, 6, 8]);
    expect(await indices(2, 3)).toEqual([0, 4, 8]);
    expect(await indices(1, 2)).toEqual([0, 8]);
  });

  it('are its own, each in memory of its own', async () => {
    await using video = await openVideo(at('drive.m4v'), { motionSource: 'none' });
    const all: Uint8Array[] = [];
    for await (const { pixels } of video) all.push(pixels.slice());
    const taken = await videoPictures(at('drive.m4v'), { every: 4, most: 9 });
    for (const [i, { pixels }] of taken.entries()) expect(pixels).toEqual(all[4 * i]);
  });
});

describe('what step 1 learns on', () => {
  it('of videos and pictures: the teacher’s labels, at the pictures’ own sizes, each kind by its share', async () => {
    const given = { videos: [at('drive.m4v')], stills: [at('camvid', 'train')], from: at('model') };
    const { classes, origins, taught, heldOut, description } = await (await read(given)).label();
    expect(classes.classes).toEqual(CAMVID.classes);
    expect(description).toBe('drive.m4v, train, labelled by random');
    expect(heldOut).toEqual([]);
    const stills = origins.map((origin) => ('stills' in origin ? origin.stills : []));
    expect(origins.map(({ share }) => share)).toEqual([0.4, 0.3]);
    expect(stills.map((each) => each.map(({ name, width }) => `${name} ${width}`))).toEqual([
      ['drive_000000 96', 'drive_000004 96'],
      ['0001_1.png 72', '0001_2.png 72'],
    ]);
    expect(taught.map(({ name }) => name)).toEqual(['drive_000008', '0001_3.png']);

    const network = (await Model.open(at('model'))).keyFrame();
    await using labeller = new Labeller(network, CAMVID.classes.length, { mirrored: true });
    for (const still of [...stills.flat(), ...taught])
      expect(still.labels).toEqual((await labeller.label(still, 1)).labels);
  });

  it('leaves out what the teacher is not sure of', async () => {
    const given = { videos: [at('drive.m4v')], from: at('model'), out: at('sure') };
    const { origins } = await (await read(given, { teacher: { scale: 1, confidence: 0.999 } })).label();
    const labels = origins.flatMap((origin) => ('stills' in origin ? origin.stills : []))[0].labels;
    expect(labels.every((label) => label === IGNORE_LABEL)).toBe(true);
  });

  it('is taken from the run folder where the same was labelled before', async () => {
    const given = { videos: [at('drive.m4v')], from: at('model'), out: at('again') };
    const labels = at('again', 'pseudo-labels');
    const written = () => readdirSync(labels).map((name) => statSync(join(labels, name)).mtimeMs);
    const first = await (await read(given)).label();
    const before = written();
    rmSync(join(labels, '0-00001.png'));
    writeFileSync(join(labels, '1-00000.png'), 'cut short');
    expect(await (await read(given)).label()).toEqual(first);
    expect(written().filter((time) => before.includes(time))).toHaveLength(2);
    const other = { teacher: { scale: 1, confidence: 0.1 } };
    await (await read(given, other)).label();
    expect(written().some((time) => before.includes(time))).toBe(false);
  });

  it('has the data set’s own labels where its classes are the teacher’s', async () => {
    const given = { data: at('camvid'), videos: [at('drive.m4v')], teacher: at('model') };
    const { origins, heldOut } = await (await read(given)).label();
    expect(origins.map(({ share }) => share)).toEqual([0.6, 0.4]);
    const [own] = origins.map((origin) => ('stills' in origin ? origin.stills : []));
    expect(own.map(({ labels }) => labels)).toEqual([1, 2].map((seed) => madeStill(72, 72, seed).labels));
    expect(heldOut).toHaveLength(1);
  });

  it('has the teacher’s classes and labels for a data set of others, or the teacher’s merged into its own', async () => {
    const given = { data: at('camvid'), videos: [at('drive.m4v')], teacher: at('city') };
    const taught = await (await read(given)).label();
    expect(taught.classes.classes).toEqual(CITYSCAPES.classes);
    expect(taught.heldOut).toHaveLength(0);
    const merged = await (await read(given, { teacher: { ...OWN.teacher, classes: 'data' } })).label();
    expect(merged.classes).toBe(CAMVID);
    expect(merged.heldOut).toHaveLength(1);
    const [own, videos] = merged.origins.map((origin) => ('stills' in origin ? origin.stills : []));
    expect(own[0].labels).toEqual(madeStill(72, 72, 1).labels);
    expect(Math.max(...videos[0].labels)).toBeLessThan(CAMVID.classes.length);
  });

  it('takes the best scale for scale 1 where that is asked for', async () => {
    const given = { videos: [at('drive.m4v')], from: at('model') };
    const best = { teacher: { confidence: 0 }, augmentation: { scaleOf: 'best' }, holdOut: 0 };
    const { origins } = await (await read({ ...given, out: at('best') }, best)).label();
    const [still] = origins.flatMap((origin) => ('stills' in origin ? origin.stills : []));
    expect(still.scale).toBe(bestScale({ width: 96, height: 64 }));
    expect(bestScale({ width: 640, height: 360 })).toBeCloseTo(1024 / 360, 6);
    expect(bestScale({ width: 1242, height: 375 })).toBeCloseTo(2048 / 1242, 6);
    expect(bestScale({ width: 3840, height: 2160 })).toBeCloseTo(1024 / 2160, 6);
  });

  it.each<[string, (path: typeof at) => Partial<KeyDataOptions>, object, RegExp]>([
    ['a file that is no video', (p) => ({ videos: [p('notes.mp4')], from: p('model') }), {}, /notes\.mp4: /],
    ['a damaged video', (p) => ({ videos: [p('damaged.m4v')], from: p('model') }), {}, /damaged\.m4v: lost /],
    [
      'a folder without pictures',
      (p) => ({ stills: [p('model')], from: p('model') }),
      {},
      /holds no pictures/,
    ],
    ['no teacher', (p) => ({ videos: [p('drive.m4v')] }), {}, /need a teacher: give --teacher/],
    [
      'a teacher that is none',
      (p) => ({ videos: [p('drive.m4v')], teacher: p('notes.mp4') }),
      {},
      /notes\.mp4: /,
    ],
    ['nothing to learn on', () => ({}), {}, /nothing to learn on: give --data, --videos or --stills/],
    [
      'shares above 1',
      (p) => ({ data: p('camvid'), videos: [p('drive.m4v')], from: p('model') }),
      { data: { ...OWN.data, videos: 0.8, street: 0.3 } },
      /at most 1 together/,
    ],
    [
      'streets of other classes',
      (p) => ({ videos: [p('drive.m4v')], teacher: p('city') }),
      { data: { ...OWN.data, street: 0.3 } },
      /generated streets have CamVid's classes/,
    ],
  ])('refuses %s', async (_, given, own, message) => {
    await expect(read(given(at), own)).rejects.toThrow(message);
  });

  it('refuses a data set with a class that no class of the teacher’s is', async () => {
    await makePlainFolders(at('yard'));
    const given = { data: at('yard'), videos: [at('drive.m4v')], teacher: at('city') };
    await expect(read(given, { teacher: { classes: 'data' } })).rejects.toThrow(
      /cityscapes: none of its classes is the '.+' of .+; set teacher\.classes to "teacher"/,
    );
  });
});

describe('twnet train key --videos', () => {
  it('trains, and says how far it agrees with the teacher', async () => {
    const size = { height: 32, width: 32 };
    const own = { ...OWN, size, augmentation: { compression: { share: 1, codecs: ['mpeg4', 'h264'] } } };
    writeFileSync(at('config.json'), JSON.stringify(own));
    const run = await twnet(
      ...['train', 'key', '--videos', at('drive.m4v'), '--stills', at('camvid', 'train')],
      ...['--from', at('model'), '--config', at('config.json'), '--threads', '1', '--json', '-o', at('run')],
    );
    expect(run.stderr).toBe('');
    const scores = JSON.parse(run.stdout);
    for (const name of ['agreement', 'agreementHalf', 'agreementMpeg4', 'agreementH264'])
      expect(scores[name]).toBeGreaterThan(0);
    expect(readFileSync(at('run', 'log.jsonl'), 'utf8').trim().split('\n')).toHaveLength(3);
    expect((await Model.open(at('run', 'model'))).card.classes).toEqual(CAMVID.classes);
  });

  it('ends in one line for a file that is no video, before there is a folder', async () => {
    const given = ['--videos', at('notes.mp4'), '--from', at('model'), '--json', '-o', at('none')];
    expectOneLine(await twnetHere('train', 'key', ...given), 2, /notes\.mp4: /);
    expect(existsSync(at('none'))).toBe(false);
  });
});
