/** How a training ends early: by a signal, by what it is told, by its data; nothing of it stays open. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphSession } from '@twnet/node/engine/session';
import { keyConfigSchema, nonKeyConfigSchema } from '@twnet/train/config/config';
import { trainKey } from '@twnet/train/key/train-key';
import { trainNonKey } from '@twnet/train/non-key/train-non-key';
import type { TrainingProgress } from '@twnet/train/run/loop';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeRandomModel } from './random-model.js';
import { writeTinyCamVid } from './tiny-camvid.js';

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-ending-'));
  await writeTinyCamVid(at('camvid'), 32);
  await writeTinyCamVid(at('other'), 48);
  await writeRandomModel(at('model'), 'mobilenet-v1');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const opened = { sessions: 0, closed: 0 };
beforeEach(() => {
  Object.assign(opened, { sessions: 0, closed: 0 });
  const { openEncoded } = GraphSession;
  vi.spyOn(GraphSession, 'openEncoded').mockImplementation(async (...given) => {
    const session = await openEncoded.apply(GraphSession, given);
    opened.sessions++;
    const close = session.close.bind(session);
    session.close = async () => {
      await close();
      opened.closed++;
    };
    return session;
  });
});
afterEach(() => vi.restoreAllMocks());

/** Worker threads and files that this process has. */
const held = () => process.getActiveResourcesInfo().filter((name) => /Worker|FS|MessagePort/i.test(name));

async function expectNothingHeld<T>(training: () => Promise<T>): Promise<void> {
  const before = held();
  await training();
  expect(opened.sessions).toBeGreaterThan(0);
  expect(opened.closed).toBe(opened.sessions);
  await vi.waitFor(() => expect(held().toSorted()).toEqual(before.toSorted()));
}

const tiny = {
  size: { height: 32, width: 32 },
  batch: 1,
  steps: 4,
  holdOut: 0,
  checkpointMinutes: 60,
  validateEvery: 0,
};
const keyConfig = keyConfigSchema.parse(tiny);
const nonKeyConfig = nonKeyConfigSchema.parse({ ...tiny, clipLength: 3, correction: { steps: 3, pool: 2 } });

const progress = (step: (done: number) => void = () => undefined): TrainingProgress => ({
  step,
  begin: () => undefined,
  note: () => undefined,
});
const place = (out: string) => ({ data: at('camvid'), out: at(out), resume: false, threads: 1 });
const losses = (out: string): number[] =>
  readFileSync(at(out, 'log.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).loss)
    .filter((loss) => loss !== undefined);

describe('a training that is aborted', () => {
  it('ends after the step that runs, with the reason, and resumes: step 1', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const { signal } = controller;
    const stopAt2 = progress((done) => void (done === 2 && controller.abort(reason)));
    const run = { ...place('halves'), config: keyConfig };
    await expectNothingHeld(() =>
      expect(trainKey({ ...run, progress: stopAt2, signal })).rejects.toBe(reason),
    );
    expect(losses('halves')).toHaveLength(2);
    expect(existsSync(at('halves', 'model'))).toBe(false);
    await expectNothingHeld(() => trainKey({ ...run, resume: true, progress: progress() }));
    expect(losses('halves')).toHaveLength(tiny.steps);
    expect(existsSync(at('halves', 'model'))).toBe(true);
  });

  it('does so in the correction stage and in the joint training of step 2', async () => {
    const run = { ...place('second'), config: nonKeyConfig, model: at('model') };
    const total = { steps: 0 };
    for (const resume of [false, true]) {
      const controller = new AbortController();
      const reason = new Error('enough');
      const { signal } = controller;
      const stop = progress(() => void (++total.steps % 2 === 0 && controller.abort(reason)));
      await expectNothingHeld(() =>
        expect(trainNonKey({ ...run, resume, progress: stop, signal })).rejects.toBe(reason),
      );
    }
    expect(losses(join('second', 'correction'))).toHaveLength(3);
    expect(losses('second')).toHaveLength(1);
    await trainNonKey({ ...run, resume: true, progress: progress() });
    expect(losses('second')).toHaveLength(tiny.steps);
  });

  it('does not begin where it is aborted before', async () => {
    const signal = AbortSignal.abort();
    const options = { ...place('none'), progress: progress(), signal };
    await expect(trainKey({ ...options, config: keyConfig })).rejects.toBe(signal.reason);
    await expect(trainNonKey({ ...options, config: nonKeyConfig, model: at('model') })).rejects.toBe(
      signal.reason,
    );
    expect(existsSync(at('none'))).toBe(false);
  });
});

describe('a training that fails in mid-run holds nothing', () => {
  const failing = progress(() => {
    throw new Error('mine');
  });

  it('by what it calls', async () => {
    await expectNothingHeld(() =>
      expect(trainKey({ ...place('a'), config: keyConfig, progress: failing })).rejects.toThrow('mine'),
    );
    const options = { ...place('b'), config: nonKeyConfig, model: at('model'), progress: failing };
    await expectNothingHeld(() => expect(trainNonKey(options)).rejects.toThrow('mine'));
  });

  it('by a sample that cannot be used', async () => {
    const config = { ...nonKeyConfig, correction: { ...nonKeyConfig.correction, steps: 0 } };
    const sequences = { ...config, data: { ...config.data, sequences: 1 } };
    const options = { ...place('c'), config: sequences, model: at('model'), progress: progress() };
    await expectNothingHeld(() =>
      expect(trainNonKey(options)).rejects.toThrow(/no still to learn from has the 2 frames before it/),
    );
  });
});

it('step 2 refuses stills of another size than its steps', async () => {
  const options = { ...place('d'), data: at('other'), model: at('model'), progress: progress() };
  await expect(trainNonKey({ ...options, config: nonKeyConfig })).rejects.toThrow(
    /other: its stills are 48×48, steps of 32×32; set size to that of the stills/,
  );
  expect(existsSync(at('d'))).toBe(false);
});
