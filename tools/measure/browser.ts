/**
 * The segmenter in a browser: labels beside Node's, speed beside the same network on every frame, the first labels after a
 * file is dropped, what is downloaded, and memory over many frames: `tsx tools/measure/browser.ts -o FILE.json`.
 * `--only labels,speed,first,download,memory` measures some of it again and keeps the rest of the file.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inflateSync } from 'node:zlib';
import { measurementStamp } from '@twnet/bench/stamp/stamp';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { encodeVideo } from '@twnet/node/video/encode-video';
import { StreetScene } from '@twnet/street/street-scene';
import type { BrowserContext, Page } from 'playwright-core';
import { segment } from '../../packages/twnet/src/door/segment.js';
import { openBrowser } from '../../test/browser.js';
import type { Found, Timed } from '../../test/browser-pages/found.js';
import { buildStudio } from '../studio/build.js';
import { serveFolder } from '../studio/serve.js';
import { downloads } from './browser-download.js';
import { memoryOver } from './browser-memory.js';

const { values } = parseArgs({
  options: { output: { type: 'string', short: 'o' }, only: { type: 'string' } },
});
const output = values.output!;
const wanted = (part: string): boolean => values.only?.split(',').includes(part) ?? true;

/** The default of `segment`, and of the page. */
const MODEL = 'cityscapes';
const [WIDTH, HEIGHT, GROUP, FRAMES] = [480, 360, 12, 25];
const THREADS = 2;
const ROUNDS = 5;
/** How often the page is opened and given a file; the first one fills the browser's cache. */
const VISITS = 6;
/** What somebody takes at least to find a file, ms: the page loads meanwhile. */
const LOOKING = 3000;

interface Site {
  readonly folder: string;
  readonly address: string;
  readonly context: BrowserContext;
  /** Files that were asked for. */
  readonly sent: Set<string>;
}

const found: Record<string, unknown> = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : {};
const folder = mkdtempSync(join(tmpdir(), 'twnet-browser-measured-'));
try {
  await prepare();
  const sent = new Set<string>();
  await using server = await serveFolder(folder, { isolated: true, onSent: (file) => sent.add(file) });
  await using opened = await openBrowser({ isolates: true });
  const context = await opened.browser.newContext();
  await measure({ folder, address: server.address, context, sent });
  await context.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
found.stamp = { ...(await measurementStamp([MODEL], [])), command: 'npm run measure -- --only browser' };
await writeFileAtomic(output, `${JSON.stringify(found, null, 1)}\n`);
console.log(JSON.stringify(found, null, 1));

async function measure(site: Site): Promise<void> {
  const parts: Readonly<Record<string, readonly [name: string, run: () => Promise<unknown>]>> = {
    // First: both see what a first visit asks for.
    first: ['firstLabels', () => firstLabels(site)],
    download: ['megabytes', async () => downloads(folder, await firstVisit(site))],
    speed: ['speed', () => speeds(site)],
    labels: ['equalLabels', () => equalLabels(site)],
    memory: ['memory', async () => memoryOver(await open(site, 'measure'), folder)],
  };
  for (const [part, [name, run]] of Object.entries(parts)) {
    if (!wanted(part)) continue;
    const begun = performance.now();
    found[name] = await run();
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    process.stderr.write(`${part}: ${JSON.stringify(found[name])} (${seconds} s)\n`);
    found.stamp = { ...(await measurementStamp([MODEL], [])), command: 'in part' };
    mkdirSync(dirname(output), { recursive: true });
    await writeFileAtomic(output, `${JSON.stringify(found, null, 1)}\n`);
  }
}

/** The page, beside those that measure, and the clip. */
async function prepare(): Promise<void> {
  const pageAt = (name: string) =>
    fileURLToPath(new URL(`../../test/browser-pages/${name}.ts`, import.meta.url));
  const entries = { measure: pageAt('measure-page'), page: pageAt('segment-page') };
  await buildStudio(folder, { entries, models: [MODEL], sample: false });
  for (const name of Object.keys(entries))
    writeFileSync(
      join(folder, `${name}.html`),
      `<!doctype html><script type="module" src="${name}.js"></script>`,
    );
  /** Rendered once. */
  const rendered = fileURLToPath(
    new URL('../../node_modules/.cache/twnet/browser-clip-1.mp4', import.meta.url),
  );
  if (!existsSync(rendered)) await renderClip(rendered);
  copyFileSync(rendered, join(folder, 'clip.mp4'));
}

async function renderClip(output: string): Promise<void> {
  mkdirSync(dirname(output), { recursive: true });
  const [width, height, frameRate] = [WIDTH, HEIGHT, 15];
  const scene = new StreetScene({ seed: 5, width, height, frameRate });
  // A key frame where a group begins and nowhere else.
  const encoder = { name: 'libx264', options: { sc_threshold: '0', bf: '0', refs: '1' } };
  const coding = { codec: 'h264', gop: GROUP, encoder } as const;
  const writer = await encodeVideo({ output, width, height, frameRate, ...coding });
  for (let t = 0; t < FRAMES; t++) await writer.write(scene.frame(t).pixels);
  await writer.finish();
}

async function open({ context, address }: Site, name: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${address}${name}.html`);
  return page;
}

/** Opens the page, drops the clip as a hand does, and waits for labels: seconds. */
async function visit({ context, address }: Site): Promise<number> {
  const bytes = readFileSync(join(folder, 'clip.mp4')).toString('base64');
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForTimeout(LOOKING);
  await page.evaluate(`(() => {
    const bytes = Uint8Array.from(atob('${bytes}'), (c) => c.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], 'clip.mp4'));
    document.querySelector('.app').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  })()`);
  const said = await page.waitForSelector('.timing .soft:has-text("first labels")');
  const seconds = Number(/after ([\d.]+) s/.exec((await said.textContent())!)![1]);
  await page.close();
  return seconds;
}

/** What the page asks its server for until it has labels. */
async function firstVisit(site: Site): Promise<readonly string[]> {
  site.sent.clear();
  await visit(site);
  return [...site.sent];
}

/** From dropping the clip to labels on the screen, when the browser has all files. */
async function firstLabels(site: Site) {
  const seconds: number[] = [];
  for (let i = 0; i < VISITS; i++) seconds.push(await visit(site));
  return { seconds: median(seconds.slice(1)), visits: seconds };
}

async function speeds(site: Site) {
  const page = await open(site, 'measure');
  const time = (options: string, from: number, to: number): Promise<Timed> =>
    page.evaluate(`measure.time('clip.mp4', ${options}, ${from}, ${to})`);
  const rounds: { readonly fast: Timed; readonly perFrame: Timed }[] = [];
  // In turns, each behind frames of its own to warm up; the first round is none.
  for (let round = 0; round <= ROUNDS; round++) {
    const fast = await time(`{ speed: 'fast', threads: ${THREADS} }`, GROUP + 1, 2 * GROUP + 1);
    const perFrame = await time(`{ perFrame: true, threads: ${THREADS} }`, 2, 8);
    if (round > 0) rounds.push({ fast, perFrame });
  }
  await page.close();
  const medians = (name: 'fast' | 'perFrame') => ({
    framesPerSecond: median(rounds.map((round) => round[name].framesPerSecond)),
    milliseconds: Object.fromEntries(
      Object.keys(rounds[0][name].milliseconds).map((stage) => [
        stage,
        median(rounds.map((round) => round[name].milliseconds[stage])),
      ]),
    ),
  });
  const gain = median(rounds.map(({ fast, perFrame }) => fast.framesPerSecond / perFrame.framesPerSecond));
  return { threads: THREADS, fast: medians('fast'), perFrame: medians('perFrame'), gain };
}

/** Shares of labels that are Node's. */
async function equalLabels(site: Site) {
  const page = await open(site, 'page');
  const shares: Record<string, number> = {};
  for (const [name, options, motion] of [
    ['perFrame', { perFrame: true }, undefined],
    ['fast', { speed: 'fast' }, 'matching'],
    ['accurate', { speed: 'accurate' }, 'matching'],
  ] as const) {
    const { frames } = await page.evaluate<Found>(
      `page.file('clip.mp4', ${JSON.stringify({ ...options, threads: THREADS })})`,
    );
    let [equal, all, index] = [0, 0, 0];
    for await (const { labels } of segment(join(folder, 'clip.mp4'), { ...options, motion })) {
      const other = inflateSync(Buffer.from(frames[index++].labels, 'base64'));
      for (let i = 0; i < labels.length; i++) if (labels[i] === other[i]) equal++;
      all += labels.length;
    }
    if (index !== FRAMES || frames.length !== FRAMES) throw new Error(`${name}: frames are missing`);
    shares[name] = equal / all;
  }
  await page.close();
  return shares;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
