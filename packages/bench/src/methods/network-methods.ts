/** The ways that a model has from a stream to labels, and the baselines on its key-frame network. */
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import { architectureOf, hasNetwork, speedsOf, trainedLayers } from '@twnet/core/model/operating-points';
import type { WarpLayer } from '@twnet/core/network/key-frame';
import { type OperatingPoint, pointName } from '@twnet/core/network/operating-point';
import { automaticScale, workingSize } from '@twnet/core/network/working-size';
import { openingFor, sizesFor } from '@twnet/core/runtime/frame-sizes';
import type { NetworksOptions } from '@twnet/core/runtime/networks';
import type { SegmentOptions } from '@twnet/core/segment/segment-options';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import { Networks } from '@twnet/node/networks/networks';
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

/** The key-frame network on every frame, at a share of its working size; labels are enlarged. */
export function perFrameAt(model: NetworkSource, scale: number, settings: MethodSettings = {}): StreamMethod {
  const name = scale === 1 ? 'per frame' : `per frame at ${scale}`;
  return networkMethod(model, { name, kind: 'per-frame', scale }, { ...settings, perFrame: true });
}

/** Every operating point of a model: the layers, or speeds, that it has networks for; of Layer 3 it needs none. */
export function pointsOf(model: NetworkSource, settings: MethodSettings = {}): StreamMethod[] {
  return trainedPoints(model).map((point) =>
    networkMethod(
      model,
      {
        ...{ name: pointName(point), kind: 'point', scale: 1 },
        ...(isWarpAlone(model, point) ? {} : { uncorrected: warpName(point) }),
      },
      { ...settings, ...choiceOf(point) },
    ),
  );
}

/**
 * The features of every point warped, with neither correction nor training of their own: what correction is measured
 * against. Of a segmenter that was not trained for any point: its scores, from the key frame before alone.
 */
export function warpsAloneOf(model: NetworkSource, settings: MethodSettings = {}): StreamMethod[] {
  const points = trainedPoints(model).filter((point) => !isWarpAlone(model, point));
  const choices = points.map((point) => ({ name: warpName(point), ...choiceOf(point) }));
  return (choices.length > 0 || architectureOf(model.card) === 'lateral' ? choices : [UNTRAINED]).map(
    ({ name, ...choice }) =>
      networkMethod(
        model,
        { name, kind: 'warp-alone', scale: 1 },
        { ...settings, ...choice, warpAlone: true },
      ),
  );
}

const UNTRAINED: { readonly name: string } & Choice = { name: 'warp alone', speed: 'fast', lookahead: 0 };

function trainedPoints({ card }: NetworkSource): OperatingPoint[] {
  return architectureOf(card) === 'lateral' ? trainedLayers(card) : speedsOf(card);
}

/** Layer 3 corrects nothing, nor does what nobody trained. */
const isWarpAlone = ({ card }: NetworkSource, point: OperatingPoint): boolean =>
  typeof point === 'number' ? point === 3 : !hasNetwork(card, point);
const warpName = (point: OperatingPoint): string => `warp alone, ${pointName(point)}`;
const choiceOf = (point: OperatingPoint): Choice =>
  typeof point === 'number' ? { layer: point } : { speed: point };

type Choice = Pick<NetworksOptions, 'layer' | 'speed'> & Pick<SegmentOptions, 'lookahead'>;
type Told = Pick<StreamMethod, 'name' | 'kind' | 'scale' | 'uncorrected'>;

/** As `twnet segment` runs a video, but for its files. */
function networkMethod(
  model: NetworkSource,
  told: Told,
  { lookahead, ...choice }: Choice & Pick<NetworksOptions, 'perFrame' | 'warpAlone' | 'threads'>,
): StreamMethod {
  const { card } = model;
  const { perFrame } = choice;
  const { scale: usual = 1, keyPictures = false } = openingFor(card, perFrame);
  return {
    ...{ ...told, model: card.name },
    async open(size): Promise<OpenedMethod> {
      const scale = told.scale * (usual === 'auto' ? automaticScale(size) : usual);
      const { key, frame } = workingSize(size, { scale, halved: keyPictures });
      const sizes = sizesFor(card, { ...frame, keyWidth: key.width, keyHeight: key.height, scale });
      const networks = await Networks.open(model, { ...sizes, ...choice });
      return {
        async *labels(stream): AsyncGenerator<LabelledFrame> {
          const motionSource = perFrame ? 'none' : 'auto';
          await using video = await openVideo(stream, { scale, keyPictures, motionSource });
          yield* resized(
            segmentVideo(video, networks, {
              ...{ keyFrames: { mode: 'codec' }, perFrame, lookahead, recycle: true },
            }),
            size,
          );
        },
        close: () => networks.close(),
      };
    },
  };
}

/** Frames with labels of the stream's own size. */
async function* resized(
  segmented: AsyncIterable<
    Pick<SegmentedFrame, 'frame' | 'labels' | 'labelSize'> & Partial<Pick<SegmentedFrame, 'kind' | 'timings'>>
  >,
  size: Size,
): AsyncGenerator<LabelledFrame> {
  let resizer: LabelResizer | undefined;
  for await (const { frame, labels, labelSize = frame, kind, timings } of segmented) {
    const told = { frame, kind, timings };
    if (labelSize.width === size.width && labelSize.height === size.height) yield { ...told, labels };
    else {
      resizer ??= new LabelResizer(labelSize, size);
      yield { ...told, labels: resizer.resize(labels) };
    }
  }
}

/** As figures name them; DFF warps a decoder layer, which segmenters do not have. */
const BASELINES = [
  { method: 'prop-mv', name: 'Prop-mv', lateral: false },
  { method: 'interp-mv', name: 'Interp-mv', lateral: false },
  { method: 'dff', name: 'DFF', lateral: true },
  { method: 'taplab', name: 'TapLab', lateral: false },
] as const satisfies readonly { method: ClipMethod; name: string; lateral: boolean }[];

/** Other people's methods on the model's key-frame network; a segmenter's sees frames of twice the stream's sides. */
export function baselinesOf(model: NetworkSource, { threads }: MethodSettings = {}): StreamMethod[] {
  const isLateral = architectureOf(model.card) === 'lateral';
  return BASELINES.filter(({ lateral }) => isLateral || !lateral).map(({ method, name }) => ({
    ...{ name, model: model.card.name, kind: 'baseline', scale: 1 },
    async open(size): Promise<OpenedMethod> {
      const { segment, close } = await openMethod(method, size, model, { layer: LAYER_OF_DFF, threads });
      return {
        async *labels(stream): AsyncGenerator<LabelledFrame> {
          await using video = await openVideo(stream);
          yield* resized(segment(video), size);
        },
        close,
      };
    },
  }));
}

const LAYER_OF_DFF: WarpLayer = 3;
