/** `twnet/web` in a real browser: labels beside Node's, cameras, threads, and files that are none. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { type EncodeOptions, encodeVideo } from '@twnet/node/video/encode-video';
import { streetScene } from '@twnet/train/data/street-clip';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInputOptions } from '../packages/twnet/src/door/input-options.js';
import { segment } from '../packages/twnet/src/door/segment.js';
import { bundleForBrowsers } from '../tools/studio/bundle.js';
import { type ServedFolder, serveFolder } from '../tools/studio/serve.js';
import { openBrowser, type TestBrowser } from './browser.js';
import type { Found, SegmentPage } from './browser-pages/found.js';
import { silentWav } from './made-media.js';

const SIZE = { width: 128, height: 96 };
const FRAMES = 7;
const GROUP = 4;

let folder: string;
let opened: TestBrowser;
let isolated: ServedFolder;
let plain: ServedFolder;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-web-'));
  await bundleForBrowsers(
    { page: fileURLToPath(new URL('browser-pages/segment-page.ts', import.meta.url)) },
    folder,
    {
      models: ['camvid'],
      webgpu: false,
      minify: false,
    },
  );
  writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="module" src="page.js"></script>');
  [opened, isolated, plain] = await Promise.all([
    openBrowser({
      isolates: true,
      args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    }),
    serveFolder(folder, { isolated: true }),
    serveFolder(folder, { isolated: false }),
  ]);
});
afterAll(async () => {
  await opened?.[Symbol.asyncDispose]();
  await Promise.all([isolated, plain].map((server) => server?.[Symbol.asyncDispose]()));
  rmSync(folder, { recursive: true, force: true });
});

/** A rendered street, through a codec. */
async function writeClip(
  name: string,
  coding: Partial<EncodeOptions>,
  { width, height } = SIZE,
): Promise<string> {
  const output = join(folder, name);
  const { scene } = streetScene(3, 1, width, height);
  const writer = await encodeVideo({ output, width, height, frameRate: 15, gop: GROUP, ...coding });
  for (let t = 0; t < FRAMES; t++) await writer.write(scene.frame(t).pixels);
  await writer.finish();
  return output;
}

const labelsOf = ({ frames }: Found): Uint8Array[] =>
  frames.map(({ labels }) => new Uint8Array(inflateSync(Buffer.from(labels, 'base64'))));

async function openPage(server: ServedFolder): Promise<Page> {
  const context = await opened.browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => console.log('page:', message));
  page.on('console', (message) => console.log('console:', message.text()));
  await page.goto(server.address);
  return page;
}

/** Calls a function of the page. */
const ask = <N extends keyof SegmentPage>(
  page: Page,
  name: N,
  ...args: Parameters<SegmentPage[N]>
): Promise<Awaited<ReturnType<SegmentPage[N]>>> => page.evaluate(`page.${name}(...${JSON.stringify(args)})`);

/** Shares of pixels that have the labels of Node, frame by frame. */
async function agreement(clip: string, found: Found, options: SegmentInputOptions): Promise<number[]> {
  const labels = labelsOf(found);
  const shares: number[] = [];
  for await (const expected of segment(clip, { model: 'camvid', ...options })) {
    const index = shares.length;
    const { kind, distance, type } = found.frames[index];
    const { frame } = expected;
    expect([kind, distance, type]).toEqual([expected.kind, expected.distance, frame.pictureType]);
    expect(found.frames[index].timestamp).toBeCloseTo(frame.timestamp, 3);
    const equal = expected.labels.filter((label, i) => label === labels[index][i]).length;
    shares.push(equal / expected.labels.length);
  }
  expect(labels).toHaveLength(shares.length);
  return shares;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('segment in a browser', () => {
  it('gives the labels of Node: H.264 between key frames, on two threads', async () => {
    const clip = await writeClip('clip.mp4', { codec: 'h264' });
    const page = await openPage(isolated);
    const found = await ask(page, 'file', 'clip.mp4', { speed: 'accurate', threads: 2 });
    expect(found).toMatchObject({ ...SIZE, isolated: true, codec: 'avc' });
    const shares = await agreement(clip, found, { speed: 'accurate', motion: 'matching' });
    console.log('H.264, accurate:', shares.map((share) => share.toFixed(5)).join(' '));
    expect(mean(shares)).toBeGreaterThan(0.995);
    await page.context().close();
  });

  it('gives the labels of Node: VP9 by its address, every frame and fast, on one thread', async () => {
    const clip = await writeClip('clip.webm', { codec: 'vp9' });
    const page = await openPage(plain);
    const fast = await ask(page, 'address', 'clip.webm', { speed: 'fast', recycle: true });
    expect(fast).toMatchObject({ ...SIZE, isolated: false, codec: 'vp9' });
    const shares = await agreement(clip, fast, { speed: 'fast', motion: 'matching' });
    const alone = await ask(page, 'file', 'clip.webm', { perFrame: true });
    const ofAlone = await agreement(clip, alone, { perFrame: true });
    console.log('VP9, fast:', shares.map((share) => share.toFixed(5)).join(' '));
    expect(mean(shares)).toBeGreaterThan(0.995);
    expect(Math.min(...ofAlone)).toBeGreaterThan(0.999);
    await page.context().close();
  });

  it('segments cameras, by their streams, their frames, and without MediaStreamTrackProcessor', async () => {
    const page = await openPage(plain);
    for (const how of ['stream', 'frames', 'player'] as const) {
      const { frames, width, height } = await ask(page, 'camera', how, 3, { speed: 'fast', scale: 0.5 });
      expect(
        frames.map(({ kind }) => kind),
        how,
      ).toEqual(['key', 'nonkey', 'nonkey']);
      expect(frames.map(({ type }) => type)).toEqual(['I', 'P', 'P']);
      expect(labelsOf({ frames } as Found)[0]).toHaveLength(width * height);
    }
    await page.context().close();
  });

  it('says of what it cannot segment why, in one line', async () => {
    writeFileSync(join(folder, 'text.mp4'), 'no video at all, but some text that is long enough to look at');
    writeFileSync(join(folder, 'sound.wav'), silentWav(1));
    const whole = readFileSync(await writeClip('whole.mp4', { codec: 'h264' }));
    writeFileSync(join(folder, 'half.mp4'), whole.subarray(0, whole.length / 2));
    await writeClip('part2.mp4', { codec: 'mpeg4' });
    await writeClip('hevc.mp4', {
      codec: 'h264',
      encoder: { name: 'libx265', options: { 'x265-params': 'log-level=none' } },
    });
    const page = await openPage(plain);
    const said: string[] = [];
    for (const name of ['text.mp4', 'sound.wav', 'half.mp4', 'part2.mp4', 'hevc.mp4'])
      said.push(await ask(page, 'refusal', name));
    said.push(await ask(page, 'refusal', 'whole.mp4', { speed: 'quick' }));
    for (const line of said) {
      console.log(line);
      expect(line).not.toContain('\n');
    }
    expect(said).toEqual([
      expect.stringMatching(/^InputError: text\.mp4: is no video/),
      expect.stringMatching(/^InputError: sound\.wav: has no video/),
      expect.stringMatching(/^(Partial)?InputError: half\.mp4: /),
      expect.stringMatching(/^InputError: part2\.mp4: browsers do not decode its codec/),
      expect.stringMatching(/^InputError: hevc\.mp4: this browser does not decode its codec \(hevc/),
      expect.stringMatching(/^InputError: segment: speed must be one of .*"accurate"/),
    ]);
    await page.context().close();
  });
});
