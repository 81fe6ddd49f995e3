/** `twnet/web` in a real browser: labels beside Node's, cameras, threads, and files that are none. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInputOptions } from '../packages/twnet/src/door/input-options.js';
import { segment } from '../packages/twnet/src/door/segment.js';
import type { ServedFolder } from '../tools/studio/serve.js';
import type { Found, SegmentPage } from './browser-pages/found.js';
import { silentWav } from './made-media.js';
import { studioTests } from './studio-tests.js';
import { openWebSite, SIZE, type WebSite } from './web-site.js';

let site: WebSite;
beforeAll(async () => {
  site = await openWebSite();
});
afterAll(() => site?.[Symbol.asyncDispose]());

const labelsOf = ({ frames }: Found): Uint8Array[] =>
  frames.map(({ labels }) => new Uint8Array(inflateSync(Buffer.from(labels, 'base64'))));

async function openPage(server: ServedFolder): Promise<Page> {
  const context = await site.browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => console.log('page:', message));
  page.on('console', (message) => console.log('console:', message.text()));
  await page.goto(`${server.address}page.html`);
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
  for await (const expected of segment(clip, options)) {
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
    const clip = await site.writeClip('clip.mp4', { codec: 'h264' });
    const page = await openPage(site.isolated);
    const found = await ask(page, 'file', 'clip.mp4', { speed: 'accurate', threads: 2 });
    expect(found).toMatchObject({ ...SIZE, isolated: true, codec: 'avc' });
    const shares = await agreement(clip, found, { speed: 'accurate', motion: 'matching' });
    console.log('H.264, accurate:', shares.map((share) => share.toFixed(5)).join(' '));
    expect(mean(shares)).toBeGreaterThan(0.995);
    await page.context().close();
  });

  it('gives the labels of Node: VP9 by its address, every frame and fast, on one thread', async () => {
    const clip = await site.writeClip('clip.webm', { codec: 'vp9' });
    const page = await openPage(site.plain);
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

  it('segments cameras, by their streams, and without MediaStreamTrackProcessor by their frames', async () => {
    const page = await openPage(site.plain);
    for (const how of ['stream', 'player'] as const) {
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
    writeFileSync(
      join(site.folder, 'text.mp4'),
      'no video at all, but some text that is long enough to look at',
    );
    writeFileSync(join(site.folder, 'few.txt'), 'no video');
    writeFileSync(join(site.folder, 'sound.wav'), silentWav(1));
    const whole = readFileSync(await site.writeClip('whole.mp4', { codec: 'h264' }));
    writeFileSync(join(site.folder, 'half.mp4'), whole.subarray(0, whole.length / 2));
    await site.writeClip('part2.mp4', { codec: 'mpeg4' });
    await site.writeClip('hevc.mp4', {
      codec: 'h264',
      encoder: { name: 'libx265', options: { 'x265-params': 'log-level=none' } },
    });
    const page = await openPage(site.plain);
    const said: string[] = [];
    for (const name of ['text.mp4', 'few.txt', 'sound.wav', 'half.mp4', 'part2.mp4', 'hevc.mp4'])
      said.push(await ask(page, 'refusal', name));
    said.push(await ask(page, 'refusal', 'whole.mp4', { speed: 'quick' }));
    for (const line of said) {
      console.log(line);
      expect(line).not.toContain('\n');
    }
    expect(said).toEqual([
      expect.stringMatching(/^InputError: text\.mp4: is no video/),
      expect.stringMatching(/^InputError: few\.txt: is no video/),
      expect.stringMatching(/^InputError: sound\.wav: has no video/),
      expect.stringMatching(/^(Partial)?InputError: half\.mp4: /),
      expect.stringMatching(/^InputError: part2\.mp4: browsers do not decode its codec/),
      expect.stringMatching(/^InputError: hevc\.mp4: this browser does not decode its codec \(hevc/),
      expect.stringMatching(/^InputError: segment: speed must be one of .*"accurate"/),
    ]);
    await page.context().close();
  });
});

describe('the page', () => studioTests(() => site));
