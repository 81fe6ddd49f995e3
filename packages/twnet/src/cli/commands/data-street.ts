/** `twnet data street`: generated street scenes as a video or images, with exact labels and motion. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CAMVID, type ClassTable } from '@twnet/core/classes';
import { claimOutputs, type OutputClaim } from '@twnet/node/files/claim-outputs';
import { FilledFolder } from '@twnet/node/files/filled-folder';
import type { StreetFrame } from '@twnet/street/street-scene';
import { type Command, InvalidArgumentError } from 'commander';
import { decimal, positiveInteger, sizeOption } from '../option-values.js';
import { forceOption } from '../output-option.js';
import { showProgress } from '../progress.js';
import { type WrittenOutput, written, writtenLines } from '../written.js';

interface StreetFlags {
  readonly output: string;
  readonly seconds: number;
  readonly fps: number;
  readonly size: { width: number; height: number };
  readonly seed: number;
  readonly labels?: string;
  readonly motion?: string;
  readonly gop: number;
  readonly fixed?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

const CLASSES_FILE = 'classes.json';
const CLASSES = /^classes\.json$/;
const VIDEO = /\.(mp4|mkv|avi|mov|ts|m4v)$/i;
/** The folder is a data set of this split in the plain layout. */
const SPLIT = 'train';
/** Frames that a folder is filled with; those of an earlier run are removed. */
const NUMBERED = /^\d{6,}(-occluded)?\.(png|flo)$/;
const FOLDER = { kind: 'folder', names: NUMBERED } as const;

export function registerDataStreetCommand(data: Command): void {
  data
    .command('street')
    .description('render a drive through a street of CamVid’s 11 classes, with exact labels and motion')
    .requiredOption('-o, --output <path>', 'video to write (.mp4, …), or folder to fill as a data set')
    .option('--seconds <s>', 'length', positiveNumber, 10)
    .option('--fps <rate>', 'frames a second', positiveNumber, 15)
    .addOption(sizeOption('frame size'))
    .option('--seed <n>', 'another street, weather and drive', positiveInteger, 1)
    .option('--fixed', 'seen by a camera over the road, which does not move')
    .option('--gop <frames>', 'video: frames from one I-frame to the next', positiveInteger, 12)
    .option('--labels <dir>', 'write label maps here, one 8-bit PNG of class ids a frame')
    .option('--motion <dir>', 'write exact motion here: a .flo and a PNG of what was hidden a frame')
    .addOption(forceOption())
    .option('--json', 'print what was made as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  twnet data street -o street.mp4 --seconds 20 --seed 3 --labels labels/' +
        '\n  twnet data street -o street/ --size 960x720 --motion motion/',
    )
    .action(street);
}

function positiveNumber(text: string): number {
  const value = decimal(text);
  if (!(value > 0 && value <= 100_000)) throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

async function writeClasses(path: string): Promise<void> {
  const [{ CAMVID }, { writeFileAtomic }] = await Promise.all([
    import('@twnet/core/classes'),
    import('@twnet/node/files/atomic'),
  ]);
  const classes = CAMVID.classes.map((name, i) => ({ name, colour: CAMVID.palette[i] }));
  await writeFileAtomic(path, `${JSON.stringify({ name: CAMVID.name, classes }, null, 2)}\n`);
}

/** Takes one frame after another; `finish` makes everything appear. */
interface Output extends AsyncDisposable {
  write(frame: StreetFrame): Promise<void>;
  finish(): Promise<void>;
}

async function street(flags: StreetFlags): Promise<void> {
  const { output, seconds, fps, size, seed, fixed, json, force } = flags;
  claimOutputs(claimsOf(flags), { force, stdout: json ? '--json' : undefined });
  const { StreetScene } = await import('@twnet/street/street-scene');
  const count = Math.max(1, Math.round(seconds * fps));
  const scene = new StreetScene({ ...size, seed, frameRate: fps, fixed });
  const pixels = new Float64Array(CAMVID.classes.length);
  const root = VIDEO.test(output) ? undefined : FilledFolder.open(output, { names: CLASSES, force });
  root?.expect(CLASSES_FILE);
  await using files = await openOutputs(flags);
  {
    using progress = showProgress('street', { unit: 'frames', total: count, silent: json });
    for (const frame of scene.frames(count)) {
      await files.write(frame);
      for (const label of frame.labels) pixels[label]++;
      progress.update(frame.index + 1);
    }
  }
  await files.finish();
  if (root) {
    await writeClasses(join(output, CLASSES_FILE));
    root.wrote(CLASSES_FILE);
  }
  const area = count * size.width * size.height;
  const report = {
    output,
    ...(flags.labels === undefined ? {} : { labels: flags.labels }),
    ...(flags.motion === undefined ? {} : { motion: flags.motion }),
    seed,
    frames: count,
    ...size,
    frameRate: fps,
    weather: scene.weather.kind,
    outputs: outputsOf(flags, count),
    classShares: Object.fromEntries(CAMVID.classes.map((name, i) => [name, pixels[i] / area])),
  };
  process.stdout.write(
    json
      ? `${JSON.stringify(report, null, 2)}\n`
      : `${output}: ${count} frames of ${size.width}×${size.height}, ${scene.weather.kind}\n${writtenLines(report.outputs)}`,
  );
}

function claimsOf({ output, labels, motion }: StreetFlags): OutputClaim[] {
  return [
    VIDEO.test(output)
      ? { path: output, kind: 'file', flag: '-o' }
      : { path: output, kind: 'folder', flag: '-o', names: CLASSES },
    ...(labels === undefined ? [] : [{ path: labels, ...FOLDER, flag: '--labels' }]),
    ...(motion === undefined ? [] : [{ path: motion, ...FOLDER, flag: '--motion' }]),
  ];
}

function outputsOf({ output, labels, motion, size }: StreetFlags, frames: number): WrittenOutput[] {
  const of = { frames, ...size };
  return [
    written(output, VIDEO.test(output) ? 'video' : 'data set', of),
    ...(labels === undefined ? [] : [written(labels, 'labels', of)]),
    ...(motion === undefined ? [] : [written(motion, 'motion', of)]),
  ];
}

async function openOutputs(flags: StreetFlags): Promise<Output> {
  const { output, motion } = flags;
  const outputs: Output[] = [];
  const together: Output = {
    async write(frame) {
      await Promise.all(outputs.map((one) => one.write(frame)));
    },
    async finish() {
      for (const one of outputs) await one.finish();
    },
    async [Symbol.asyncDispose]() {
      for (const one of outputs) await one[Symbol.asyncDispose]();
    },
  };
  const video = VIDEO.test(output);
  const labels = flags.labels ?? (video ? undefined : join(output, 'labels', SPLIT));
  try {
    if (video) outputs.push(await videoOutput(flags));
    else outputs.push(await folderOutput(join(output, 'images', SPLIT), flags, imageFile));
    if (labels !== undefined) outputs.push(await folderOutput(labels, flags, labelFile));
    if (motion !== undefined) outputs.push(await folderOutput(motion, flags, motionFiles));
  } catch (error) {
    await together[Symbol.asyncDispose]();
    throw error;
  }
  return together;
}

async function videoOutput({ output, size, fps, gop }: StreetFlags): Promise<Output> {
  const { encodeVideo } = await import('@twnet/node/video/encode-video');
  const writer = await encodeVideo({ output, ...size, frameRate: fps, gop });
  return {
    write: ({ pixels }) => writer.write(pixels),
    finish: () => writer.finish(),
    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
  };
}

type Size = StreetFlags['size'];
type FileOf = (frame: StreetFrame, size: Size) => Promise<Record<string, Uint8Array>>;

/** A folder of files numbered by frame, which appears whole or not at all. */
async function folderOutput(path: string, { size, force }: StreetFlags, fileOf: FileOf): Promise<Output> {
  const [{ AtomicFolder }, { outputErrorFor }] = await Promise.all([
    import('@twnet/node/files/atomic-folder'),
    import('@twnet/node/files/output-error'),
  ]);
  const folder = new AtomicFolder(path, { names: NUMBERED, force });
  return {
    async write(frame) {
      const number = String(frame.index).padStart(6, '0');
      for (const [ending, bytes] of Object.entries(await fileOf(frame, size))) {
        await writeFile(join(folder.path, `${number}${ending}`), bytes).catch((error) => {
          throw outputErrorFor(path, error);
        });
      }
    },
    async finish() {
      folder.commit();
    },
    async [Symbol.asyncDispose]() {
      folder.discard();
    },
  };
}

async function imageFile(
  { pixels }: StreetFrame,
  { width, height }: Size,
): Promise<Record<string, Uint8Array>> {
  const { default: sharp } = await import('sharp');
  const raw = { width, height, channels: 1 as const };
  const area = width * height;
  const [red, green, blue] = [0, 1, 2].map((plane) =>
    Buffer.from(pixels.buffer, pixels.byteOffset + plane * area, area),
  );
  const image = sharp(red, { raw }).joinChannel([green, blue], { raw }).toColourspace('srgb');
  return { '.png': await image.png({ compressionLevel: 3 }).toBuffer() };
}

async function labelFile({ labels }: StreetFrame, size: Size): Promise<Record<string, Uint8Array>> {
  return { '.png': await valuePng(labels, size, CAMVID.palette) };
}

async function motionFiles(frame: StreetFrame, size: Size): Promise<Record<string, Uint8Array>> {
  const { flowFile } = await import('@twnet/street/flow-file');
  return {
    '.flo': flowFile(frame.dx, frame.dy, size.width, size.height),
    '-occluded.png': await valuePng(
      frame.occluded.map((value) => 255 * value),
      size,
    ),
  };
}

async function valuePng(
  values: Uint8Array,
  { width, height }: Size,
  palette?: ClassTable['palette'],
): Promise<Uint8Array> {
  const { labelPng } = await import('@twnet/node/output/label-png');
  return labelPng(values, width, height, { palette });
}
