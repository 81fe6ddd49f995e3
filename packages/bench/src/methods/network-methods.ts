/** The ways that a model has from a stream to labels, and the baselines on its key-frame network. */
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import type { Model } from '@twnet/node/model/model';
import { openVideo } from '@twnet/node/video/open-video';
import { type Size, scaledSize } from '@twnet/node/video/scaling';
import type { ClipMethod } from '../accuracy/clip-method.js';
import { openMethod } from '../accuracy/clip-methods.js';
import { LabelResizer } from './label-resizer.js';
import type { LabelledFrame, OpenedMethod, StreamMethod } from './stream-method.js';

export interface MethodSettings {
  /** Threads within an operator; default ONNX Runtime's. */
  readonly threads?: number;
}

const LAYERS = [1, 2, 3] as const;
/** As figures name them. */
const BASELINES = { 'prop-mv': 'Prop-mv', 'interp-mv': 'Interp-mv', dff: 'DFF', taplab: 'TapLab' } as const;

/** The key-frame network on every frame, at a share of its working size; labels are enlarged. */
export function perFrameAt(model: Model, scale: number, settings: MethodSettings = {}): StreamMethod {
  const name = scale === 1 ? 'per frame' : `per frame at ${scale}`;
  return clipMethod(model, { name, kind: 'per-frame', scale, method: 'per-frame', layer: 1, settings });
}

/** Every operating point of a model: the layers that it has networks for; of Layer 3 it needs none. */
export function pointsOf(model: Model, settings: MethodSettings = {}): StreamMethod[] {
  return LAYERS.filter((layer) => layer === 3 || model.card.networks[`layer${layer}`]).map((layer) =>
    clipMethod(model, { name: `Layer ${layer}`, kind: 'point', scale: 1, method: 'twnet', layer, settings }),
  );
}

/** Key frames' features warped, with no correction: what a model's correction is measured against. */
export function warpAloneOf(model: Model, settings: MethodSettings = {}): StreamMethod {
  return clipMethod(model, {
    ...{ name: 'warp alone', kind: 'warp-alone', scale: 1, method: 'warp-alone', layer: 1, settings },
  });
}

/** Other people's methods on the model's key-frame network. */
export function baselinesOf(model: Model, settings: MethodSettings = {}): StreamMethod[] {
  return (['prop-mv', 'interp-mv', 'dff', 'taplab'] as const).map((method) =>
    clipMethod(model, {
      ...{ name: BASELINES[method], kind: 'baseline', scale: 1, method, layer: 3, settings },
    }),
  );
}

interface Way extends Pick<StreamMethod, 'name' | 'kind' | 'scale'> {
  readonly method: ClipMethod;
  readonly layer: 1 | 2 | 3;
  readonly settings: MethodSettings;
}

function clipMethod(model: Model, { name, kind, scale, method, layer, settings }: Way): StreamMethod {
  return {
    ...{ name, kind, scale, model: model.card.name },
    async open(size): Promise<OpenedMethod> {
      const { threads } = settings;
      const { segment, close } = await openMethod(method, scaledSize(size, scale), model, { layer, threads });
      const motionSource = method === 'per-frame' ? 'none' : 'auto';
      return {
        async *labels(path): AsyncGenerator<LabelledFrame> {
          await using video = await openVideo(path, { scale, motionSource });
          yield* resized(segment(video), size);
        },
        close,
      };
    },
  };
}

/** Frames with labels of the stream's own size. */
export async function* resized(
  segmented: AsyncIterable<Pick<SegmentedFrame, 'frame' | 'labels'>>,
  size: Size,
): AsyncGenerator<LabelledFrame> {
  let resizer: LabelResizer | undefined;
  for await (const { frame, labels } of segmented) {
    if (labels.length === size.width * size.height) yield { frame, labels };
    else {
      resizer ??= new LabelResizer({ width: frame.width, height: frame.height }, size);
      yield { frame, labels: resizer.resize(labels) };
    }
  }
}
