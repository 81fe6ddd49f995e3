/** The page's script on a real DOM. What linkedom lacks, images and canvases, stands on sharp: pixels are real. */
import { createContext, runInContext } from 'node:vm';
import { parseHTML } from 'linkedom';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { type PageData, type PageFrame, type PageRun, renderPage } from './page.js';
import { gridUri, labelsUri, pictureUri } from './pictures.js';

const WIDTH = 4;
const HEIGHT = 2;
const PALETTE = [
  [128, 64, 128],
  [64, 0, 128],
] as const;
const TRUTH = Uint8Array.of(0, 0, 1, 1, 0, 0, 1, 1);
/** Wrong at pixels 1 and 6. */
const FOUND = Uint8Array.of(0, 1, 1, 1, 0, 0, 0, 1);

const run: PageRun = {
  ...{ name: 'run', meanIou: 0.5, classIou: [0.5, 0.5], framesPerSecond: 10 },
  points: [{ distance: 0, meanIou: 0.5 }],
};

async function frames(): Promise<PageFrame[]> {
  const labels = (map: Uint8Array) => labelsUri(map, WIDTH, HEIGHT, PALETTE);
  const shared = {
    image: await pictureUri(new Uint8Array(3 * WIDTH * HEIGHT).fill(90), WIDTH, HEIGHT),
    truth: await labels(TRUTH),
    perFrame: await labels(TRUTH),
  };
  const key = {
    type: 'I' as const,
    kind: 'key' as const,
    distance: 0,
    ...shared,
    twnet: await labels(TRUTH),
  };
  const nonkey = (distance: number, twnet: string, residual: string): PageFrame => ({
    ...{ type: 'P', kind: 'nonkey', distance, ...shared, twnet, residual, attention: residual },
    vectors: { columns: 2, stride: 2, dx: [4, 0], dy: [0, -8] },
  });
  const grid = await gridUri(Float32Array.of(0, 1), 2, 1, 1);
  return [key, nonkey(1, await labels(TRUTH), grid), nonkey(2, await labels(FOUND), grid)];
}

class PageImage {
  src = '';
  pixels: Uint8ClampedArray | undefined;

  async decode(): Promise<void> {
    const bytes = Buffer.from(this.src.slice(this.src.indexOf(',') + 1), 'base64');
    const { data } = await sharp(bytes)
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    this.pixels = new Uint8ClampedArray(data);
  }
}

class Pixels {
  readonly data: Uint8ClampedArray;
  constructor(width: number, height: number) {
    this.data = new Uint8ClampedArray(4 * width * height);
  }
}

/** A canvas' context as far as the script uses it. */
class Context {
  pixels: Uint8ClampedArray | undefined;
  lines: number[][] = [];
  private from: number[] = [];

  drawImage({ pixels }: PageImage): void {
    this.pixels = pixels;
  }
  getImageData = () => ({ data: this.pixels });
  putImageData({ data }: Pixels): void {
    this.pixels = data;
  }
  beginPath(): void {
    this.lines = [];
  }
  moveTo(...at: number[]): void {
    this.from = at;
  }
  lineTo(...at: number[]): void {
    this.lines.push([...this.from, ...at]);
  }
  rect(): void {}
  fillRect(): void {
    this.lines = [];
  }
  stroke(): void {}
}

/** What the tests ask of an element. */
interface PageElement {
  readonly id: string;
  readonly textContent: string;
  readonly style: { readonly visibility: string };
  value: string;
  getAttribute(name: string): string | null;
}

async function open() {
  const data: PageData = {
    ...{ title: 'page', about: [], command: 'twnet demo', width: WIDTH, height: HEIGHT },
    ...{ framesPerSecond: 20, frameCount: 3, classes: ['road', 'car'], palette: PALETTE },
    ...{ perFrame: run, twnet: run, warpAlone: run, frames: await frames() },
  };
  const { document, Event } = parseHTML(renderPage(data));
  const contexts = new Map<string, Context>();
  const canvas = (element: PageElement) => {
    const context = new Context();
    if (element.id) contexts.set(element.id, context);
    Object.defineProperty(element, 'getContext', { value: () => context });
    return element;
  };
  document.querySelectorAll('canvas').forEach(canvas);
  const create = document.createElement.bind(document);
  Object.defineProperty(document, 'createElement', {
    value: (name: string) => canvas(create(name)),
  });
  const timer: { tick?: () => Promise<void>; milliseconds?: number } = {};
  const world = createContext({
    ...{ document, Image: PageImage, ImageData: Pixels },
    setInterval: (tick: () => Promise<void>, milliseconds: number) => {
      Object.assign(timer, { tick, milliseconds });
      return 1;
    },
    clearInterval: () => {
      timer.tick = undefined;
    },
  });
  runInContext(document.querySelector('script:not([type])')!.textContent!, world);
  return {
    document,
    data,
    timer,
    context: (id: string) => contexts.get(id)!,
    element: (id: string) => document.getElementById(id) as PageElement,
    said: () => document.getElementById('said')!.textContent,
    press: (key: string) => document.dispatchEvent(Object.assign(new Event('keydown'), { key })),
    fire: (id: string, type: string) => document.getElementById(id)!.dispatchEvent(new Event(type)),
  };
}

describe('the page, run', () => {
  let page: Awaited<ReturnType<typeof open>>;
  const shows = (index: number) =>
    expect.poll(() => page.said()).toMatch(new RegExp(`^frame ${index + 1} of 3`));
  const red = (id: string) => {
    const { pixels } = page.context(id);
    return [...Array(WIDTH * HEIGHT).keys()].filter((i) => pixels?.[4 * i] === 255);
  };
  beforeEach(async () => {
    page = await open();
    await shows(2);
  });

  it('starts at the frame furthest from its key frame, with its pictures', () => {
    expect(page.said()).toBe('frame 3 of 3 · P · 2 frames after the key frame');
    for (const id of ['image', 'truth', 'perFrame', 'twnet', 'residual', 'attention'] as const)
      expect(page.element(id).getAttribute('src')).toBe(page.data.frames[2][id]);
  });

  it('paints exactly the wrong pixels red', async () => {
    await expect.poll(() => red('errorsTwnet')).toEqual([1, 6]);
    expect(page.context('errorsPerFrame').pixels).toBeDefined();
    expect(red('errorsPerFrame')).toEqual([]);
  });

  it('draws a line a vector, from where the content was to the middle of its cell', () => {
    expect(page.context('vectors').lines).toEqual([
      [0, 1, 1, 1],
      [3, 3, 3, 1],
    ]);
  });

  it('steps by arrow keys and stops at the ends', async () => {
    page.press('ArrowRight');
    page.press('ArrowLeft');
    await shows(1);
    expect(page.said()).toBe('frame 2 of 3 · P · 1 frame after the key frame');
    page.press('ArrowLeft');
    await shows(0);
    page.press('ArrowLeft');
    expect(page.said()).toBe('frame 1 of 3 · I · key frame');
  });

  it('hides what a key frame does not have', async () => {
    page.element('frame').value = '0';
    page.fire('frame', 'input');
    await shows(0);
    for (const id of ['residual', 'attention']) expect(page.element(id).style.visibility).toBe('hidden');
    expect(page.element('twnet').style.visibility).toBe('visible');
    expect(page.context('vectors').lines).toEqual([]);
  });

  it('plays at the clip’s rate, goes round, and stops', async () => {
    page.fire('play', 'click');
    expect(page.element('play').textContent).toBe('Pause');
    expect(page.timer.milliseconds).toBe(50);
    await page.timer.tick!();
    await shows(0);
    page.fire('play', 'click');
    expect(page.element('play').textContent).toBe('Play');
    expect(page.timer.tick).toBeUndefined();
  });

  it('names everything for those who cannot see it', () => {
    const { document } = page;
    for (const image of document.querySelectorAll('img')) expect(image.getAttribute('alt')).toBeTruthy();
    for (const drawn of document.querySelectorAll('canvas, svg, input'))
      expect(drawn.getAttribute('aria-label')).toBeTruthy();
    expect(document.documentElement.getAttribute('lang')).toBe('en');
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
