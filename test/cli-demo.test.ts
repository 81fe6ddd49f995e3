/** The demo as a process, with a model of random weights: what it writes, not how good it is. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVideo } from '@twnet/node/video/open-video';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesIn } from './files-in.js';
import { writeRandomModel } from './random-model.js';
import { twnet } from './run-cli.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-demo-'));
  await writeRandomModel(join(folder, 'model'));
});
afterAll(() => rm(folder, { recursive: true }));

it('writes the scene, both overlays, the still and the figures', async () => {
  const out = join(folder, 'out');
  const args = [
    'demo',
    '-o',
    out,
    '--frames',
    '14',
    '--size',
    '96x64',
    '--model',
    join(folder, 'model'),
    '--json',
  ];
  const { exitCode, stdout, stderr } = await twnet(...args);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  const names = ['overlay-per-frame.mp4', 'overlay.mp4', 'scene.mp4'];
  expect(filesIn(out)).toEqual(['index.html', ...names, 'stats.json', 'still.png']);
  const { outputs, ...report } = JSON.parse(stdout);
  expect(outputs).toHaveLength(6);
  expect(JSON.parse(await readFile(join(out, 'stats.json'), 'utf8'))).toEqual(report);
  expect(report.perFrame.meanIou).toBeGreaterThanOrEqual(0);
  expect(report.speedUp).toBeGreaterThan(0);
  for (const { flicker } of [report.perFrame, report.withMotion]) expect(flicker).toBeGreaterThanOrEqual(0);
  expect(await readFile(join(out, 'index.html'), 'utf8')).toContain(`--model ${join(folder, 'model')}`);
  const { width, height } = await sharp(join(out, 'still.png')).metadata();
  expect(width).toBe(2 * 96);
  expect(height).toBeGreaterThan(2 * 64);
  for (const name of names) {
    let frames = 0;
    for await (const frame of await openVideo(join(out, name))) frames += frame.width === 96 ? 1 : 0;
    expect(frames).toBe(14);
  }
});

it('says in one line where it cannot write', async () => {
  const { exitCode, stderr } = await twnet('demo', '-o', join(folder, 'model', 'model.json', 'x'));
  expect(exitCode).toBe(4);
  expect(stderr).toMatch(/^twnet: .*cannot be made.*\n$/);
});

it('refuses a model whose classes are not those of the scene', async () => {
  const model = join(folder, 'renamed');
  await cp(join(folder, 'model'), model, { recursive: true });
  const card = JSON.parse(await readFile(join(model, 'model.json'), 'utf8'));
  card.classes[0] = 'heaven';
  await writeFile(join(model, 'model.json'), JSON.stringify(card));
  const { exitCode, stderr } = await twnet('demo', '-o', join(folder, 'none'), '--model', model);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^twnet: .*other classes.*trained on CamVid\n$/);
});
