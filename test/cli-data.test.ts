/** `twnet data check` as a process, and a data set of one's own from training to its figure. */
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { readModelCard } from '@twnet/node/model/model-files';
import { makePlainFolders, writeIds, writePicture } from '@twnet/testing/made-sets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { writeRandomModel } from './random-model.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';
import { writeTinyCamVid } from './tiny-camvid.js';

const SIZE = 32;

interface StillsReport {
  readonly pictures: number;
  readonly meanIou: number;
  readonly classes: readonly { readonly name: string }[];
  readonly against?: { readonly model: string; readonly meanIou: number };
}

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-data-cli-'));
  await makePlainFolders(at('small'));
  await makePlainFolders(at('yard'));
  rmSync(at('yard', 'images', 'train', 'walk'), { recursive: true });
  rmSync(at('yard', 'labels', 'train', 'walk'), { recursive: true });
  for (const [split, name] of [
    ['train', 'a_1'],
    ['train', 'a_2'],
    ['val', 'b_1'],
  ]) {
    await writePicture(at('yard', 'images', split, `${name}.png`), [200, 20, 30], SIZE, SIZE);
    await writeIds(at('yard', 'labels', split, `${name}.png`), [0, 1, 1], SIZE, SIZE);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('twnet data check', () => {
  it('says what is there', async () => {
    const { exitCode, stdout, stderr } = await twnet('data', 'check', at('small'));
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/layout folders, 2 classes/);
    expect(stdout).toMatch(/^train +1 +0 +1 +0 {2}1 of 32×16$/m);
    expect(stdout).toMatch(/^grass +50\.\d+ % {2}█+$/m);
    expect(stdout).toMatch(/nothing is wrong/);
  });

  it('lists faults and exits with 2', async () => {
    await makePlainFolders(at('faulty'));
    unlinkSync(at('faulty', 'labels', 'train', 'walk', '000004.png'));
    const text = await twnetHere('data', 'check', at('faulty'));
    expect(text.stdout).toMatch(/walk.000004\.png: has no partner/);
    expectOneLine(text, 2, /faulty: 1 fault;/);
    const json = await twnetHere('data', 'check', at('faulty'), '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'folders', faultCount: 1 });
    expect(json.exitCode).toBe(2);
  });

  it('has one line for what is no data set', async () => {
    expectOneLine(await twnetHere('data', 'check', at('none')), 2, /none: is no folder/);
  });
});

describe("a data set of one's own", () => {
  it('trains a network of its classes, whose figure is made on val', async () => {
    const config = { size: { height: SIZE, width: SIZE }, batch: 2, holdOut: 0, steps: 1, validateEvery: 0 };
    writeFileSync(at('key.json'), JSON.stringify(config));
    const place = ['--data', at('yard'), '--out', at('run'), '--config', at('key.json'), '--quiet'];
    expect((await twnetHere('train', 'key', ...place)).stderr).toBe('');
    const card = await readModelCard(at('run', 'model'));
    expect([card.name, card.classes]).toEqual(['yard-mobilenet-v1', ['grass', 'dog']]);
    const model = ['--model', at('run', 'model'), '--against', at('run', 'model'), '--json'];
    const { stdout } = await twnetHere('benchmark', 'stills', '--data', at('yard'), ...model);
    const report = JSON.parse(stdout) as StillsReport;
    expect([report.pictures, report.classes.map(({ name }) => name)]).toEqual([1, ['grass', 'dog']]);
    expect(report.against).toEqual({ model: 'yard-mobilenet-v1', meanIou: report.meanIou });
  }, 60_000);

  it('trains step 2 of that network on its sequences', async () => {
    for (const frame of [0, 1])
      await writePicture(at('yard', 'sequences', 'a', `${frame}.png`), [200, 20, 30], SIZE, SIZE);
    const model = at('run', 'model');
    const config = { size: { height: SIZE, width: SIZE }, batch: 1, holdOut: 0, steps: 1, validateEvery: 0 };
    const clips = { clipLength: 2, correction: { steps: 0 }, data: { sequences: 1 } };
    writeFileSync(at('nonkey.json'), JSON.stringify({ ...config, ...clips }));
    const run = ['--out', at('pairs'), '--config', at('nonkey.json'), '--quiet'];
    const train = ['train', 'nonkey', '--data', at('yard'), '--model', model, ...run];
    expect((await twnetHere(...train)).stderr).toBe('');
    expect((await readModelCard(model)).networks.layer1).toBeDefined();
    rmSync(at('yard', 'sequences'), { recursive: true });
    expectOneLine(
      await twnetHere(...train, '--out', at('none')),
      2,
      /no still to learn from has the 1 frames before/,
    );
  }, 60_000);

  it('is scored by Cityscapes’ classes merged into CamVid’s', async () => {
    await writeTinyCamVid(at('camvid'), SIZE);
    const args = ['--data', at('camvid'), '--split', 'train', '--model', 'cityscapes', '--json'];
    const { stdout, stderr } = await twnetHere('benchmark', 'stills', ...args);
    expect(stderr).toBe('');
    const { pictures, classes } = JSON.parse(stdout) as StillsReport;
    expect([pictures, classes.map(({ name }) => name)]).toEqual([3, CAMVID.classes]);
  });

  it('refuses a model of other classes', async () => {
    await writeRandomModel(at('model'));
    const model = ['--model', at('model')];
    const stills = await twnetHere('benchmark', 'stills', '--data', at('yard'), ...model, '--json');
    expectOneLine(stills, 2, /yard: has the classes grass, dog, the model/);
    const train = ['train', 'nonkey', '--data', at('yard'), ...model, '--out', at('other'), '--quiet'];
    expectOneLine(await twnetHere(...train), 2, /yard: has the classes grass, dog, the model/);
  });
});
