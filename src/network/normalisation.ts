import type { Graph, Shape, Value } from '../graph/graph.js';

/**
 * 8-bit pixels enter the networks as (x − 128) / 127.5. MobileNet's own centre is 127.5; ONNX's
 * DequantizeLinear takes a whole zero point and does the work in one native pass, and the difference, 0.4 % of
 * the range, is far below the sensor's noise. The weights we ship were trained with it.
 */
export const PIXEL_ZERO_POINT = 128;
export const PIXEL_SCALE = 1 / 127.5;

/** Variance floor of every batch norm. */
export const NORM_EPSILON = 1e-5;

/** Declares a graph input of 8-bit pixels and normalises it. */
export function pixelInput(graph: Graph, name: string, shape: Shape): Value {
  const pixels = graph.input(name, shape, 'uint8');
  const zeroPoint = graph.constant(Uint8Array.of(PIXEL_ZERO_POINT), []);
  return graph.node('DequantizeLinear', [pixels, graph.scalar(PIXEL_SCALE), zeroPoint], shape, {
    type: 'float32',
  });
}
