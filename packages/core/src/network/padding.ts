/** Padding of the encoders' and decoder's convolutions. */
import type { Padding } from '../graph/operators/convolution.js';
import type { ConvolutionLayer } from './description.js';

/**
 * The output always has ⌈n / stride⌉ cells. At stride 1 both sides get half the kernel; at stride 2 it is the
 * layer's choice, which the weights were trained with:
 * - 'end', TensorFlow's SAME on even sizes: 0 before and all of it after. On odd sizes TensorFlow would pad both
 *   sides, which shifts that feature by half a cell against even sizes; here all of it comes after, so that
 *   cell i of a stride-s feature always starts at pixel i · s, whatever the frame's size, and codec motion fits
 *   every grid.
 * - 'both', PyTorch's: half the kernel on each side; cell i is centred on cell i · s, at any size too.
 */
export function paddingOf(
  { kernel, stride, padding }: ConvolutionLayer,
  rows: number,
  columns: number,
): Padding {
  const half = (kernel - 1) / 2;
  if (kernel === 1 || stride === 1 || padding === 'both')
    return { top: half, left: half, bottom: half, right: half };
  const after = (extent: number): number => (Math.ceil(extent / 2) - 1) * 2 + kernel - extent;
  return { top: 0, left: 0, bottom: after(rows), right: after(columns) };
}
