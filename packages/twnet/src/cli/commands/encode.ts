/** `twnet encode IN`: the paper's MPEG-4 stream, from a video or a folder of images. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { claimOutputs } from '@twnet/node/files/claim-outputs';
import { checkVideoOutput } from '@twnet/node/video/containers';
import type { EncodeOptions, VideoWriter } from '@twnet/node/video/encode-video';
import type { Loss, LossTotals } from '@twnet/node/video/losses';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { decimal, evenSize, positiveInteger } from '../option-values.js';
import { forceOption } from '../output-option.js';
import { partlyReadable } from '../partly-readable.js';
import { showOpening, showProgress } from '../progress.js';
import { addSourceOptions, type SourceFlags, sourceOptions } from '../source-options.js';
import { type Stop, stopOnSignal, unlessStopped } from '../stop-on-signal.js';
import { written, writtenLines } from '../written.js';

interface EncodeFlags extends SourceFlags {
  readonly output: string;
  readonly gop: number;
  readonly codec: 'mpeg4' | 'h264';
  readonly fps?: number;
  readonly size?: { width: number; height: number };
  readonly quality?: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Frames a second where nothing says so: a folder of images, a video without a rate. */
const DEFAULT_RATE = 25;
const IMAGE = /\.(png|jpe?g|webp|tiff?|gif|avif)$/i;

export function registerEncodeCommand(program: Command): void {
  const command = program
    .command('encode')
    .description("make the paper's stream: MPEG-4 Part 2, no B-frames, an I-frame every 12")
    .argument('<in>', 'video, or folder of images (taken in the natural order of their names)')
    .requiredOption('-o, --output <video>', 'video to write (.mp4, .mkv, .avi, …)')
    .option('--gop <frames>', 'frames from one I-frame to the next', positiveInteger, 12)
    .addOption(new Option('--codec <codec>', 'codec').choices(['mpeg4', 'h264']).default('mpeg4'))
    .option('--fps <rate>', "frames a second (default: the video's; 25 for images)", frameRate)
    .option('--size <size>', 'scale to WIDTHxHEIGHT', evenSize)
    .option(
      '--quality <number>',
      'mpeg4: quantiser 1 to 31, default 3; h264: CRF 1 to 51, default 20',
      quality,
    )
    .addOption(forceOption())
    .option('--json', 'print what was made as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  twnet encode drive.mov -o paper.mp4\n  twnet encode frames/ -o paper.mp4 --fps 17 --size 2048x1024',
    )
    .action(encode);
  addSourceOptions(command);
}

function frameRate(text: string): number {
  const value = decimal(text);
  if (!(value > 0 && value <= 1000)) throw new InvalidArgumentError('Give a number above 0, up to 1000.');
  return value;
}

function quality(text: string): number {
  const value = decimal(text);
  if (!(value >= 1 && value <= 51)) throw new InvalidArgumentError('Give a number from 1 to 51.');
  return value;
}

async function encode(input: string, flags: EncodeFlags): Promise<void> {
  if (flags.codec === 'mpeg4' && flags.quality !== undefined && flags.quality > 31)
    throw new InputError(`--quality ${flags.quality}: mpeg4 takes 1 to 31`);
  checkVideoOutput(flags.output, flags.codec);
  claimOutputs([{ path: flags.output, kind: 'file', flag: '-o' }], {
    inputs: [input],
    force: flags.force,
    stdout: flags.json ? '--json' : undefined,
  });
  using stop = stopOnSignal();
  const isFolder = statSync(input, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const { frames, losses, lossTotals } = await (isFolder ? encodeFolder : encodeFile)(input, flags, stop);
  const interrupted = stop.signal.aborted;
  if (interrupted && frames === 0) throw stop.interrupted('there was no frame yet; nothing was written');
  const { output, codec, gop, json } = flags;
  const outputs = [written(output, `${codec} video`, { frames })];
  const made = {
    input,
    output,
    codec,
    gop,
    frames,
    losses,
    lossTotals,
    ...(interrupted ? { interrupted } : {}),
    outputs,
  };
  process.stdout.write(json ? `${JSON.stringify(made, null, 2)}\n` : writtenLines(outputs));
  if (interrupted) throw stop.interrupted(`wrote the first ${frames} frames`);
  if (losses.length > 0) throw partlyReadable(input, made, 'the rest was encoded');
}

interface Encoded {
  readonly frames: number;
  readonly losses: readonly Loss[];
  readonly lossTotals: LossTotals;
}

async function encodeFile(input: string, flags: EncodeFlags, stop: Stop): Promise<Encoded> {
  const opening = showOpening('encode', input, flags.json);
  const [{ openVideo }, { untilStopped }] = await Promise.all([
    import('@twnet/node/video/open-video'),
    import('@twnet/node/video/until-stopped'),
  ]);
  await using video = await unlessStopped(
    openVideo(input, { ...sourceOptions(flags), motionSource: 'none' }),
    stop,
    input,
  );
  opening[Symbol.dispose]();
  const { frameRate: rate, frameCountEstimate: total } = video.info;
  await using writer = await openWriter(video.info, rate, flags);
  using progress = showProgress('encode', { unit: 'frames', total, silent: flags.json });
  let frames = 0;
  for await (const { pixels, timestamp, duration } of untilStopped(video, stop.signal)) {
    // A rate that is asked for is a new clock.
    if (flags.fps === undefined) await writer.write(pixels, timestamp, duration);
    else await writer.write(pixels);
    progress.update(++frames);
  }
  if (frames > 0 || !stop.signal.aborted) await writer.finish();
  for (const note of writer.notes) progress.note(`${flags.output}: ${note}`);
  return { frames, losses: video.losses, lossTotals: video.lossTotals };
}

async function encodeFolder(folder: string, flags: EncodeFlags, { signal }: Stop): Promise<Encoded> {
  const { loadImage } = await import('@twnet/node/images/images');
  const names = imagesOf(folder);
  const first = await loadImage(join(folder, names[0]));
  await using writer = await openWriter(first, 0, flags);
  using progress = showProgress('encode', { unit: 'images', total: names.length, silent: flags.json });
  let frames = 0;
  for (const [index, name] of names.entries()) {
    if (signal.aborted) break;
    const { width, height, pixels } = index === 0 ? first : await loadImage(join(folder, name));
    if (width !== first.width || height !== first.height) {
      throw new InputError(
        `${join(folder, name)}: is ${width}×${height}, but ${names[0]} is ${first.width}×${first.height}; frames of a video have one size`,
      );
    }
    await writer.write(pixels);
    progress.update(++frames);
  }
  if (frames > 0) await writer.finish();
  for (const note of writer.notes) progress.note(`${flags.output}: ${note}`);
  return { frames, losses: [], lossTotals: { places: 0, frames: 0, damagedFrames: 0 } };
}

/** File names of a folder's images: frame2 before frame10. */
function imagesOf(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => IMAGE.test(name) && !name.startsWith('.'));
  if (names.length === 0) throw new InputError(`${folder}: holds no images (PNG, JPEG, WebP, TIFF, …)`);
  return names.sort(new Intl.Collator('en', { numeric: true }).compare);
}

async function openWriter(
  { width, height, pixelAspect }: Pick<EncodeOptions, 'width' | 'height' | 'pixelAspect'>,
  rate: number,
  { output, codec, gop, quality, fps, size }: EncodeFlags,
): Promise<VideoWriter> {
  const { encodeVideo } = await import('@twnet/node/video/encode-video');
  const frameRate = fps ?? (rate || DEFAULT_RATE);
  const options: EncodeOptions = {
    output,
    width,
    height,
    pixelAspect: size ? undefined : pixelAspect,
    frameRate,
    codec,
    gop,
    quality,
    scaleTo: size,
  };
  return encodeVideo(options);
}
