/** The options of `twnet segment`. */

import type { KeyFrameRule } from '@twnet/core/segment/schedule';
import type { MotionSpec } from '@twnet/node/motion/motion-source';
import type { LabelFormat } from '@twnet/node/output/label-sink';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { keyFramesOption } from '../key-frame-option.js';
import { motionOption } from '../motion-option.js';
import {
  groupsAtATime,
  listOf,
  pictureSide,
  positiveInteger,
  positiveShare,
  share,
} from '../option-values.js';
import { forceOption } from '../output-option.js';
import { addSourceOptions, type SourceFlags } from '../source-options.js';

/** As a list here, since loading what writes them takes long. */
const LABEL_FORMATS: readonly LabelFormat[] = ['png', 'coco', 'none'];
/** Keeps the memory of a run under 1.5 GB, measured at 3840×2160 with overlay and labels; 1600 takes 1.8 GB. */
const LONGEST_SIDE = 1280;

export interface SegmentFlags extends SourceFlags {
  // What is written.
  readonly output?: string;
  readonly opacity?: number;
  readonly legend: boolean;
  readonly audio: boolean;
  readonly labels?: string;
  readonly format?: LabelFormat;
  readonly classes?: readonly string[];
  readonly stats?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  // Which part of the input, and how large.
  readonly scale: number;
  readonly maxSide: number;
  // How it is segmented.
  readonly model?: string;
  readonly layer: 1 | 2 | 3;
  readonly perFrame?: boolean;
  readonly keyFrames: KeyFrameRule;
  readonly maxDistance?: number;
  readonly motion: MotionSpec;
  readonly parallel: number;
}

/** Adds all of them, in groups. */
export function addSegmentOptions(command: Command): Command {
  addOutputOptions(command);
  addInputOptions(command);
  addMethodOptions(command);
  return command;
}

function addOutputOptions(command: Command): void {
  command
    .option(
      '-o, --output <video>',
      'write a video with the labels drawn over it (.mp4, .mkv, .mov, .webm, .gif, …)',
    )
    .option('--opacity <share>', 'share of the colours in it, 0 to 1 (default: 0.5)', share)
    .option('--no-legend', 'without the names of the classes along its lower edge')
    .option('--no-audio', 'without the audio of the input')
    .option('--labels <dir>', 'write labels into this folder, and labels.json that says what they are')
    .addOption(
      new Option(
        '--format <format>',
        'of the labels: png, an indexed PNG of class ids a frame; coco, annotations.json with masks; none, labels.json alone',
      ).choices(LABEL_FORMATS),
    )
    .option(
      '--classes <names>',
      'keep these classes in what is written, the others are ignored: car,pedestrian or their ids',
      listOf((name) => name),
    )
    .option('--stats <file>', 'write what was done and how long it took, as JSON')
    .addOption(forceOption())
    .option('--json', 'print the statistics as JSON');
}

function addInputOptions(command: Command): void {
  addSourceOptions(command);
  command.option(
    '--scale <share>',
    'work on frames of this share of the width and height (0.5: a quarter of the time); labels keep the full size',
    positiveShare,
    1,
  );
  command.option(
    '--max-side <pixels>',
    'work on frames of at most so many pixels on the longer side: memory grows with their area; labels and overlay keep the full size',
    pictureSide,
    LONGEST_SIDE,
  );
}

function addMethodOptions(command: Command): void {
  command
    .option('--model <dir>', 'model folder (default: the shipped model)')
    .addOption(
      new Option('--layer <k>', 'decoder layer whose output is warped')
        .choices(['1', '2', '3'])
        .argParser(layerNumber)
        .default(1),
    )
    .option('--per-frame', 'run the key-frame network on every frame')
    .addOption(keyFramesOption())
    .option(
      '--max-distance <n>',
      'a key frame wherever the last one is more than n frames back',
      positiveInteger,
    )
    .addOption(motionOption())
    .option(
      '--parallel <n>',
      'groups of pictures worked on at a time, on a share of the cores each: faster where key frames are close',
      groupsAtATime,
      1,
    );
}

function layerNumber(text: string): 1 | 2 | 3 {
  if (text === '1' || text === '2' || text === '3') return Number(text) as 1 | 2 | 3;
  throw new InvalidArgumentError('Allowed choices are 1, 2, 3.');
}
