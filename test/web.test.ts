/** `twnet/web` in a real browser: labels beside Node's, cameras, threads, and files that are none. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { type EncodeOptions, encodeVideo } from '@twnet/node/video/encode-video';
import { openVideo } from '@twnet/node/video/open-video';
import { streetScene } from '@twnet/train/data/street-clip';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInputOptions } from '../packages/twnet/src/door/input-options.js';
import { segment } from '../packages/twnet/src/door/segment.js';
import { buildStudio } from '../tools/studio/build.js';
import { type ServedFolder, serveFolder } from '../tools/studio/serve.js';
import { openBrowser, type TestBrowser } from './browser.js';
import type { Found, SegmentPage } from './browser-pages/found.js';
import { silentWav } from './made-media.js';

const SIZE = { width: 128, height: 96 };
const FRAMES = 5;
const GROUP = 4;
const WAIT = { timeout: 30_000 };

let folder: string;
let opened: TestBrowser;
let isolated: ServedFolder;
let plain: ServedFolder;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-web-'));
  await buildStudio(folder, {
    entries: { page: fileURLToPath(new URL('browser-pages/segment-page.ts', import.meta.url)) },
    ...{ models: ['cityscapes'], webgpu: false, minify: false, sample: false },
  });
  writeFileSync(join(folder, 'page.html'), '<!doctype html><script type="module" src="page.js"></script>');
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

  it('segments cameras, by their streams, and without MediaStreamTrackProcessor by their frames', async () => {
    const page = await openPage(plain);
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

/** The page's own controls. */
describe('the page', () => {
  let page: Page;
  /** What the page complained about, and what it asked of others than its server. */
  const complaints: string[] = [];
  beforeAll(async () => {
    if (!existsSync(join(folder, 'clip.mp4'))) await writeClip('clip.mp4', { codec: 'h264' });
    const context = await opened.browser.newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(isolated.address) && !/^(blob|data):/.test(url)) complaints.push(url);
    });
    await page.goto(isolated.address);
  });
  afterAll(() => page?.context().close());

  /** As a hand does it. */
  async function drop(name: string): Promise<void> {
    const bytes = readFileSync(join(folder, name)).toString('base64');
    await page.evaluate(`(() => {
      const bytes = Uint8Array.from(atob('${bytes}'), (c) => c.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], '${name}'));
      document.querySelector('.app').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    })()`);
  }
  const said = () => page.textContent('#said');
  /** Of the picture's middle: red, green, blue. */
  const middle = () =>
    page.evaluate<number[]>(`(() => {
      const canvas = document.getElementById('picture');
      const copy = document.createElement('canvas');
      [copy.width, copy.height] = [canvas.width, canvas.height];
      const context = copy.getContext('2d');
      context.drawImage(canvas, 0, 0);
      return [...context.getImageData(canvas.width >> 1, (canvas.height * 7) >> 3, 1, 1).data].slice(0, 3);
    })()`);
  const download = async (button: string) => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
    const path = join(folder, file.suggestedFilename());
    await file.saveAs(path);
    return path;
  };

  it('says of a file that is no video what is wrong, and takes the next one', async () => {
    writeFileSync(join(folder, 'text.mp4'), 'no video at all, but some text that is long enough to look at');
    await drop('text.mp4');
    await expect.poll(() => page.textContent('[role=alert]'), WAIT).toMatch(/text\.mp4: is no video/);
    await drop('clip.mp4');
    await expect.poll(said, WAIT).toMatch(/frame \d of 5$/);
    expect(await page.locator('[role=alert]').count()).toBe(0);
  });

  it('plays to the end, and steps by keys', async () => {
    await expect.poll(said, WAIT).toMatch(/frame 5 of 5$/);
    await expect.poll(() => page.getAttribute('#play', 'aria-label'), WAIT).toBe('play');
    await page.keyboard.press('ArrowLeft');
    expect(await said()).toMatch(/frame 4 of 5$/);
    await page.keyboard.press('Home');
    await expect.poll(said, WAIT).toMatch(/frame 1 of 5$/);
    expect(await page.textContent('.badge')).toBe('I key frame');
  });

  it('switches classes, opacity and layers', async () => {
    const labelled = await middle();
    await page.click('.legend li:has-text("road") label');
    await expect.poll(middle, WAIT).not.toEqual(labelled);
    const bare = await middle();
    await page.click('.legend li:has-text("road") label');
    await expect.poll(middle, WAIT).toEqual(labelled);
    await page.fill('#opacity', '0');
    await expect.poll(middle, WAIT).toEqual(bare);
    await page.fill('#opacity', '0.5');
    await page.keyboard.press('Escape');
    await page.check('input[value=confidence]');
    await expect.poll(middle, WAIT).not.toEqual(bare);
    await page.check('input[value=labels]');
    await page.check('#vectors');
  });

  it('lays the per-frame network beside motion', async () => {
    await page.locator('#compare').focus();
    await page.check('#compare');
    await page.locator('.wipe').waitFor({ timeout: WAIT.timeout });
    expect(await page.locator('.timing .row').count()).toBe(2);
    expect(await page.textContent('.badge')).toMatch(/100\.0 % alike/);
    await page.uncheck('#compare');
  });

  it('downloads a picture, what frames hold, and the video with its labels', async () => {
    const { format } = await sharp(await download('#png')).metadata();
    expect(format).toBe('png');
    const json = JSON.parse(readFileSync(await download('#json'), 'utf8'));
    expect(json).toMatchObject({ video: 'clip.mp4', ...SIZE, model: { name: 'cityscapes' } });
    expect(json.frames.map(({ kind }: { kind: string }) => kind)).toContain('nonkey');
    await using video = await openVideo(await download('#webm'));
    expect(video.info).toMatchObject(SIZE);
    let frames = 0;
    for await (const _ of video) frames++;
    expect(frames).toBe(FRAMES);
  });

  it('fits a telephone, names all it has, and has asked nobody for anything', async () => {
    for (const width of [1280, 800, 360]) {
      await page.setViewportSize({ width, height: 760 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
    const unnamed = await page.evaluate(
      `[...document.querySelectorAll('button, input, select, canvas, svg')]
        .filter((e) => !e.closest('[aria-hidden=true]') && !e.hidden)
        .filter((e) => !e.ariaLabel && !e.textContent.trim() && !(e.labels?.length > 0)).map((e) => e.outerHTML)`,
    );
    expect(unnamed).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
