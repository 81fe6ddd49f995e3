/** The page in a real browser: pixels, keys, layout. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PageData, type PageFrame, type PageRun, renderPage } from '../packages/twnet/src/page/page.js';
import { gridUri, labelsUri, pictureUri } from '../packages/twnet/src/page/pictures.js';
import { openBrowser, type TestBrowser } from './browser.js';

const WIDTH = 64;
const HEIGHT = 32;
const PALETTE = [
  [128, 64, 128],
  [64, 0, 128],
] as const;
const TRUTH = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH < WIDTH / 2 ? 0 : 1));
const WRONG = [5, 700, 2047];
const FOUND = TRUTH.map((label, i) => (WRONG.includes(i) ? 1 - label : label));

const run: PageRun = {
  ...{ name: 'run', meanIou: 0.5, classIou: [0.5, 0.5], framesPerSecond: 10, stages: { decode: 1 } },
  points: [{ distance: 0, meanIou: 0.5 }],
};

async function frames(): Promise<PageFrame[]> {
  const labels = (map: Uint8Array) => labelsUri(map, WIDTH, HEIGHT, PALETTE);
  const shared = {
    image: await pictureUri(new Uint8Array(3 * WIDTH * HEIGHT).fill(90), WIDTH, HEIGHT),
    truth: await labels(TRUTH),
    perFrame: await labels(TRUTH),
  };
  const key = { type: 'I', kind: 'key', distance: 0, ...shared, twnet: await labels(TRUTH) } as const;
  const grid = await gridUri(Float32Array.of(0, 1), 2, 1, 1);
  const nonkey = (distance: number, twnet: string): PageFrame => ({
    ...{ type: 'P', kind: 'nonkey', distance, ...shared, twnet, residual: grid, attention: grid },
    // In quarters of a pixel: 10 to the right in the left cell, 12 upwards in the right one.
    vectors: { columns: 2, stride: 32, dx: [40, 0], dy: [0, -48] },
  });
  return [key, nonkey(1, await labels(TRUTH)), nonkey(2, await labels(FOUND))];
}

describe('the page in a browser', () => {
  let opened: TestBrowser;
  let folder: string;
  let page: Page;
  let data: PageData;
  /** What the browser complained about, and what it asked the network for. */
  const complaints: string[] = [];

  beforeAll(async () => {
    opened = await openBrowser();
    folder = await mkdtemp(join(tmpdir(), 'twnet-page-'));
    data = {
      ...{ title: 'page', about: ['about'], command: 'twnet demo', width: WIDTH, height: HEIGHT },
      ...{ framesPerSecond: 20, frameCount: 3, classes: ['road', 'car'], palette: PALETTE },
      ...{ perFrame: run, twnet: run, warpAlone: run, frames: await frames() },
    };
    await writeFile(join(folder, 'index.html'), renderPage(data));
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

  const said = () => page.textContent('#said');
  const shows = (index: number) => expect.poll(said).toMatch(new RegExp(`^frame ${index + 1} of 3`));
  /** Indices of a canvas' pixels that `test`, an expression of r, g and b, holds for. */
  const pixelsWhere = (id: string, test: string): Promise<number[]> =>
    page.evaluate(`(() => {
      const canvas = document.getElementById('${id}');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const found = [];
      for (let i = 0; i < data.length; i += 4) {
        const [r, g, b] = data.subarray(i, i + 3);
        if (${test}) found.push(i / 4);
      }
      return found;
    })()`);
  const visible = (id: string) =>
    page.evaluate<string>(`getComputedStyle(document.getElementById('${id}')).visibility`);

  beforeEach(async () => {
    complaints.length = 0;
    await page.goto(pathToFileURL(join(folder, 'index.html')).href);
    await shows(2);
  });

  it('starts at the frame furthest from its key frame, asks for nothing else and complains of nothing', async () => {
    expect(await said()).toBe('frame 3 of 3 · P · 2 frames after the key frame');
    for (const id of ['image', 'truth', 'perFrame', 'twnet', 'residual', 'attention'] as const)
      expect(await page.getAttribute(`#${id}`, 'src')).toBe(data.frames[2][id]);
    expect(complaints).toEqual([]);
  });

  it('paints exactly the wrong pixels red', async () => {
    await expect.poll(() => pixelsWhere('errorsTwnet', 'r > 200')).toEqual(WRONG);
    await expect.poll(() => pixelsWhere('errorsPerFrame', 'r > 0 && r < 200')).toHaveLength(WIDTH * HEIGHT);
  });

  it('draws a line a vector, from where the content was to the middle of its cell', async () => {
    const yellow = await pixelsWhere('vectors', 'r > 150 && b < 120');
    const at = (test: (x: number, y: number) => boolean) =>
      yellow.filter((i) => test(i % WIDTH, Math.floor(i / WIDTH)));
    const left = at((x) => x < 32).map((i) => i % WIDTH);
    expect([Math.min(...left), Math.max(...left)]).toEqual([6, 16]);
    expect(at((x, y) => x < 32 && Math.abs(y - 15.5) > 1.5)).toEqual([]);
    const right = at((x) => x >= 32).map((i) => Math.floor(i / WIDTH));
    expect([Math.min(...right), Math.max(...right)]).toEqual([15, 27]);
  });

  it('steps by arrow keys and stops at the ends', async () => {
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await shows(1);
    expect(await said()).toBe('frame 2 of 3 · P · 1 frame after the key frame');
    await page.keyboard.press('ArrowLeft');
    await shows(0);
    await page.keyboard.press('ArrowLeft');
    expect(await said()).toBe('frame 1 of 3 · I · key frame');
  });

  it('hides what a key frame does not have', async () => {
    await page.fill('#frame', '0');
    await shows(0);
    expect(await Promise.all(['residual', 'attention', 'twnet'].map(visible))).toEqual([
      'hidden',
      'hidden',
      'visible',
    ]);
    expect(await pixelsWhere('vectors', 'r > 150 && b < 120')).toEqual([]);
  });

  it('plays, goes round, and stops', async () => {
    await page.click('#play');
    expect(await page.textContent('#play')).toBe('Pause');
    await shows(0);
    await shows(1);
    await page.click('#play');
    expect(await page.textContent('#play')).toBe('Play');
    const stopped = await said();
    await page.waitForTimeout(200);
    expect(await said()).toBe(stopped);
  });

  it('names everything for those who cannot see it', async () => {
    const unnamed = await page.evaluate(
      "[...document.querySelectorAll('img, canvas, svg, input')].filter((e) => !e.alt && !e.getAttribute('aria-label')).map((e) => e.outerHTML)",
    );
    expect(unnamed).toEqual([]);
    const ids = await page.evaluate<string[]>("[...document.querySelectorAll('[id]')].map(({ id }) => id)");
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([1600, 800, 360])('fits a window %i pixels wide', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const boxes = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.panels figure, svg')].map((e) => e.getBoundingClientRect().right)",
    );
    expect(Math.max(...boxes)).toBeLessThanOrEqual(width);
  });
});
