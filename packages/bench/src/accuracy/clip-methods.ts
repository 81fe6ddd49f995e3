/** How each way from key frames to labels does on a labelled clip. */
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import type { NetworksOptions } from '@twnet/core/runtime/networks';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import type { Model } from '@twnet/node/model/model';
import { MotionSource, type MotionSpec } from '@twnet/node/motion/motion-source';
import { Networks } from '@twnet/node/networks/networks';
import { deepFeatureFlow } from '../baselines/dff.js';
import { interpMv } from '../baselines/interp-mv.js';
import { propMv } from '../baselines/prop-mv.js';
import { tapLab } from '../baselines/taplab.js';
import { regionSize } from '../baselines/taplab-regions.js';
import { type ClipFigures, ClipMeter, type ClipMeterOptions, type ScoredFrame } from './clip-figures.js';
import type { ClipMethod } from './clip-method.js';
import {
  type ClipRun,
  type ClipSegmenter,
  type ClipTiming,
  type LabelledClip,
  segmentClip,
} from './labelled-clip.js';

export interface MethodRun extends ClipRun, ClipMeterOptions {
  /** Decoder layer that TWNet and warping alone warp. */
  readonly layer: 1 | 2 | 3;
  /** Where motion comes from; default 'codec'. */
  readonly motion?: MotionSpec;
  /** Threads within an operator; default ONNX Runtime's. */
  readonly threads?: number;
}

export interface MethodScore extends ClipFigures, ClipTiming {
  readonly method: ClipMethod;
}

/** Scores one method on a clip, with the networks of `model`. */
export async function scoreMethod(
  method: ClipMethod,
  clip: LabelledClip,
  model: Model,
  run: MethodRun,
  onFrame?: (frame: ScoredFrame) => void,
): Promise<MethodScore> {
  const { segment, close } = await openMethod(method, clip, model, run);
  try {
    const meter = new ClipMeter(clip, model.card.classes, run);
    const timing = await segmentClip(clip, segment, run, (frame) => {
      meter.add(frame);
      onFrame?.(frame);
    });
    return { method, ...meter.figures(), ...timing };
  } finally {
    await close();
  }
}

export interface OpenedMethod {
  readonly segment: ClipSegmenter;
  close(): Promise<void>;
}

/** Opens a method's networks for frames of a size. */
export async function openMethod(
  method: ClipMethod,
  { width, height }: Pick<LabelledClip, 'width' | 'height'>,
  model: NetworkSource,
  { layer, motion: spec = 'codec', threads }: Pick<MethodRun, 'layer' | 'motion' | 'threads'>,
): Promise<OpenedMethod> {
  const opened: Networks[] = [];
  const open = async (options: Partial<NetworksOptions>): Promise<Networks> => {
    const networks = await Networks.open(model, { width, height, threads, ...options });
    opened.push(networks);
    return networks;
  };
  const motion = await MotionSource.open(spec, width, height);
  const close = async (): Promise<void> => {
    motion[Symbol.dispose]();
    for (const networks of opened) await networks.close();
  };
  try {
    return { segment: await segmenterOf(method, { width, height, layer, motion }, open), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const CODEC = { keyFrames: { mode: 'codec' } } as const;

interface MethodSettings {
  readonly width: number;
  readonly height: number;
  readonly layer: 1 | 2 | 3;
  readonly motion: MotionSource;
}

async function segmenterOf(
  method: ClipMethod,
  { width, height, layer, motion }: MethodSettings,
  open: (options: Partial<NetworksOptions>) => Promise<Networks>,
): Promise<ClipSegmenter> {
  // Whoever loops over the frames keeps no pixels.
  const options = { ...CODEC, motion, recycle: true };
  switch (method) {
    case 'twnet':
    case 'warp-alone': {
      const networks = await open({ layer, warpAlone: method === 'warp-alone' || undefined });
      return (video) => segmentVideo(video, networks, options);
    }
    case 'dff': {
      const networks = await open({ layer: 3, warpAlone: true });
      return (video) => deepFeatureFlow(video, networks, options);
    }
    case 'taplab': {
      const networks = await open({ perFrame: true });
      const region = await open({ perFrame: true, ...regionSize(width, height) });
      return (video) => tapLab(video, networks, region, options);
    }
    case 'prop-mv': {
      const networks = await open({ perFrame: true });
      return (video) => propMv(video, networks, options);
    }
    case 'interp-mv': {
      const networks = await open({ perFrame: true });
      return (video) => interpMv(video, networks, options);
    }
    case 'per-frame': {
      const networks = await open({ perFrame: true });
      return (video): AsyncIterable<SegmentedFrame> =>
        segmentVideo(video, networks, { ...CODEC, perFrame: true, recycle: true });
    }
  }
}
