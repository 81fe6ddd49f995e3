/**
 * Makes a sample of each codec × container that FFmpeg writes here, interlaced and not, turned and not, and holds what
 * twnet reads against ffprobe (where it is installed; else against what was written): count of frames, times to the
 * millisecond, no losses. `twnet segment` then runs on one sample of each codec.
 *
 *     npx tsx tools/checks/sample-matrix.ts [--json FILE] [--only CODEC] [--no-segment]
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { openVideo } from '@twnet/node/video/open-video';
import { makeStream, Refused, type StreamSpec } from '@twnet/testing/made-stream';
import { type Clip, movingTexture } from '@twnet/testing/moving-texture';
import { CODECS, CONTAINERS, type SampleCodec, VARIANTS, type Variant } from './sample-codecs.js';

const FRAMES = 8;
const run = promisify(execFile);
const { values: flags } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    'no-segment': { type: 'boolean', default: false },
  },
});

interface Sample {
  readonly codec: string;
  readonly container: string;
  readonly variant: string;
  /** Undefined: encoder or container do not take it. */
  readonly problems: readonly string[] | undefined;
}

interface Expected {
  readonly by: 'ffprobe' | 'count';
  readonly frames: number;
  /** Seconds from the first one's. */
  readonly times: readonly number[];
}

/** Frame count and times by ffprobe; undefined where it is not installed or cannot read the file. */
async function probe(file: string): Promise<Expected | undefined> {
  try {
    const entries = ['-show_entries', 'frame=pts_time', '-of', 'json'];
    const { stdout } = await run('ffprobe', ['-v', 'quiet', '-select_streams', 'v:0', ...entries, file]);
    const { frames = [] } = JSON.parse(stdout) as { frames?: { pts_time?: string }[] };
    const stamps = frames.map(({ pts_time: stamp }) => (stamp === undefined ? undefined : Number(stamp)));
    const stamped = stamps.findIndex((stamp) => stamp !== undefined);
    const start = (stamps[stamped] ?? 0) - Math.max(0, stamped) / 25;
    // Where frames have no stamp of their own, ffprobe's best effort is that of decoding, late by the reordering.
    return {
      by: 'ffprobe',
      frames: frames.length,
      times: stamps.map((stamp, i) => (stamp === undefined ? i / 25 : stamp - start)),
    };
  } catch (error) {
    // It is there, but cannot open the file.
    if ((error as { code?: unknown }).code !== 'ENOENT') return { by: 'ffprobe', frames: 0, times: [] };
    return undefined;
  }
}

async function check(file: string, written: number, variant: Variant): Promise<string[]> {
  const problems: string[] = [];
  const probed = await probe(file);
  const expected =
    probed && probed.frames > 0
      ? probed
      : {
          by: 'count' as const,
          frames: written,
          times: Array.from({ length: written }, (_, i) => i / 25),
        };
  try {
    await using video = await openVideo(file);
    let frames = 0;
    let first = 0;
    for await (const { timestamp, pixels, width, height } of video) {
      if (frames === 0) first = timestamp;
      const time = expected.times[frames];
      const off = Math.abs(timestamp - first - time);
      if (off > 0.001)
        problems.push(`frame ${frames} at ${(timestamp - first).toFixed(3)}, not ${time?.toFixed(3)}`);
      if (pixels.length !== 3 * width * height) problems.push(`frame ${frames} of ${pixels.length} bytes`);
      frames++;
    }
    if (frames !== expected.frames) problems.push(`${frames} frames, ${expected.by} says ${expected.frames}`);
    if (expected.frames !== written) problems.push(`(${written} were written)`);
    for (const { what } of video.losses) problems.push(`lost ${what}`);
    if (variant.turned && video.info.rotation !== 90) problems.push('not turned');
    if (variant.fields && !video.info.interlaced) problems.push('not taken for interlaced');
  } catch (error) {
    // Muxers of MPEG-TS and others write what no demuxer reads.
    if (probed?.frames === 0) throw new Refused('written, but not readable');
    problems.push(String(error));
  }
  return problems.length > 3 ? [...problems.slice(0, 3), `and ${problems.length - 3} more`] : problems;
}

const clips = new Map<string, Clip>();
function clipOf([width, height]: readonly [number, number]): Clip {
  const key = `${width}x${height}`;
  const clip = clips.get(key) ?? movingTexture(width, height, FRAMES, 2, 1);
  clips.set(key, clip);
  return clip;
}

async function makeSample(
  codec: SampleCodec,
  container: string,
  variant: Variant,
  file: string,
): Promise<Sample> {
  const spec: StreamSpec = {
    output: file,
    encoder: codec.encoder,
    container: CONTAINERS[container],
    pixelFormat: codec.pixelFormat,
    options: { ...codec.options, ...(variant.fields ? codec.interlaced : {}) },
    gop: 4,
    fields: variant.fields ? (codec.first ?? 'top') : undefined,
    matrix: variant.turned ? [0, 1, -1, 0] : undefined,
  };
  const about = { codec: codec.encoder, container, variant: variant.name };
  try {
    const written = await makeStream(clipOf(codec.size ?? [96, 64]), spec);
    return { ...about, problems: await check(file, written, variant) };
  } catch (error) {
    if (error instanceof Refused) return { ...about, problems: undefined };
    return { ...about, problems: [String(error)] };
  }
}

/** Runs `twnet segment` on a file. */
async function segment(file: string, folder: string): Promise<string[]> {
  const main = resolve(import.meta.dirname, '../../packages/twnet/src/cli/main.ts');
  try {
    const output = ['--labels', join(folder, 'labels'), '--stats', join(folder, 'stats.json'), '--force'];
    await run(process.execPath, ['--import', 'tsx', main, 'segment', file, ...output, '--json']);
    return [];
  } catch (error) {
    const { code, stderr } = error as { code?: number; stderr?: string };
    return [`twnet segment: exit ${code}, ${stderr?.trim().split('\n').at(-1)}`];
  }
}

const folder = mkdtempSync(join(tmpdir(), 'twnet-samples-'));
const samples: Sample[] = [];
try {
  for (const codec of CODECS) {
    if (flags.only !== undefined && codec.encoder !== flags.only) continue;
    const cells: string[] = [];
    const segmented = new Set<string>();
    for (const container of Object.keys(CONTAINERS)) {
      let cell = '';
      for (const variant of VARIANTS) {
        if (variant.fields && !codec.interlaced) continue;
        if (variant.turned && !/^(mp4|mov|mkv)$/.test(container)) continue;
        const file = join(folder, `${codec.encoder}-${variant.name}.${container}`);
        let sample = await makeSample(codec, container, variant, file);
        if (sample.problems?.length === 0 && !flags['no-segment'] && !segmented.has(variant.name)) {
          segmented.add(variant.name);
          sample = { ...sample, problems: await segment(file, folder) };
        }
        samples.push(sample);
        cell += sample.problems === undefined ? '·' : sample.problems.length === 0 ? '+' : '!';
        for (const problem of sample.problems ?? [])
          console.error(`  ${codec.encoder} in ${container}, ${variant.name}: ${problem}`);
        rmSync(file, { force: true });
      }
      cells.push(`${container} ${cell}`);
    }
    console.log(`${codec.encoder.padEnd(14)} ${cells.join('  ')}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const made = samples.filter(({ problems }) => problems !== undefined);
const failed = made.filter(({ problems }) => problems!.length > 0);
const summary = {
  samples: made.length,
  refused: samples.length - made.length,
  right: made.length - failed.length,
  failed,
};
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(summary, null, 2)}\n`);
console.log(JSON.stringify({ ...summary, failed: failed.length }));
process.exitCode = failed.length > 0 ? 1 : 0;
