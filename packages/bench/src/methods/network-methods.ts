/** The ways that a model has from a stream to labels, and the baselines on its key-frame network. */

import type { WarpLayer } from '@twnet/core/network/key-frame';
import { scaledSize } from '@twnet/core/network/working-size';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import type { Model } from '@twnet/node/model/model';
import { openVideo } from '@twnet/node/video/open-video';
import type { Size } from '@twnet/node/video/scaling';
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
  return layersOf(model).map((layer) =>
    clipMethod(model, {
      ...{ name: `Layer ${layer}`, kind: 'point', scale: 1, method: 'twnet', layer, settings },
      // Layer 3 is its own.
      ...(layer === 3 ? {} : { uncorrected: warpName(layer) }),
    }),
  );
}

/** The same features warped, with neither correction nor training of their own: what correction is measured against. */
export function warpsAloneOf(model: Model, settings: MethodSettings = {}): StreamMethod[] {
  return layersOf(model)
    .filter((layer) => layer !== 3)
    .map((layer) =>
      clipMethod(model, {
        ...{ name: warpName(layer), kind: 'warp-alone', scale: 1, method: 'warp-alone', layer, settings },
      }),
    );
}

const layersOf = ({ card }: Model) => LAYERS.filter((layer) => layer === 3 || card.networks[`layer${layer}`]);
const warpName = (layer: WarpLayer): string => `warp alone, Layer ${layer}`;

/** Other people's methods on the model's key-frame network. */
export function baselinesOf(model: Model, settings: MethodSettings = {}): StreamMethod[] {
  return (['prop-mv', 'interp-mv', 'dff', 'taplab'] as const).map((method) =>
    clipMethod(model, {
      ...{ name: BASELINES[method], kind: 'baseline', scale: 1, method, layer: 3, settings },
    }),
  );
}

interface Way extends Pick<StreamMethod, 'name' | 'kind' | 'scale' | 'uncorrected'> {
  readonly method: ClipMethod;
  readonly layer: WarpLayer;
  readonly settings: MethodSettings;
}

function clipMethod(model: Model, { method, layer, settings, ...told }: Way): StreamMethod {
  const { scale } = told;
  return {
    ...{ ...told, model: model.card.name },
    async open(size): Promise<OpenedMethod> {
      const { threads } = settings;
      const { segment, close } = await openMethod(method, scaledSize(size, scale), model, { layer, threads });
      const motionSource = method === 'per-frame' ? 'none' : 'auto';
      return {
        async *labels(stream): AsyncGenerator<LabelledFrame> {
          await using video = await openVideo(stream, { scale, motionSource });
          yield* resized(segment(video), size);
        },
        close,
      };
    },
  };
}

/** Frames with labels of the stream's own size. */
export async function* resized(
  segmented: AsyncIterable<Pick<SegmentedFrame, 'frame' | 'labels' | 'labelSize'>>,
  size: Size,
): AsyncGenerator<LabelledFrame> {
  let resizer: LabelResizer | undefined;
  for await (const { frame, labels, labelSize = frame } of segmented) {
    if (labels.length === size.width * size.height) yield { frame, labels };
    else {
      resizer ??= new LabelResizer(labelSize, size);
      yield { frame, labels: resizer.resize(labels) };
    }
  }
}
