/** Padding of the encoders' and decoder's convolutions. */
import type { Padding } from '../graph/operators/convolution.js';
import type { ConvolutionLayer } from './description.js';

/**
 * TensorFlow's SAME: output ⌈n / stride⌉; at stride 2 on even sizes 0 before and 1 after. On odd sizes
 * TensorFlow would pad both sides, which shifts that feature by half a cell against even sizes; here all of it
 * comes after, so that cell i of a stride-s feature always starts at pixel i · s, whatever the frame's size,
 * and codec motion fits every grid.
 */
export function paddingOf({ kernel, stride }: ConvolutionLayer, rows: number, columns: number): Padding {
  if (kernel === 1) return { top: 0, left: 0, bottom: 0, right: 0 };
  if (stride === 1) return { top: 1, left: 1, bottom: 1, right: 1 };
  const after = (extent: number): number => (Math.ceil(extent / 2) - 1) * 2 + kernel - extent;
  return { top: 0, left: 0, bottom: after(rows), right: after(columns) };
}
