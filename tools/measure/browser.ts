/**
 * The segmenter in a browser: labels beside Node's, speed beside the same network on every frame, the first labels after a
 * file is dropped, what is downloaded, and memory over many frames: `tsx tools/measure/browser.ts -o FILE.json`.
 * `--only labels,speed,first,download,memory` measures some of it again and keeps the rest of the file.
 */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, inflateSync } from 'node:zlib';
import { measurementStamp } from '@twnet/bench/stamp/stamp';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { encodeVideo } from '@twnet/node/video/encode-video';
import { StreetScene } from '@twnet/street/street-scene';
import { segment } from '../../packages/twnet/src/door/segment.js';
import { openBrowser } from '../../test/browser.js';
import type { Found, Timed } from '../../test/browser-pages/found.js';
import { buildStudio } from '../studio/build.js';
import { serveFolder } from '../studio/serve.js';

const { values } = parseArgs({
  options: { output: { type: 'string', short: 'o' }, only: { type: 'string' } },
});
const output = values.output!;
const wanted = (part: string): boolean => values.only?.split(',').includes(part) ?? true;

const [WIDTH, HEIGHT, GROUP, FRAMES] = [480, 360, 12, 25];
const THREADS = 2;
const LONG = 2000;

const folder = mkdtempSync(join(tmpdir(), 'twnet-browser-measured-'));
const pageAt = (name: string) =>
  fileURLToPath(new URL(`../../test/browser-pages/${name}.ts`, import.meta.url));
await buildStudio(folder, {
  entries: { measure: pageAt('measure-page'), page: pageAt('segment-page') },
  models: ['camvid'],
  sample: false,
});
for (const name of ['measure', 'page'])
  writeFileSync(
    join(folder, `${name}.html`),
    `<!doctype html><script type="module" src="${name}.js"></script>`,
  );
const clip = join(folder, 'clip.mp4');
/** Rendered once. */
const rendered = fileURLToPath(
  new URL('../../node_modules/.cache/twnet/browser-clip-1.mp4', import.meta.url),
);
if (!existsSync(rendered)) await renderClip(rendered);
copyFileSync(rendered, clip);
await using server = await serveFolder(folder, { isolated: true });
await using opened = await openBrowser({ isolates: true });
const context = await opened.browser.newContext();
const found: Record<string, unknown> = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : {};
try {
  if (wanted('download')) found.kilobytes = downloads();
  if (wanted('first')) found.firstLabelsSeconds = await firstLabels();
  if (wanted('speed')) found.speed = await speeds();
  if (wanted('labels')) found.equalLabels = await equalLabels();
  if (wanted('memory')) found.memory = await memory();
  found.stamp = {
    ...(await measurementStamp(['camvid'], [])),
    command: 'npm run measure -- --only browser',
  };
  await writeFileAtomic(output, `${JSON.stringify(found, null, 1)}\n`);
  console.log(JSON.stringify(found, null, 1));
} finally {
  await context.close();
  rmSync(folder, { recursive: true, force: true });
}

async function renderClip(output: string): Promise<void> {
  const scene = new StreetScene({ seed: 5, width: WIDTH, height: HEIGHT, frameRate: 15 });
  const options = {
    output,
    width: WIDTH,
    height: HEIGHT,
    frameRate: 15,
    codec: 'h264',
    gop: GROUP,
  } as const;
  // A key frame where a group begins and nowhere else.
  const writer = await encodeVideo({
    ...options,
    encoder: { name: 'libx264', options: { sc_threshold: '0', bf: '0', refs: '1' } },
  });
  for (let t = 0; t < FRAMES; t++) await writer.write(scene.frame(t).pixels);
  await writer.finish();
}

async function open(name: string) {
  const page = await context.newPage();
  await page.goto(`${server.address}${name}.html`);
  return page;
}

/** As a file server that compresses sends them: what a first visit to the page that segments on WebAssembly loads. */
function downloads(): Record<string, number> {
  const parts: Record<string, RegExp> = {
    page: /^(index\.html|studio\.css|isolate\.js|studio\.js|chunk-.*\.js)$/,
    workers: /^(studio-worker|segmentation-worker)\.js$/,
    containers: /^src-.*\.js$/,
    runtime: /^ort-wasm-simd-threaded\.wasm$|^ort\.wasm.*\.js$/,
    kernels: /^kernels\.wasm$/,
    webgpuInstead: /^ort-wasm-simd-threaded\.asyncify\.wasm$|^ort\.webgpu.*\.js$/,
  };
  const packed = (path: string) => brotliCompressSync(readFileSync(path)).length / 1000;
  const names = readdirSync(folder);
  const sizes = Object.entries(parts).map(([part, of]) => {
    const files = names.filter((name) => of.test(name));
    return [part, files.reduce((sum, name) => sum + packed(join(folder, name)), 0)] as const;
  });
  const model = ['model.json', 'key.safetensors'].map((name) => packed(join(folder, 'models/camvid', name)));
  const all = Object.fromEntries([...sizes, ['model', model.reduce((a, b) => a + b, 0)]]);
  const { webgpuInstead, ...first } = all;
  const total = Object.values(first).reduce((a, b) => a + b, 0);
  return { ...all, total, totalWithWebgpu: total - all.runtime + webgpuInstead };
}

/** From dropping the clip to labels on the screen, on a second visit. */
async function firstLabels(): Promise<number> {
  const bytes = readFileSync(clip).toString('base64');
  let seconds = 0;
  for (let visit = 0; visit < 3; visit++) {
    const page = await context.newPage();
    await page.goto(server.address);
    await page.waitForTimeout(3000);
    await page.evaluate(`(() => {
      const bytes = Uint8Array.from(atob('${bytes}'), (c) => c.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], 'clip.mp4'));
      document.querySelector('.app').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    })()`);
    const said = await page.waitForSelector('.timing .soft:has-text("first labels")');
    seconds = Number(/after ([\d.]+) s/.exec((await said.textContent())!)![1]);
    console.log(`visit ${visit}: first labels after ${seconds} s`);
    await page.close();
  }
  return seconds;
}

async function speeds() {
  const page = await open('measure');
  const time = (options: string, from: number, to: number): Promise<Timed> =>
    page.evaluate(`measure.time('clip.mp4', ${options}, ${from}, ${to})`);
  // A whole group, after one to warm up.
  const fast = await time(`{ speed: 'fast', threads: ${THREADS} }`, GROUP + 1, 2 * GROUP + 1);
  const perFrame = await time(`{ perFrame: true, threads: ${THREADS} }`, 2, 8);
  await page.close();
  return { fast, perFrame, gain: fast.framesPerSecond / perFrame.framesPerSecond };
}

async function equalLabels() {
  const page = await open('page');
  const shares: Record<string, number> = {};
  for (const [name, options, motion] of [
    ['perFrame', { perFrame: true }, undefined],
    ['fast', { speed: 'fast' }, 'matching'],
    ['accurate', { speed: 'accurate' }, 'matching'],
  ] as const) {
    const { frames } = await page.evaluate<Found>(
      `page.file('clip.mp4', ${JSON.stringify({ ...options, threads: THREADS })})`,
    );
    let [equal, all] = [0, 0];
    let index = 0;
    for await (const { labels } of segment(clip, { model: 'camvid', ...options, motion })) {
      const other = inflateSync(Buffer.from(frames[index++].labels, 'base64'));
      for (let i = 0; i < labels.length; i++) if (labels[i] === other[i]) equal++;
      all += labels.length;
      if (name === 'perFrame' && index === GROUP) break;
    }
    shares[name] = equal / all;
    console.log(`${name}: ${((100 * equal) / all).toFixed(3)} % of labels are Node's`);
  }
  await page.close();
  return shares;
}

/** Resident memory of all of the browser's processes, megabytes, by frames that are done. */
async function memory() {
  await writeLongClip(join(folder, 'long.mp4'));
  const page = await open('measure');
  const soaking = page.evaluate(`measure.soak('long.mp4', { speed: 'fast', threads: 1 })`);
  const samples: { frame: number; megabytes: number }[] = [];
  let going = true;
  soaking.finally(() => {
    going = false;
  });
  while (going) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    samples.push({ frame: await page.evaluate('globalThis.soaked ?? 0'), megabytes: residentMegabytes() });
  }
  await soaking;
  const mean = (from: number, to: number): number => {
    const among = samples.filter(({ frame }) => frame > from && frame <= to);
    return among.reduce((sum, { megabytes }) => sum + megabytes, 0) / among.length;
  };
  const [first, last] = [mean(LONG / 10, LONG / 2), mean(LONG / 2, LONG)];
  await page.close();
  return { frames: LONG, firstHalfMegabytes: first, secondHalfMegabytes: last, growth: last / first - 1 };
}

/** Stripes that wander. */
async function writeLongClip(output: string): Promise<void> {
  const [width, height] = [160, 96];
  const writer = await encodeVideo({ output, width, height, frameRate: 25, codec: 'h264', gop: GROUP });
  const pixels = new Uint8Array(3 * width * height);
  for (let t = 0; t < LONG; t++) {
    for (let i = 0; i < pixels.length; i++)
      pixels[i] = 60 + (((i % width) + ((i / width) | 0) + 2 * t) & 63) * 2;
    await writer.write(pixels);
  }
  await writer.finish();
}

/** Of this process's browser. */
function residentMegabytes(): number {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(all.map((pid) => [pid, /^PPid:\s*(\d+)/m.exec(read(pid, 'status'))?.[1]]));
  const isOurs = (pid: string | undefined): boolean =>
    pid !== undefined && pid !== '0' && (pid === String(process.pid) || isOurs(parents.get(pid)));
  return all
    .filter((pid) => isOurs(pid) && read(pid, 'cmdline').includes('chromium'))
    .reduce((sum, pid) => sum + Number(/^RssAnon:\s*(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0) / 1000, 0);
}
