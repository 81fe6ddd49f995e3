import { TwnetError } from '../errors.js';
import type { LabelStride } from '../kernels/labels.js';
import { mixFeatures } from '../motion/between.js';
import { warpFeatures } from '../motion/warp.js';
import { FairQueue } from '../runtime/fair-queue.js';
import type { FrameRequest, FrameResult, FrameStream } from '../runtime/frame-call.js';
import type { Networks } from '../runtime/networks.js';
import { labelsFromScores } from './labels.js';

/** What a network of any kind gives for a frame. */
export interface BareResult {
  /** `classes × ceil(height / 4) × ceil(width / 4)`, or of the networks' `scoreStride`. */
  readonly scores: Float32Array;
  readonly context: Float32Array;
  readonly attention?: Float32Array;
}

/** Two networks that know nothing of one another. */
export interface BareNetworks
  extends Omit<
    Networks,
    'keyFrame' | 'nonKeyFrame' | 'takeOver' | 'begin' | 'close' | 'usesResidual' | typeof Symbol.asyncDispose
  > {
  /** Default true. */
  readonly usesResidual?: boolean;
  /** Labels on either side of a cell of the scores; default 4. */
  readonly scoreStride?: LabelStride;
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
    const number = streams++;
    let kept: Float32Array | undefined;
    let retained: Float32Array | undefined;
    const keep = (context: Float32Array, retain?: boolean): void => {
      retained = retain ? kept : undefined;
      kept = context;
    };
    const run = async (
      request: FrameRequest,
      motion: number,
      make: () => Promise<BareResult>,
    ): Promise<FrameResult> => {
      const start = performance.now();
      const { scores, context, attention } = await make();
      const computed = performance.now();
      if (request.keep) keep(context, request.retain);
      const { width, height } = bare.labelSize ?? bare;
      const labels = labelsFromScores(scores, bare.classes, width, height, undefined, bare.scoreStride);
      return {
        labels,
        ...(request.scores ? { scores } : {}),
        ...(request.context ? { context } : {}),
        ...(attention ? { attention } : {}),
        milliseconds: { motion, network: computed - start, labels: performance.now() - computed },
      };
    };
    return {
      keyFrame: (pixels, request = {}) => queue.run(number, () => run(request, 0, () => bare.key(pixels))),
      nonKeyFrame: (pixels, field, residual, request = {}) =>
        queue.run(number, async () => {
          const { between } = request;
          const from = between ? retained : kept;
          if (!from || !kept) throw new Error('no frame has been kept to warp from');
          const start = performance.now();
          let warped = warpFeatures(from, bare.contextChannels, field);
          if (between?.following) {
            const { field: back, share } = between.following;
            warped = mixFeatures(warped, warpFeatures(kept, bare.contextChannels, back), share);
          }
          const motion = performance.now() - start;
          return run(request, motion, () => bare.nonKey(pixels, warped, residual));
        }),
      takeOver: (context) => queue.run(number, async () => keep(context, true)),
      close: async () => {
        queue.drop(number, new TwnetError('the stream of frames was closed'));
        kept = undefined;
        retained = undefined;
      },
    };
  }

  const { keyFrame, nonKeyFrame, takeOver } = begin();
  const { classes, card, digest, width, height, keySize, labelSize, layer, speed } = bare;
  const { contextChannels, contextStride, accumulated, bidirectional, keyInterval, perFrame } = bare;
  const close = (): Promise<void> => {
    closed ??= queue
      .end(new TwnetError('the networks are closed; open them again'))
      .then(() => bare.close?.());
    return closed;
  };
  return {
    ...{ classes, card, digest, width, height, keySize, labelSize, layer, speed },
    ...{ contextChannels, contextStride, accumulated, bidirectional, keyInterval, perFrame },
    ...{ keyFrame, nonKeyFrame, takeOver, begin },
    usesResidual: bare.usesResidual ?? true,
    close,
    [Symbol.asyncDispose]: close,
  };
}
