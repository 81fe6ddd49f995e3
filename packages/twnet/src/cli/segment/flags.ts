/** The options of `twnet segment`. */

import { LOOKAHEAD } from '@twnet/core/segment/lookahead';
import type { KeyFrameRule } from '@twnet/core/segment/schedule';
import type { MotionSpec } from '@twnet/node/motion/motion-source';
import type { LabelFormat } from '@twnet/node/output/label-sink';
import { type Command, Option } from 'commander';
import { addKeyFrameOptions } from '../key-frame-option.js';
import { addPointOptions, modelOption, type PointFlags } from '../model-option.js';
import { motionOption } from '../motion-option.js';
import { groupsAtATime, listOf, pictureSide, share, wholeNumber, workingScale } from '../option-values.js';
import { forceOption } from '../output-option.js';
import { addSourceOptions, type SourceFlags } from '../source-options.js';

/** As a list here, since loading what writes them takes long. */
const LABEL_FORMATS: readonly LabelFormat[] = ['png', 'coco', 'none'];
/** Of frames of a lateral model: keeps the memory of a run under 1.5 GB, measured at 3840×2160 with overlay and labels; 1600 takes 1.8 GB. */
export const LONGEST_SIDE = 1280;

export interface SegmentFlags extends SourceFlags, PointFlags {
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
  readonly scale?: number | 'auto';
  readonly maxSide?: number;
  // How it is segmented.
  readonly model?: string;
  readonly perFrame?: boolean;
  readonly keyFrames: KeyFrameRule;
  readonly maxDistance?: number;
  readonly lookahead?: number;
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
    'work on pictures of this share of the width and height (0.5: a quarter of the time), or auto: by the size of the video; labels keep the full size (default: auto, or 1 where the model warps a decoder layer)',
    workingScale,
  );
  command.option(
    '--max-side <pixels>',
    `work on pictures of at most so many pixels on the longer side: memory grows with their area; labels and overlay keep the full size (default: ${LONGEST_SIDE} where the model warps a decoder layer)`,
    pictureSide,
  );
}

function addMethodOptions(command: Command): void {
  command.addOption(modelOption());
  addKeyFrameOptions(addPointOptions(command))
    .option(
      '--lookahead <n>',
      `frames that may wait for the next key frame, to be warped from both where the model does so; 0: every label as soon as its frame is there (default: ${LOOKAHEAD})`,
      wholeNumber,
    )
    .addOption(motionOption())
    .option(
      '--parallel <n>',
      'groups of pictures worked on at a time, on a share of the cores each: faster where key frames are close',
      groupsAtATime,
      1,
    );
}
