/** What measuring commands write: figures with the stamp of weights, version and machine. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PAPER_MODEL } from '@twnet/node/model/model';
import { modelDigest } from '@twnet/node/model/model-files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLine } from './expect-one-line.js';
import { twnet } from './run-cli.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-measurements-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('twnet benchmark … -o FILE', () => {
  const cost = (...args: string[]) =>
    twnet('benchmark', 'cost', '--backbones', 'mobilenet-v1', '--size', '64x64', ...args);

  it('writes the figures with their stamp, and no folder of the machine', async () => {
    const file = join(folder, 'cost.json');
    const { exitCode, stderr, stdout } = await cost('-o', file);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(file);
    expect(stdout).toContain('GMACs');
    const { stamp, networks } = JSON.parse(await readFile(file, 'utf8'));
    expect(networks).toHaveLength(4);
    expect(stamp.weights).toEqual([{ name: 'camvid-mobilenet-v1', digest: await modelDigest(PAPER_MODEL) }]);
    expect(stamp.command).toBe('twnet benchmark cost --backbones mobilenet-v1 --size 64x64 -o cost.json');
    expect(stamp.machine.cpu).not.toBe('');
    expect(Date.parse(stamp.date)).toBeGreaterThan(0);
  });

  it('refuses a file that exists before it measures, unless --force is given', async () => {
    const file = join(folder, 'mine.json');
    await writeFile(file, 'mine');
    expectOneLine(await cost('-o', file), 2, /mine\.json.*--force/);
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect((await cost('-o', file, '--force')).exitCode).toBe(0);
    expect(JSON.parse(await readFile(file, 'utf8')).networks).toHaveLength(4);
  });
});
