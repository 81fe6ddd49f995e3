import type { Graph, Shape, Value } from '../graph/graph.js';
import type { PixelNormalisation } from './description.js';

/**
 * 8-bit pixels enter the networks as (x − 128) / 127.5. MobileNet's own centre is 127.5; ONNX's
 * DequantizeLinear takes a whole zero point and does the work in one native pass, and the difference, 0.4 % of
 * the range, is far below the sensor's noise. The weights we ship were trained with it.
 */
export const PIXEL_ZERO_POINT = 128;
export const PIXEL_SCALE = 1 / 127.5;

/** Variance floor of every batch norm. */
export const NORM_EPSILON = 1e-5;

/** ImageNet's, of R, G, B in 0..1. */
export const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

/** Declares a graph input of 8-bit pixels and normalises it. */
export function pixelInput(
  graph: Graph,
  name: string,
  shape: Shape,
  normalisation: PixelNormalisation = 'symmetric',
): Value {
  const pixels = graph.input(name, shape, 'uint8');
  if (normalisation === 'imagenet') return byMeanAndDeviation(graph, pixels);
  const zeroPoint = graph.constant(Uint8Array.of(PIXEL_ZERO_POINT), []);
  return graph.node('DequantizeLinear', [pixels, graph.scalar(PIXEL_SCALE), zeroPoint], shape, {
    type: 'float32',
  });
}

/** (x / 255 − mean) / deviation. */
function byMeanAndDeviation(graph: Graph, pixels: Value): Value {
  const { mean, deviation } = IMAGENET;
  const scales = graph.constant(
    Float32Array.from(deviation, (d) => 1 / (255 * d)),
    [3],
  );
  const zeroPoints = graph.constant(new Uint8Array(3), [3]);
  const scaled = graph.node('DequantizeLinear', [pixels, scales, zeroPoints], pixels.shape, {
    type: 'float32',
    attributes: { axis: 1 },
  });
  const centre = graph.constant(
    Float32Array.from(mean, (m, i) => m / deviation[i]),
    [1, 3, 1, 1],
  );
  return graph.node('Sub', [scaled, centre]);
}
