/**
 * Reads damaged videos, many of them: a program of its own, since a crash of native code ends the process.
 * Usage: fuzz-reader CODEC COUNT SEED; prints a {@link FuzzReport} as JSON.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { argv, memoryUsage, stdout } from 'node:process';
import { InputError } from '@twnet/core/errors';
import { openVideo } from '@twnet/node/video/open-video';
import { FUZZED_FILES, type FuzzReport } from './fuzz-codecs.js';
import { movingTexture, TestFolder, writeClip } from './moving-texture.js';

type Mutation = (bytes: Uint8Array, random: () => number) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  function flipBits(bytes, random) {
    const out = bytes.slice();
    for (let n = 1 + pick(20, random); n > 0; n--) out[place(out, random)] ^= 1 << pick(8, random);
    return out;
  },
  (bytes, random) => bytes.subarray(0, place(bytes, random)),
  function overwriteRange(bytes, random) {
    const out = bytes.slice();
    const start = place(out, random);
    const end = Math.min(out.length, start + 1 + pick(600, random));
    for (let i = start; i < end; i++) out[i] = pick(256, random);
    return out;
  },
  function moveRange(bytes, random) {
    const [a, b] = [place(bytes, random), place(bytes, random)];
    const length = pick(2000, random);
    return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b, b + length), bytes.subarray(a + length)]);
  },
  function joinParts(bytes, random) {
    const [a, b] = [place(bytes, random), place(bytes, random)];
    return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b)]);
  },
];

const pick = (below: number, random: () => number) => Math.floor(random() * below);

/** A byte of a file: one time in five anywhere, else where there are pictures and neither header nor index. */
function place({ length }: Uint8Array, random: () => number): number {
  return pick(5, random) === 0 ? pick(length, random) : Math.floor(length * (0.2 + 0.55 * random()));
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function fuzz(codec: string, count: number, seed: number): Promise<FuzzReport> {
  using folder = new TestFolder();
  const clip = movingTexture(112, 80, 24, 2.3, 1.4);
  const originals: [string, Uint8Array][] = [];
  for (const { ending, ...options } of FUZZED_FILES[codec]) {
    await writeClip(folder.at(`whole.${ending}`), clip, { gop: 8, quality: 2, ...options });
    // Copied: a Buffer's slice() would share its memory, and damage add up from file to file.
    originals.push([ending, new Uint8Array(readFileSync(folder.at(`whole.${ending}`)))]);
  }
  const random = randomFrom(seed);
  const tally = { files: count, refused: 0, whole: 0, damaged: 0, frames: 0, slowest: 0, memoryEarly: 0 };
  const failures: string[] = [];
  for (let i = 0; i < count; i++) {
    const [ending, bytes] = originals[i % originals.length];
    const mutated = MUTATIONS[Math.floor(i / originals.length) % MUTATIONS.length](bytes, random);
    const path = folder.at(`mutated.${ending}`);
    writeFileSync(path, mutated);
    const start = performance.now();
    try {
      // Every fourth from memory: another way in.
      const outcome = await readThrough(i % 4 === 3 ? mutated : path);
      tally.frames += outcome.frames;
      tally[outcome.losses > 0 ? 'damaged' : 'whole'] += 1;
    } catch (error) {
      if (error instanceof InputError) tally.refused += 1;
      else failures.push(`file ${i}: ${String(error)}`);
    }
    tally.slowest = Math.max(tally.slowest, performance.now() - start);
    if (i === Math.floor(count / 5)) tally.memoryEarly = megabytes();
  }
  // What was whole before is whole still: reading damaged files broke nothing in the process.
  for (const [ending] of originals) {
    const { frames, losses } = await readThrough(folder.at(`whole.${ending}`));
    if (frames !== clip.frames.length || losses > 0) failures.push(`whole.${ending}: ${frames} frames`);
  }
  return { ...tally, memoryLate: megabytes(), failures };
}

/** On its own: esbuild's `using` inside a loop throws an iteration's error again in those after it. */
async function readThrough(source: string | Uint8Array): Promise<{ frames: number; losses: number }> {
  await using video = await openVideo(source);
  let frames = 0;
  for await (const { pixels, index } of video) {
    if (pixels.length !== 3 * video.info.width * video.info.height || index !== frames)
      throw new Error(`frame ${frames} is not as announced`);
    frames += 1;
  }
  return { frames, losses: video.losses.length };
}

function megabytes(): number {
  globalThis.gc?.();
  return memoryUsage.rss() / 2 ** 20;
}

const [codec, count, seed] = argv.slice(2);
stdout.write(JSON.stringify(await fuzz(codec, Number(count), Number(seed))));
