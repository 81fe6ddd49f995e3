import { type MotionField, warpFeatures } from '../motion/index.js';
import type { FrameRequest } from '../network/index.js';
import { labelsFromScores } from './labels.js';
import type { FrameResult, SegmentationNetworks } from './networks.js';

/** What a network of any kind gives for a frame. */
export interface BareResult {
  /** `classes × ceil(height / 4) × ceil(width / 4)`. */
  readonly scores: Float32Array;
  readonly context: Float32Array;
  readonly attention?: Float32Array;
}

/** Two networks that know nothing of one another. */
export interface BareNetworks
  extends Omit<SegmentationNetworks, 'keyFrame' | 'nonKeyFrame' | 'close' | 'usesResidual'> {
  /** Default true. */
  readonly usesResidual?: boolean;
  key(pixels: Uint8Array): Promise<BareResult>;
  /** @param warped the kept context feature, warped to this frame */
  nonKey(pixels: Uint8Array, warped: Float32Array, residual: Float32Array | undefined): Promise<BareResult>;
  close?(): Promise<void>;
}

/** Makes two bare networks what the segmenter takes: keeps the context feature, warps it and makes the labels. */
export function keepingNetworks(bare: BareNetworks): SegmentationNetworks {
  let kept: Float32Array | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function run(
    request: FrameRequest,
    make: () => Promise<BareResult>,
    motion = 0,
  ): Promise<FrameResult> {
    const start = performance.now();
    const { scores, context, attention } = await make();
    const computed = performance.now();
    if (request.keep) kept = context;
    const labels = labelsFromScores(scores, bare.classes, bare.width, bare.height);
    return {
      labels,
      ...(request.scores ? { scores } : {}),
      ...(request.context ? { context } : {}),
      ...(attention ? { attention } : {}),
      milliseconds: { motion, network: computed - start, labels: performance.now() - computed },
    };
  }

  /** One call at a time, in their order. */
  function inTurn(call: () => Promise<FrameResult>): Promise<FrameResult> {
    const result = last.then(call);
    last = result.catch(() => undefined);
    return result;
  }

  const { classes, width, height, layer, contextChannels, contextStride } = bare;
  return {
    ...{ classes, width, height, layer, contextChannels, contextStride },
    usesResidual: bare.usesResidual ?? true,
    keyFrame: (pixels, request = {}) => inTurn(() => run(request, () => bare.key(pixels))),
    nonKeyFrame: (pixels: Uint8Array, field: MotionField, residual, request = {}) =>
      inTurn(() => {
        if (!kept) throw new Error('no frame has been kept to warp from');
        const start = performance.now();
        const warped = warpFeatures(kept, contextChannels, field);
        return run(request, () => bare.nonKey(pixels, warped, residual), performance.now() - start);
      }),
    close: async () => bare.close?.(),
  };
}
