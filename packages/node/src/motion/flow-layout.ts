import { InputError } from '@twnet/core/errors';
import type { InferenceSession } from 'onnxruntime-node';

/** Sides that are free are padded to multiples of this: RAFT asks for 8, PWC-Net for 64. */
const MULTIPLE = 64;

/** How a flow network takes its pictures. */
export interface FlowLayout {
  /** One input of both pictures (6 channels), or two of one each: the current one first. */
  readonly inputs: readonly [string] | readonly [string, string];
  /** Size of the network's pictures, pixels. */
  readonly width: number;
  readonly height: number;
  /** The frame is brought to that size by scaling (the file fixes it), not by padding at its right and lower edge. */
  readonly resized: boolean;
}

/**
 * Reads off a network's inputs how it takes two pictures: float32, two inputs [1, 3, rows, columns] or one
 * [1, 6, rows, columns]; rows and columns fixed or free.
 *
 * @param width frame width, pixels; `height` likewise
 * @throws InputError if it takes something else
 */
export function flowLayout(
  file: string,
  inputs: readonly InferenceSession.ValueMetadata[],
  width: number,
  height: number,
): FlowLayout {
  const channels = inputs.length === 1 ? 6 : 3;
  const fits = inputs.every(
    (input) =>
      input.isTensor &&
      input.type === 'float32' &&
      input.shape.length === 4 &&
      isOrFree(input.shape[0], 1) &&
      isOrFree(input.shape[1], channels),
  );
  if (inputs.length < 1 || inputs.length > 2 || !fits) {
    const shapes = inputs.map((input) =>
      input.isTensor ? `${input.name}: ${input.type} [${input.shape.join(', ')}]` : input.name,
    );
    throw new InputError(
      `${file}: takes ${shapes.join(' and ') || 'nothing'}; a flow network takes two inputs ` +
        'float32 [1, 3, rows, columns] or one [1, 6, rows, columns]',
    );
  }
  const [first] = inputs;
  const shape = first.isTensor ? first.shape : [];
  const rows = fixed(shape[2]);
  const columns = fixed(shape[3]);
  return {
    inputs: inputs.map(({ name }) => name) as unknown as FlowLayout['inputs'],
    width: columns ?? (rows === undefined ? padded(width) : width),
    height: rows ?? (columns === undefined ? padded(height) : height),
    resized: rows !== undefined || columns !== undefined,
  };
}

const padded = (side: number): number => Math.ceil(side / MULTIPLE) * MULTIPLE;
/** Free sides have a name, or −1 or 0. */
const fixed = (side: number | string | undefined): number | undefined =>
  typeof side === 'number' && side > 0 ? side : undefined;
const isOrFree = (side: number | string, wanted: number): boolean => (fixed(side) ?? wanted) === wanted;
