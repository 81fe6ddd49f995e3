/** The viewer of pages in a real browser: pixels, keys, layout. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RecordedFrame, Recording } from '@twnet/core/segment/recording';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PageRun, renderPage } from '../packages/twnet/src/page/page.js';
import { pageHtml } from '../packages/twnet/src/page/page-html.js';
import { recordFrame } from '../packages/twnet/src/page/recording.js';
import { openBrowser, type TestBrowser } from './browser.js';

const WIDTH = 64;
const HEIGHT = 32;
const SIZE = { width: WIDTH, height: HEIGHT };
const GREY = 90;
const PALETTE = [
  [128, 64, 128],
  [0, 200, 40],
] as const;
const TRUTH = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH < WIDTH / 2 ? 0 : 1));
const WRONG = [5, 700, 2047];
const FOUND = TRUTH.map((label, i) => (WRONG.includes(i) ? 1 - label : label));
const WAIT = { timeout: 10_000 };
const run: PageRun = {
  ...{ name: 'run', meanIou: 0.5, classIou: [0.5, 0.5], framesPerSecond: 10, stages: { decode: 1 } },
  points: [{ distance: 0, meanIou: 0.5 }],
};
const timings = { decode: 1, motion: 2, network: 3, labels: 4 };

async function recorded(name: string): Promise<Recording> {
  const shared = { pixels: new Uint8Array(3 * WIDTH * HEIGHT).fill(GREY), truth: TRUTH };
  const grid = { rows: 1, columns: 2, stride: 32 };
  const motion = {
    // 10 to the right in the left cell, 12 upwards in the right one.
    field: {
      ...grid,
      ...{ dx: Float32Array.of(10, 0), dy: Float32Array.of(0, -12), coverage: Float32Array.of(1, 1) },
    },
    residual: { ...grid, data: Float32Array.of(0, 96, 0, 96, 0, 96) },
    attention: Float32Array.of(0, 1),
  };
  const frame = (distance: number, labels: Uint8Array): Promise<RecordedFrame> =>
    recordFrame(
      {
        ...{ type: distance === 0 ? 'I' : 'P', kind: distance === 0 ? 'key' : 'nonkey', distance, ...shared },
        ...{ labels: [labels, TRUTH], timings: [timings, { ...timings, network: 30 }] },
        ...(distance === 0 ? {} : motion),
      },
      SIZE,
    );
  const frames = await Promise.all([frame(0, TRUTH), frame(1, TRUTH), frame(2, FOUND)]);
  return {
    ...{ name, ...SIZE, framesPerSecond: 4, classes: ['road', 'car'], palette: PALETTE },
    ...{ ways: ['with motion', 'on its own'], frames },
  };
}

describe('the viewer in a browser', () => {
  let opened: TestBrowser;
  let folder: string;
  let page: Page;
  /** What the browser complained about, and what it asked the network for. */
  const complaints: string[] = [];

  beforeAll(async () => {
    opened = await openBrowser();
    folder = await mkdtemp(join(tmpdir(), 'twnet-page-'));
    const recording = await recorded('one');
    const html = renderPage({
      ...{ title: 'page', about: ['about'], command: 'twnet demo', frameCount: 3, recording },
      ...{ perFrame: run, twnet: run, warpAlone: run },
    });
    await writeFile(join(folder, 'index.html'), html);
    const { frames, ...other } = await recorded('two');
    const few = { ...other, ways: ['alone'], frames: frames.slice(0, 2).map(bare) };
    const both = pageHtml({ title: 'two', body: '<div id="viewer"></div>', recordings: [recording, few] });
    await writeFile(join(folder, 'two.html'), both);
    page = await opened.browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
    });
  });
  afterAll(async () => {
    await opened?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** A frame with labels alone. */
  const bare = ({ type, kind, distance, picture, labels: [labels] }: RecordedFrame): RecordedFrame => ({
    ...{ type, kind, distance, picture, labels: [labels] },
  });
  const open = (name: string) => page.goto(pathToFileURL(join(folder, name)).href);
  const said = () => page.textContent('#said');
  const badge = () => page.textContent('.badge');
  const shows = (index: number, of = 3) =>
    expect.poll(said, WAIT).toMatch(new RegExp(`frame ${index + 1} of ${of}$`));
  /** Places, in the frame's pixels, that `test`, an expression of r, g, b and a, holds for in the middle of the pixel. */
  const pixelsWhere = (id: string, test: string): Promise<number[]> =>
    page.evaluate(`(() => {
      const canvas = document.getElementById('${id}');
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
      copy.drawImage(canvas, 0, 0);
      const { data, width } = copy.getImageData(0, 0, canvas.width, canvas.height);
      const zoom = width / ${WIDTH};
      const found = [];
      for (let i = 0; i < ${WIDTH * HEIGHT}; i++) {
        const x = Math.floor((i % ${WIDTH} + 0.5) * zoom);
        const y = Math.floor((Math.floor(i / ${WIDTH}) + 0.5) * zoom);
        const [r, g, b, a] = data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4);
        if (${test}) found.push(i);
      }
      return found;
    })()`);
  const RED = 'r > 200 && g < 100';

  beforeEach(async () => {
    complaints.length = 0;
    await open('index.html');
    await shows(2);
  });

  it('starts at the frame farthest from its key frame, asks for nothing else and complains of nothing', async () => {
    expect(await said()).toBe('0:00.50 · frame 3 of 3');
    expect(await badge()).toBe('P +2');
    const layers = await page.locator('.layers').innerText();
    expect(layers.split(/\s+/)).toEqual(['Labels', 'Exact', 'Errors', 'Residual', 'Attention', 'Picture']);
    expect(complaints).toEqual([]);
  });

  it('lays the colours of classes over the picture', async () => {
    await page.fill('#opacity', '1');
    const green = 'g > 190 && r < 20';
    await expect
      .poll(() => pixelsWhere('picture', green))
      .toEqual([...FOUND.keys()].filter((i) => FOUND[i] === 1));
    await page.check('input[value=truth]');
    await expect
      .poll(() => pixelsWhere('picture', green))
      .toEqual([...TRUTH.keys()].filter((i) => TRUTH[i] === 1));
  });

  it('paints exactly the wrong pixels red, of the way that is chosen and of classes that are shown', async () => {
    await page.check('input[value=errors]');
    await expect.poll(() => pixelsWhere('picture', RED), WAIT).toEqual(WRONG);
    await page.click('.legend li:has-text("road") label');
    await expect.poll(() => pixelsWhere('picture', RED), WAIT).toEqual(WRONG.filter((i) => TRUTH[i] !== 0));
    await page.click('.legend li:has-text("road") label');
    await page.selectOption('#left', 'on its own');
    await expect.poll(() => pixelsWhere('picture', RED), WAIT).toEqual([]);
  });

  it('compares two ways, each on its side', async () => {
    await page.check('input[value=errors]');
    await page.check('#compare');
    expect(await badge()).toBe(`P +2 · ${(100 * (1 - WRONG.length / FOUND.length)).toFixed(1)} % alike`);
    // The wipe is in the middle: what is wrong right of it is of the way on the left.
    const left = WRONG.filter((i) => i % WIDTH < WIDTH / 2);
    await expect.poll(() => pixelsWhere('picture', RED), WAIT).toEqual(left);
    expect(await page.locator('.wipe span').allTextContents()).toEqual(['with motion', 'on its own']);
    expect(await page.locator('.timing .row b').allTextContents()).toEqual(['10 ms', '37 ms']);
  });

  it('draws a line a vector, from where the content was to the middle of its cell', async () => {
    await page.keyboard.press('ArrowLeft');
    await page.check('#vectors');
    await expect.poll(() => pixelsWhere('lines', 'a > 0'), WAIT).not.toEqual([]);
    const drawn = await pixelsWhere('lines', 'a > 0');
    const at = (test: (x: number, y: number) => boolean) =>
      drawn.filter((i) => test(i % WIDTH, Math.floor(i / WIDTH)));
    const left = at((x) => x < 32).map((i) => i % WIDTH);
    expect([Math.min(...left), Math.max(...left)]).toEqual([5, 16]);
    expect(at((x, y) => x < 32 && Math.abs(y - 15.5) > 1.5)).toEqual([]);
    const right = at((x) => x >= 32).map((i) => Math.floor(i / WIDTH));
    expect([Math.min(...right), Math.max(...right)]).toEqual([15, 27]);
  });

  it('shows residual and attention where they are, and on key frames the picture', async () => {
    for (const layer of ['residual', 'attention']) {
      await page.check(`input[value=${layer}]`);
      const bright = () => pixelsWhere('picture', 'r > 150 && b < 90');
      await expect.poll(bright, WAIT).toEqual([...TRUTH.keys()].filter((i) => i % WIDTH >= WIDTH / 2));
      await page.fill('#frame', '0');
      await shows(0);
      const isGrey = `Math.abs(r - ${GREY}) < 4 && Math.abs(g - ${GREY}) < 4`;
      await expect.poll(() => pixelsWhere('picture', isGrey), WAIT).toHaveLength(WIDTH * HEIGHT);
      await page.fill('#frame', '2');
      await shows(2);
    }
  });

  it('steps by arrow keys and stops at the ends; the page keeps the keys by which it scrolls', async () => {
    await page.click('.layers label:has-text("Errors")');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await shows(1);
    expect(await page.isChecked('input[value=errors]')).toBe(true);
    expect(await badge()).toBe('P +1');
    await page.keyboard.press('Home');
    await shows(1);
    await page.keyboard.press('ArrowLeft');
    await shows(0);
    await page.keyboard.press('ArrowLeft');
    expect(await badge()).toBe('I key frame');
    expect(await said()).toBe('0:00.00 · frame 1 of 3');
  });

  it('plays from the beginning to the end', async () => {
    await page.click('#play');
    await expect.poll(() => page.getAttribute('#play', 'aria-label'), WAIT).toBe('pause');
    await expect.poll(() => page.getAttribute('#play', 'aria-label'), WAIT).toBe('play');
    await shows(2);
  });

  it('shows several clips, each with what it has', async () => {
    await open('two.html');
    await shows(2);
    await page.selectOption('#clip', 'two');
    await shows(1, 2);
    expect((await page.locator('.layers').innerText()).split(/\s+/)).toEqual(['Labels', 'Picture']);
    for (const id of ['#compare', '#vectors', '#left', '.timing'])
      expect(await page.locator(id).count(), id).toBe(0);
    await page.selectOption('#clip', 'one');
    await shows(2);
    expect(complaints).toEqual([]);
  });

  it('names everything for those who cannot see it', async () => {
    const unnamed = await page.evaluate(
      `[...document.querySelectorAll('img, canvas, svg, input, select, button')]
        .filter((e) => !e.closest('[aria-hidden=true]'))
        .filter((e) => !e.alt && !e.ariaLabel && !e.textContent.trim() && !(e.labels?.length > 0)).map((e) => e.outerHTML)`,
    );
    expect(unnamed).toEqual([]);
    const ids = await page.evaluate<string[]>("[...document.querySelectorAll('[id]')].map(({ id }) => id)");
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([1600, 800, 360])('fits a window %i pixels wide', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const boxes = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.stage, .panel, svg')].map((e) => e.getBoundingClientRect().right)",
    );
    expect(Math.max(...boxes)).toBeLessThanOrEqual(width);
  });
});
