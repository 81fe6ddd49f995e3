import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type MergeJob, mergeJobSchema, resultKey } from './jobs.js';
import { KeptModels } from './kept-models.js';
import { MissingParts, mergeVideo } from './merge-video.js';
import { donePlace, partPlace, partsFolder } from './places.js';
import { storageOf } from './storage.js';

let folder: string;
let job: MergeJob;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-merge-'));
  const settings = {
    ...{ labels: false, legend: false, audio: false, perFrame: false, motion: 'codec', jobFrames: 12 },
    keyFrames: { mode: 'codec' },
  };
  const video = {
    ...{ source: join(folder, 'a.mp4'), out: folder, name: 'a', settings, force: false },
    model: { digest: 'd' },
  };
  job = mergeJobSchema.parse({ video, version: 'v', key: 'k', starts: [0, 12] });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const write = (path: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '{}');
};
const endedByAnother = () => write(donePlace(job.video, resultKey(job.video, job.version)));
const leftOver = () => write(partPlace(job.video, job.key, 12, undefined));
const parts = () => existsSync(partsFolder(job.video, job.key));

describe('mergeVideo', () => {
  it('finds what another worker ended before, or while this one looked for parts, and leaves no part over', async () => {
    leftOver();
    endedByAnother();
    expect(await mergeVideo(job, new KeptModels())).toEqual({ frames: 0, found: true });
    expect(parts()).toBe(false);

    rmSync(join(folder, '.twnet'), { recursive: true });
    leftOver();
    const storage = await storageOf(folder);
    const { stat } = storage;
    vi.spyOn(storage, 'stat').mockImplementation((location) => {
      if (location === partPlace(job.video, job.key, 0, 12)) endedByAnother();
      return stat.call(storage, location);
    });
    expect(await mergeVideo(job, new KeptModels())).toEqual({ frames: 0, found: true });
    expect(parts()).toBe(false);
  });

  it('names the parts that are missing, and keeps the others', async () => {
    leftOver();
    const missing = await mergeVideo(job, new KeptModels()).catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(MissingParts);
    expect((missing as MissingParts).starts).toEqual([0]);
    expect(parts()).toBe(true);
  });

  it('takes an empty file, which a storage has left, for a part that is missing', async () => {
    leftOver();
    writeFileSync(partPlace(job.video, job.key, 0, 12), '');
    const missing = await mergeVideo(job, new KeptModels()).catch((error: unknown) => error);
    expect((missing as MissingParts).starts).toContain(0);
  });
});
