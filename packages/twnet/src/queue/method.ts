/** How a job's settings open a video and segment it: as `twnet segment` does with the same options. */
import { openingFor } from '@twnet/core/runtime/frame-sizes';
import type { SegmentOptions } from '@twnet/core/segment/segment-options';
import type { Model } from '@twnet/node/model/model';
import type { WriteOptions } from '@twnet/node/output/write-segmentation';
import type { OpenVideoOptions } from '@twnet/node/video/open-options';
import { usesCodecMotion } from '../cli/motion-option.js';
import { workingSizeOptions } from '../cli/segment/working-size-options.js';
import type { Settings } from './jobs.js';

export function openingOptions(settings: Settings, { card }: Model): OpenVideoOptions {
  const { motion, perFrame } = settings;
  return {
    ...openingFor(card, perFrame),
    ...workingSizeOptions(settings, card),
    motionSource: usesCodecMotion(motion) && !perFrame ? 'auto' : 'none',
  };
}

export function segmentOptions(
  settings: Settings,
): Pick<SegmentOptions, 'keyFrames' | 'maxDistance' | 'lookahead' | 'perFrame'> {
  const { maxDistance, lookahead, perFrame } = settings;
  return { keyFrames: settings.keyFrames as SegmentOptions['keyFrames'], maxDistance, lookahead, perFrame };
}

export function writeOptions(settings: Settings, { card, digest }: Model): Omit<WriteOptions, 'motion'> {
  const { format, classes, opacity, legend, audio } = settings;
  const model = { name: card.name, digest };
  return {
    ...segmentOptions(settings),
    ...{ format, classes, opacity, legend, audio, model, classNames: card.classes, palette: card.palette },
  };
}

/** Whether the labels of a group of pictures depend on nothing before its I-frame. */
export function isSplittable({ motion, perFrame, keyFrames }: Settings): boolean {
  return perFrame || (usesCodecMotion(motion) && keyFrames.mode === 'codec');
}
