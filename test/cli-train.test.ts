/** `twnet train` as a process, on a tiny data set: a run's folder, a run killed, configurations that cannot be used. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Model } from '@twnet/node/model/model';
import { readModelCard } from '@twnet/node/model/model-files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { writeRandomModel } from './random-model.js';
import { startTwnet, twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';
import { writeTinyCamVid } from './tiny-camvid.js';

const SIZE = 32;

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-train-cli-'));
  await writeTinyCamVid(at('camvid'), SIZE);
  await writeRandomModel(at('model'), 'mobilenet-v1');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writeConfig(name: string, config: unknown): string {
  writeFileSync(at(name), JSON.stringify(config));
  return at(name);
}

/** A checkpoint after every step. */
const tiny = {
  size: { height: SIZE, width: SIZE },
  batch: 2,
  holdOut: 0,
  checkpointMinutes: 1e-9,
  validateEvery: 0,
};
const place = (out: string, config: string) => [
  ...['--data', at('camvid'), '--out', out, '--config', config],
  ...['--threads', '2', '--quiet'],
];

function losses(run: string): number[] {
  const lines = existsSync(join(run, 'log.jsonl'))
    ? readFileSync(join(run, 'log.jsonl'), 'utf8').trim().split('\n')
    : [];
  return lines.flatMap((line) => {
    const { loss } = JSON.parse(line || '{}') as { loss?: number };
    return loss === undefined ? [] : [loss];
  });
}

describe('twnet train', () => {
  it('goes on exactly after being killed, and leaves its folder', async () => {
    const config = writeConfig('key.json', {
      ...tiny,
      steps: 3,
      freezeNormAfter: 0.5,
      jaccardWeight: 1,
      ema: 0.9,
    });
    const unbroken = await twnetHere('train', 'key', ...place(at('a'), config));
    expect(unbroken.stderr).toBe('');
    expect(losses(at('a'))).toHaveLength(3);

    const { child, finished } = startTwnet('train', 'key', ...place(at('b'), config));
    while (losses(at('b')).length < 1 && child.exitCode === null) await wait(20);
    child.kill('SIGKILL');
    expect((await finished).signal).toBe('SIGKILL');
    expect(losses(at('b')).length).toBeLessThan(3);
    const resumed = await twnet('train', 'key', ...place(at('b'), config), '--resume');
    expect(resumed.exitCode).toBe(0);
    expect(losses(at('b'))).toEqual(losses(at('a')));

    for (const file of ['config.json', 'result.json', 'checkpoint.safetensors'])
      expect(existsSync(at('b', file))).toBe(true);
    expect(readFileSync(at('b', 'curves.svg'), 'utf8')).toContain('learning rate');
    const weights = (run: string) => readFileSync(join(run, 'model', 'key.safetensors'));
    expect(weights(at('b')).equals(weights(at('a')))).toBe(true);
    expect((await readModelCard(at('b', 'model'))).networks.key.training).toMatchObject({
      jaccardWeight: 1,
      ema: 0.9,
    });
  });

  it('ends after its step on Ctrl-C, with a checkpoint to go on from', async () => {
    const config = writeConfig('stop.json', { ...tiny, checkpointMinutes: 60, steps: 40, batch: 1 });
    const { child, finished } = startTwnet('train', 'key', ...place(at('stopped'), config));
    while (losses(at('stopped')).length < 1 && child.exitCode === null) await wait(20);
    child.kill('SIGINT');
    const { exitCode, stderr } = await finished;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/^twnet: interrupted: .*stopped has a checkpoint; --resume goes on from it$/m);
    expect(existsSync(at('stopped', 'checkpoint.safetensors'))).toBe(true);
    expect(losses(at('stopped')).length).toBeLessThan(40);
  });

  it('trains a network with a tail of low rank on clips that jump, from one whose tail is whole', async () => {
    const settings = { ...tiny, holdOut: 0, steps: 1, batch: 1, clipLength: 3, correction: { steps: 0 } };
    const low = { tailRank: 16, interpolation: 0.5, data: { jumps: 1 } };
    const config = writeConfig('low.json', { ...settings, ...low });
    const models = ['--model', at('model'), '--from', at('model'), '--lambda1', '20'];
    const result = await twnetHere('train', 'nonkey', ...place(at('low'), config), ...models);
    expect([result.exitCode, result.stderr]).toEqual([0, '']);
    expect(losses(at('low'))).toHaveLength(1);
    expect((await readModelCard(at('model'))).networks.layer1).toMatchObject({
      tailRank: 16,
      correction: { cfr: true, rga: true },
      training: { steps: 1, consistencyWeight: 20 },
    });
    const { weights } = await (await Model.open(at('model'))).nonKeyFrame(1);
    expect(weights.get('lateral2.basis.weight')?.shape).toEqual([16, 128, 3, 3]);
    expect((await twnetHere('weights', 'show', at('model'))).stdout).toMatch(/RGA on, tail of rank 16/);
  });

  it.each([
    [['--no-fine-tuning'], { cfr: false, rga: false }, { steps: 0 }],
    [['--no-cfr'], { cfr: false, rga: false }, { steps: 1 }],
    [['--no-rga', '--lambda1', '0'], { cfr: true, rga: false }, { steps: 1, consistencyWeight: 0 }],
  ])('trains with %j and says so in the card', async (flags, correction, training) => {
    const config = writeConfig('nonkey.json', {
      ...tiny,
      // Validation takes longer than all the rest.
      holdOut: flags[0] === '--no-fine-tuning' ? 0.3 : 0,
      steps: 1,
      batch: 1,
      clipLength: 2,
      correction: { steps: 0 },
    });
    const run = at(`nonkey${flags.join('')}`);
    const result = await twnetHere(
      'train',
      'nonkey',
      ...place(run, config),
      '--model',
      at('model'),
      ...flags,
    );
    expect(result.stderr).toBe('');
    const { layer1 } = (await readModelCard(at('model'))).networks;
    expect(layer1?.correction).toEqual(correction);
    expect(layer1?.training).toMatchObject(training);
    if (flags[0] === '--no-fine-tuning')
      expect(Object.keys(layer1?.figures ?? {})).toContain('validation mIoU');
    expect(losses(run)).toHaveLength(training.steps);
  });

  it('prints configurations that it takes', async () => {
    const { stdout } = await twnet('train', 'config', 'nonkey', '--preset', 'paper');
    expect(JSON.parse(stdout)).toMatchObject({ steps: 90_000, encoderRateFactor: 0.01 });
    writeFileSync(at('printed.json'), stdout);
    const again = await twnetHere('train', 'config', 'nonkey', '--config', at('printed.json'));
    expect(again.stdout).toBe(stdout);
  });

  it.each([
    ['wrong key', { stpes: 3 }, /wrong\.json: stpes: there is no such key; did you mean steps\?/],
    [
      'batch beyond all memory',
      { batch: 1_000_000 },
      /a batch of 1000000 takes about \d.* GiB, this machine has .*: set batch/,
    ],
  ])('one line for a %s', async (_, config, message) => {
    const result = await twnetHere('train', 'key', ...place(at('never'), writeConfig('wrong.json', config)));
    expectOneLine(result, 2, message);
    expect(existsSync(at('never'))).toBe(false);
  });

  it('one line for a file that is not JSON, and for one that is not there', async () => {
    writeFileSync(at('text.json'), 'steps = 3');
    expectOneLine(
      await twnetHere('train', 'config', 'key', '--config', at('text.json')),
      2,
      /text\.json: is not JSON/,
    );
    expectOneLine(
      await twnetHere('train', 'config', 'key', '--config', at('none.json')),
      2,
      /none\.json: .*cannot be read/,
    );
  });

  it('stops where the loss is no number and keeps the checkpoint before', async () => {
    const config = writeConfig('diverging.json', {
      ...tiny,
      steps: 30,
      learningRate: 1e30,
      schedule: { kind: 'constant', warmup: 0 },
    });
    const result = await twnet('train', 'key', ...place(at('diverged'), config));
    expectOneLine(
      result,
      1,
      /training diverged: .* the last good checkpoint is kept, try a lower learning rate/,
    );
    expect(existsSync(at('diverged', 'model'))).toBe(false);
  });
});
