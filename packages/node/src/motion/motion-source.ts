/** Where the motion that features are warped along comes from (the paper's Table 9). */
import '../kernels/provide.js';
import { type BlockMotion, NO_MOTION, type VideoFrame } from '@twnet/core/frame';
import { BlockMatcher } from '@twnet/core/motion/block-matching';
import type { FlowConvention } from './flow-network.js';

/**
 * 'codec': the stream's own vectors; 'accumulated': the same, traced back to the key frame; 'flow': dense optical
 * flow (Farnebäck); 'matching': block matching; or a flow network in an ONNX file.
 */
export type MotionSpec = 'codec' | 'accumulated' | 'flow' | 'matching' | FlowNetworkSpec;

export interface FlowNetworkSpec extends FlowConvention {
  /** The ONNX file. */
  readonly network: string;
}

/** Works out motion from decoded pictures, planar RGB: Mv of `current` against `previous`. One call at a time. */
export interface MotionBetween extends Partial<Disposable> {
  between(current: Uint8Array, previous: Uint8Array): BlockMotion | Promise<BlockMotion>;
}

/** The source as one writes it on the command line. */
export function motionName(spec: MotionSpec): string {
  if (typeof spec === 'string') return spec;
  const { network, unit, values = unit === undefined ? undefined : '0..255' } = spec;
  return ['flow', network, values, unit].filter((part) => part !== undefined).join(':');
}

/** A motion source, open for frames of one size. */
export class MotionSource implements Disposable {
  private constructor(
    /** As one writes it: 'codec', 'flow:net.onnx', … */
    readonly name: string,
    /** Vectors are to be traced back to the key frame, and features warped from there at once. */
    readonly accumulated: boolean,
    private readonly estimator: MotionBetween | undefined,
  ) {}

  /**
   * @throws InputError where the flow network or the library cannot be used, or frames are too small
   */
  static async open(spec: MotionSpec, width: number, height: number): Promise<MotionSource> {
    if (spec === 'codec' || spec === 'accumulated')
      return new MotionSource(spec, spec === 'accumulated', undefined);
    if (spec === 'matching') return new MotionSource(spec, false, new BlockMatcher(width, height));
    // Each loads a library of its own, which nobody waits for who does not use it.
    if (spec === 'flow') {
      const { OpticalFlow } = await import('./optical-flow.js');
      return new MotionSource(spec, false, await OpticalFlow.open(width, height));
    }
    const { FlowNetwork } = await import('./flow-network.js');
    const network = await FlowNetwork.open(spec.network, width, height, spec);
    return new MotionSource(motionName(spec), false, network);
  }

  /** Whether each frame's motion is worked out against the frame displayed just before it. */
  get estimates(): boolean {
    return this.estimator !== undefined;
  }

  /**
   * Motion between any two pictures, planar RGB: Mv of `current` against `previous`; only where
   * {@link MotionSource.estimates} says so. One call at a time.
   */
  async between(current: Uint8Array, previous: Uint8Array): Promise<BlockMotion> {
    if (!this.estimator) throw new Error(`${this.name}: vectors that the codec did not store are not there`);
    return await this.estimator.between(current, previous);
  }

  /**
   * For one run over a video: takes its frames in order, gives them with this source's motion. After a
   * discontinuity there is none.
   */
  start(): (frame: VideoFrame) => Promise<VideoFrame> {
    const { estimator } = this;
    if (!estimator) return async (frame) => frame;
    let previous: Uint8Array | undefined;
    return async (frame) => {
      const before = frame.discontinuity ? undefined : previous;
      previous = frame.pixels;
      const motion = before ? await estimator.between(frame.pixels, before) : NO_MOTION;
      return { ...frame, motion };
    };
  }

  [Symbol.dispose](): void {
    this.estimator?.[Symbol.dispose]?.();
  }
}
