/** The memory of a browser over many frames. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { encodeVideo } from '@twnet/node/video/encode-video';
import type { Page } from 'playwright-core';

/** As many as several times what the browser lets garbage pile up over, which goes up and down by a third. */
const [WIDTH, HEIGHT, GROUP, FRAMES] = [160, 96, 12, 8000];
/** Between two looks, ms. */
const EVERY = 250;

/** Resident memory of all of the browser's processes, megabytes: the mean of both halves of the frames, without the first tenth. */
export async function memoryOver(page: Page, folder: string) {
  await writeLongClip(join(folder, 'long.mp4'));
  const samples: { readonly frame: number; readonly megabytes: number }[] = [];
  let isDone = false;
  const soaking = page.evaluate(`measure.soak('long.mp4', { speed: 'fast', threads: 1 })`).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await setTimeout(EVERY);
    const frame = await page.evaluate<number>('globalThis.soaked ?? 0');
    samples.push({ frame, megabytes: residentMegabytes() });
  }
  await soaking;
  const done = await page.evaluate<number>('globalThis.soaked');
  if (done !== FRAMES) throw new Error(`memory: ${done} frames of ${FRAMES} were segmented`);
  await page.close();
  const mean = (from: number, to: number): number => {
    const among = samples.filter(({ frame }) => frame > from && frame <= to);
    if (among.length < 5) throw new Error(`memory: it was too fast to look at frames ${from} to ${to}`);
    return among.reduce((sum, { megabytes }) => sum + megabytes, 0) / among.length;
  };
  const [first, second] = [mean(FRAMES / 10, FRAMES / 2), mean(FRAMES / 2, FRAMES)];
  return {
    frames: FRAMES,
    firstHalfMegabytes: first,
    secondHalfMegabytes: second,
    growth: second / first - 1,
  };
}

/** Stripes that wander. */
async function writeLongClip(output: string): Promise<void> {
  const [width, height] = [WIDTH, HEIGHT];
  const writer = await encodeVideo({ output, width, height, frameRate: 25, codec: 'h264', gop: GROUP });
  const pixels = new Uint8Array(3 * width * height);
  for (let t = 0; t < FRAMES; t++) {
    for (let i = 0; i < pixels.length; i++)
      pixels[i] = 60 + (((i % width) + ((i / width) | 0) + 2 * t) & 63) * 2;
    await writer.write(pixels);
  }
  await writer.finish();
}

/** Of the processes below this one. */
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
  const isBelow = (pid: string | undefined): boolean =>
    pid !== undefined && pid !== '0' && (pid === String(process.pid) || isBelow(parents.get(pid)));
  return all
    .filter((pid) => isBelow(pid) && read(pid, 'cmdline').includes('chromium'))
    .reduce((sum, pid) => sum + Number(/^RssAnon:\s*(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0) / 1000, 0);
}
