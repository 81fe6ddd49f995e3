/** The command line as a process: help, scores, bad input of every kind, and what is left behind. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { twnet } from './run-cli.js';
import { twnetHere } from './run-cli-here.js';

const COMMANDS = [
  'demo',
  'segment',
  'inspect',
  'motion',
  'encode',
  'score',
  'train key',
  'train nonkey',
  'train config',
  'weights import',
  'weights show',
  'export',
  'benchmark stills',
  'benchmark clip',
  'benchmark flicker',
  'benchmark speed',
  'benchmark memory',
  'benchmark training',
];

let folder: string;
/** A path in the tests' folder. */
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-cli-'));
  mkdirSync(at('empty'));
  writeFileSync(at('file'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function writeLabels(path: string, width: number, labels: readonly number[]): Promise<void> {
  const raw = { width, height: labels.length / width, channels: 1 as const };
  await sharp(Uint8Array.from(labels), { raw }).toColourspace('b-w').png().toFile(path);
}

describe('twnet', () => {
  it('tells its version, its commands, and what each of them takes', async () => {
    expect((await twnet('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await twnet('--help');
    expect(help.exitCode).toBe(0);
    for (const command of COMMANDS) expect(help.stdout).toContain(`\n  ${command.split(' ')[0]} `);
    for (const command of COMMANDS) {
      const { exitCode, stdout, stderr } = await twnetHere(...command.split(' '), '--help');
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toContain(`Usage: twnet ${command} `);
    }
  });

  it.each([
    { args: ['segmnt'], message: /unknown command 'segmnt'.*--help/ },
    { args: ['score', 'one'], message: /missing required argument 'ground-truth'/ },
    {
      args: ['score', 'a', 'b', '--clases', 'camvid'],
      message: /unknown option '--clases'.*did you mean --classes/i,
    },
    {
      args: ['score', 'a', 'b', '--classes', 'kitti'],
      message: /kitti.*Allowed choices are camvid, cityscapes/,
    },
  ])('answers “$args” with one line', async ({ args, message }) => {
    expectOneLine(await twnetHere(...args), 2, message);
  });

  it('does so as a process', async () => {
    expectOneLine(await twnet('segmnt'), 2, /unknown command 'segmnt'/);
  });
});

describe('twnet score', () => {
  beforeAll(async () => {
    for (const name of ['predictions', 'truth', 'small', 'strange']) mkdirSync(at(name));
    await writeLabels(at('predictions', '000000.png'), 4, [0, 0, 1, 1]);
    await writeLabels(at('predictions', '000001.png'), 4, [3, 3, 3, 3]);
    await writeLabels(at('truth', 'a.png'), 4, [0, 1, 1, 11]);
    await writeLabels(at('truth', 'b.png'), 4, [3, 3, 255, 3]);
    for (const name of ['a.png', 'b.png']) {
      await writeLabels(at('small', name), 2, [0, 0]);
      await writeLabels(at('strange', name), 4, [0, 0, 0, 77]);
    }
  });

  it('prints a table', async () => {
    const { exitCode, stdout } = await twnet('score', at('predictions'), at('truth'));
    expect(exitCode).toBe(0);
    // Sky and building 1 of 2 each, road 3 of 3; paired by order.
    expect(stdout).toMatch(/^sky +50\.00 +16\.67$/m);
    expect(stdout).toMatch(/^pole +– +0\.00$/m);
    expect(stdout).toMatch(/^mIoU +66\.67$/m);
    expect(stdout).toMatch(/^2 pictures, paired by sorted order/m);
  });

  it('prints JSON', async () => {
    const { stdout, stderr } = await twnet(
      'score',
      at('predictions'),
      at('truth'),
      '--json',
      '--classes',
      'camvid',
    );
    expect(stderr).toBe('');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ pictures: 2, pairedBy: 'order', pixelAccuracy: 5 / 6 });
    expect(report.meanIou).toBeCloseTo(2 / 3, 12);
    expect(report.classes[0]).toEqual({ name: 'sky', iou: 0.5, pixels: 1 });
    expect(report.classes[2]).toEqual({ name: 'pole', iou: null, pixels: 0 });
  });

  it('scores Cityscapes’ categories', async () => {
    const { stdout } = await twnet('score', at('truth'), at('truth'), '--classes', 'cityscapes');
    expect(stdout).toMatch(/^flat +100\.00$/m);
    expect(stdout).toMatch(/^vehicle +–$/m);
  });

  it.each([
    { truth: 'none', message: /none does not exist/ },
    { truth: 'file', message: /file is not a folder/ },
    { truth: 'empty', message: /empty holds no PNG files/ },
    { truth: 'small', message: /000000\.png is 4×1 but .*a\.png is 2×1/ },
    { truth: 'strange', message: /strange.a\.png holds the label 77; camvid has 0 to 10/ },
  ])('names what is wrong with “$truth”', async ({ truth, message }) => {
    expectOneLine(await twnetHere('score', at('predictions'), at(truth)), 2, message);
  });

  it('names both counts where they differ', async () => {
    mkdirSync(at('one'));
    await writeLabels(at('one', 'a.png'), 4, [0, 0, 0, 0]);
    expectOneLine(await twnetHere('score', at('one'), at('truth')), 2, /one holds 1 PNGs and .*truth 2;/);
  });
});

describe('models', () => {
  it('names the folder that holds no model, and leaves nothing behind', async () => {
    const result = await twnet('export', '--model', at('empty'), '-o', at('onnx'));
    expectOneLine(result, 2, /empty/);
    expect(readdirSync(folder)).not.toContain('onnx');
  });
});
