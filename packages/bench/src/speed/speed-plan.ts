/** What is to be timed, and in which order. */
import type { BackboneName } from '@twnet/core/network/backbones';
import type { WarpLayer } from '@twnet/core/network/key-frame';
import type { Model } from '@twnet/node/model/model';

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

export interface SpeedPlan {
  readonly backbones: readonly BackboneName[];
  /**
   * Weights of those backbones that have some; the others, and layers that a model lacks, get random ones. Networks
   * are as fast with any weights; making labels, a small part, takes the longer the more of them change from pixel
   * to pixel.
   */
  readonly models: readonly Model[];
  readonly layers: readonly WarpLayer[];
  readonly sizes: readonly FrameSize[];
  /** Threads within an operator; default ONNX Runtime's choice. */
  readonly threads?: number;
  /** Frames of a group of pictures. */
  readonly gop: number;
  /** Times that everything is run, after a warm-up each time. */
  readonly rounds: number;
  /** Frames of a run at least; whole groups of pictures are run. */
  readonly frames: number;
  /** ONNX Runtime's execution provider; default the CPU. */
  readonly provider?: string;
  /** Groups of pictures that are worked on at a time, end to end; default 1. */
  readonly parallel?: number;
  /** Each network by operator as well. */
  readonly operators?: boolean;
}

/** Networks that are opened together: the per-frame network, or those of one warped layer. */
export interface Configuration extends FrameSize {
  readonly backbone: BackboneName;
  readonly layer: WarpLayer | 'per-frame';
}

/** All configurations of a plan, a group for each per-frame network and those that are compared with it. */
export function configurations({ sizes, backbones, layers }: SpeedPlan): Configuration[][] {
  return sizes.flatMap(({ width, height }) =>
    backbones.map((backbone) =>
      (['per-frame', ...layers] as const).map((layer) => ({ backbone, layer, width, height })),
    ),
  );
}

/**
 * The order of one round: everything once, groups together, so that the machine's drift over minutes does not come
 * between what is compared; groups and their members begin with another one each round, so that none is always first.
 */
export function roundOrder<T>(groups: readonly (readonly T[])[], round: number): T[] {
  return rotated(groups, round).flatMap((group) => rotated(group, round));
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** Frames of a run, in whole groups of pictures. */
export function framesOfRun({ frames, gop }: Pick<SpeedPlan, 'frames' | 'gop'>): number {
  return gop * Math.ceil(frames / gop);
}
