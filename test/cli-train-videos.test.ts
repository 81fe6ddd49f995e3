/** `twnet train key` on videos and pictures without labels, as a process: the teacher's labels, mixed sizes, what cannot be read. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { readModelCard } from '@twnet/node/model/model-files';
import { encodeClip } from '@twnet/node/video/recode-clip';
import { madeStill } from '@twnet/testing/made-stills';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { writeRandomModel } from './random-model.js';
import { twnet } from './run-cli.js';
import { writeTinyCamVid } from './tiny-camvid.js';

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-train-videos-'));
  await writeRandomModel(at('model'));
  await writeTinyCamVid(at('camvid'), 72);
  const frames = Array.from({ length: 9 }, (_, seed) => madeStill(96, 64, seed).pixels);
  writeFileSync(at('drive.m4v'), encodeClip(frames, { width: 96, height: 64 }));
  writeFileSync(at('notes.mp4'), 'no video');
  const config = {
    ...{ size: { height: 64, width: 64 }, batch: 3, steps: 2, holdOut: 0.3, validateEvery: 0 },
    data: { videos: 0.4, stills: 0.3, every: 2, most: 3 },
    teacher: { scale: 1, confidence: 0 },
    augmentation: { compression: { share: 1, codecs: ['mpeg4', 'h264'] } },
  };
  writeFileSync(at('config.json'), JSON.stringify(config));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const common = (out: string) => ['--config', at('config.json'), '--out', at(out), '--threads', '2', '--json'];

describe('twnet train key --videos', () => {
  it('learns a teacher’s labels of videos and pictures, and says how far it agrees', async () => {
    const run = await twnet(
      ...['train', 'key', '--videos', at('drive.m4v'), '--stills', at('camvid', 'train')],
      ...['--from', at('model'), ...common('a')],
    );
    expect(run.stderr).toBe('');
    const scores = JSON.parse(run.stdout);
    for (const name of ['agreement', 'agreementHalf', 'agreementMpeg4', 'agreementH264'])
      expect(scores[name]).toBeGreaterThan(0);
    const card = await readModelCard(at('a', 'model'));
    expect(card.classes).toEqual(CAMVID.classes);
    expect(card.provenance?.trainedOn).toBe('drive.m4v, train, labelled by random');
    // Frames 0, 4 and 8 of the video (2 and 6 are left out, since 3 are the most), and the folder's.
    const { names } = JSON.parse(readFileSync(at('a', 'pseudo-labels', 'settings.json'), 'utf8'));
    expect(names.slice(0, 2).flat()).toEqual(['drive_000000', 'drive_000004', 'drive_000008']);
    expect(names.slice(2).flat().sort()).toEqual(['0001_1.png', '0001_2.png', '0001_3.png']);
  });

  it('takes the labels that a run folder has, and learns the same again', async () => {
    const first = await twnet(
      ...['train', 'key', '--videos', at('drive.m4v'), '--data', at('camvid')],
      ...['--teacher', at('model'), ...common('b')],
    );
    expect(first.exitCode).toBe(0);
    const labels = at('b', 'pseudo-labels');
    const written = () => readdirSync(labels).map((name) => statSync(join(labels, name)).mtimeMs);
    const before = written();
    const losses = () =>
      readFileSync(at('b', 'log.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).loss);
    const learnt = losses();
    rmSync(at('b', 'checkpoint.safetensors'));
    const again = await twnet(
      ...['train', 'key', '--videos', at('drive.m4v'), '--data', at('camvid')],
      ...['--teacher', at('model'), ...common('b'), '--force'],
    );
    expect(again.stderr).toBe('');
    expect(written()).toEqual(before);
    expect(losses()).toEqual(learnt);
  });

  it.each([
    ['a file that is no video', ['--videos', 'notes.mp4', '--from', 'model'], /notes\.mp4: /],
    ['a video that is missing', ['--videos', 'gone.mp4', '--from', 'model'], /gone\.mp4: /],
    ['a folder without pictures', ['--stills', 'model', '--from', 'model'], /model: holds no pictures/],
    ['no teacher', ['--videos', 'drive.m4v'], /need a teacher: give --teacher/],
    ['a teacher that is none', ['--videos', 'drive.m4v', '--teacher', 'notes.mp4'], /notes\.mp4: /],
    ['nothing to learn on', [], /nothing to learn on: give --data, --videos or --stills/],
  ])('ends in one line for %s', async (_, given, message) => {
    const paths = given.map((each) => (each.startsWith('--') ? each : at(each)));
    expectOneLine(await twnet('train', 'key', ...paths, ...common('c')), 2, message);
    expect(existsSync(at('c'))).toBe(false);
  });
});
