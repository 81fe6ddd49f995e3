/** The README's example, run on a made video with a model of random weights. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePanningVideo } from '@twnet/bench/speed/panning-video';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import { loadNetworks } from '@twnet/node/networks/networks';
import { openVideo } from '@twnet/node/video/open-video';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeRandomModel } from './random-model.js';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-library-'));
  await writeRandomModel(join(folder, 'model'));
  await writePanningVideo(join(folder, 'drive.mp4'), { width: 96, height: 64, frames: 3 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('segments a video in a few lines', async () => {
  const lines: string[] = [];
  const video = await openVideo(join(folder, 'drive.mp4'));
  const { width, height } = video.info;
  const networks = await loadNetworks(join(folder, 'model'), { width, height, layer: 1 });
  for await (const { frame, labels, kind } of segmentVideo(video, networks, {
    keyFrames: { mode: 'codec' },
  })) {
    lines.push(`${frame.index} ${frame.pictureType} ${kind} ${labels.length}`);
  }
  await networks.close();
  expect(lines).toEqual(['0 I key 6144', '1 P nonkey 6144', '2 P nonkey 6144']);
});

it('has every entry that package.json promises', () => {
  const root = new URL('../packages/twnet/', import.meta.url);
  const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const entries = Object.values<{ default: string } | string>(exports);
  for (const entry of entries.filter((entry) => typeof entry !== 'string')) {
    const built = entry.default;
    const source = built.replace('./dist/twnet/src/', './src/').replace(/\.js$/, '.ts');
    expect(readFileSync(fileURLToPath(new URL(source, root)), 'utf8')).toContain('export');
  }
});
