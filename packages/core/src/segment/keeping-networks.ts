import { TwnetError } from '../errors.js';
import type { MotionField } from '../motion/field.js';
import { warpFeatures } from '../motion/warp.js';
import { FairQueue } from '../runtime/fair-queue.js';
import type { FrameRequest, FrameResult, FrameStream } from '../runtime/frame-call.js';
import type { Networks } from '../runtime/networks.js';
import { labelsFromScores } from './labels.js';

/** What a network of any kind gives for a frame. */
export interface BareResult {
  /** `classes × ceil(height / 4) × ceil(width / 4)`. */
  readonly scores: Float32Array;
  readonly context: Float32Array;
  readonly attention?: Float32Array;
}

/** Two networks that know nothing of one another. */
export interface BareNetworks
  extends Omit<
    Networks,
    'keyFrame' | 'nonKeyFrame' | 'begin' | 'close' | 'usesResidual' | typeof Symbol.asyncDispose
  > {
  /** Default true. */
  readonly usesResidual?: boolean;
  key(pixels: Uint8Array): Promise<BareResult>;
  /** @param warped the kept context feature, warped to this frame */
  nonKey(pixels: Uint8Array, warped: Float32Array, residual: Float32Array | undefined): Promise<BareResult>;
  close?(): Promise<void>;
}

/**
 * Makes two bare networks what the segmenter takes: keeps a context feature for each stream, warps it and makes the
 * labels. The bare networks get one call at a time.
 */
export function keepingNetworks(bare: BareNetworks): Networks {
  const queue = new FairQueue(1);
  let streams = 0;
  let closed: Promise<void> | undefined;

  function begin(): FrameStream {
    const stream = new KeptStream(bare);
    const number = streams++;
    return {
      keyFrame: (pixels, request = {}) => queue.run(number, () => stream.keyFrame(pixels, request)),
      nonKeyFrame: (pixels, field, residual, request = {}) =>
        queue.run(number, () => stream.nonKeyFrame(pixels, field, residual, request)),
      close: async () => {
        queue.drop(number, new TwnetError('the stream of frames was closed'));
        stream.kept = undefined;
      },
    };
  }

  const { keyFrame, nonKeyFrame } = begin();
  const { classes, card, digest, width, height, layer, contextChannels, contextStride, perFrame } = bare;
  const close = (): Promise<void> => {
    closed ??= queue
      .end(new TwnetError('the networks are closed; open them again'))
      .then(() => bare.close?.());
    return closed;
  };
  return {
    ...{
      classes,
      card,
      digest,
      width,
      height,
      layer,
      contextChannels,
      contextStride,
      perFrame,
      keyFrame,
      nonKeyFrame,
      begin,
    },
    usesResidual: bare.usesResidual ?? true,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Frames that follow on one another. */
class KeptStream {
  kept: Float32Array | undefined;

  constructor(private readonly bare: BareNetworks) {}

  async keyFrame(pixels: Uint8Array, request: FrameRequest): Promise<FrameResult> {
    return this.run(request, () => this.bare.key(pixels));
  }

  async nonKeyFrame(
    pixels: Uint8Array,
    field: Omit<MotionField, 'coverage'>,
    residual: Float32Array | undefined,
    request: FrameRequest,
  ): Promise<FrameResult> {
    if (!this.kept) throw new Error('no frame has been kept to warp from');
    const start = performance.now();
    const warped = warpFeatures(this.kept, this.bare.contextChannels, field);
    return this.run(request, () => this.bare.nonKey(pixels, warped, residual), performance.now() - start);
  }

  private async run(
    request: FrameRequest,
    make: () => Promise<BareResult>,
    motion = 0,
  ): Promise<FrameResult> {
    const { classes, width, height } = this.bare;
    const start = performance.now();
    const { scores, context, attention } = await make();
    const computed = performance.now();
    if (request.keep) this.kept = context;
    const labels = labelsFromScores(scores, classes, width, height);
    return {
      labels,
      ...(request.scores ? { scores } : {}),
      ...(request.context ? { context } : {}),
      ...(attention ? { attention } : {}),
      milliseconds: { motion, network: computed - start, labels: performance.now() - computed },
    };
  }
}
