/** Finds how a network takes its picture, from what its file declares. */
import { InputError } from '@twnet/core/errors';
import {
  type ImportedInput,
  LAYOUTS,
  type Layout,
  PICTURE_TYPES,
} from '@twnet/core/network/imported-network';
import type { PixelConvention } from './pixel-convention.js';

/** A tensor as ONNX Runtime declares it; free extents have names. */
export interface Declared {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

export interface InputOptions {
  /** The tensor that takes the picture, where there are several. */
  readonly input?: string;
  readonly layout?: Layout;
  /** Of the picture, where the file leaves it free: it then has that size always. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** Sides of pictures where the file leaves them free: networks halve them five times, or cut patches of 14 or 16. */
export const USUAL_MULTIPLE = 32;
/** The size where nobody says one. */
const USUAL_SIZE = { width: 1280, height: 736 };

export interface FoundInput {
  readonly input: ImportedInput;
  /** Sentences for the person: of its pixels, and of a size that is free. */
  readonly notes: readonly string[];
  readonly sizeNote?: string;
}

/**
 * @param file for errors
 * @throws InputError for a network that takes no picture, or other things too
 */
export function pictureInput(
  file: string,
  inputs: readonly Declared[],
  pixels: PixelConvention,
  options: InputOptions = {},
): FoundInput {
  const declared = theInput(file, inputs, options.input);
  const { name, shape } = declared;
  const type = PICTURE_TYPES.find((one) => one === declared.type);
  const told = `${file}: takes ${formatTensor(declared)}`;
  if (!type) throw new InputError(`${told}; pictures can be ${PICTURE_TYPES.join(', ')}`);
  const layout = layoutOf(told, shape, options.layout);
  const [rows, columns] = layout === 'NCHW' ? [shape[2], shape[3]] : [shape[1], shape[2]];
  const fixed = { width: extent(columns), height: extent(rows) };
  const { size } = options;
  for (const side of ['width', 'height'] as const)
    if (size && fixed[side] !== undefined && fixed[side] !== size[side])
      throw new InputError(
        `${told}: --size ${size.width}x${size.height} does not fit; leave it out, the file fixes the size`,
      );
  const isFree = fixed.width === undefined && fixed.height === undefined && !size;
  const meant = pixels.size ?? USUAL_SIZE;
  const sizeNote = `the size of its pictures is free: assumed to be meant for ${meant.width}×${meant.height} (--size, or --max-side of twnet segment)`;
  const side = (of: 'width' | 'height'): number =>
    fixed[of] ?? size?.[of] ?? Math.ceil(meant[of] / USUAL_MULTIPLE) * USUAL_MULTIPLE;
  const values =
    type === 'uint8'
      ? ({ mean: [0, 0, 0], deviation: [1, 1, 1] } as const)
      : { mean: pixels.mean, deviation: pixels.deviation };
  return {
    input: {
      ...{ name, layout, type, order: pixels.order, ...values, width: side('width'), height: side('height') },
      ...(isFree ? { multiple: USUAL_MULTIPLE } : {}),
    },
    notes: [type === 'uint8' ? 'pixels: 0..255, as they are' : `pixels: ${formatPixels(pixels)}`],
    ...(isFree && !pixels.size ? { sizeNote } : {}),
  };
}

function theInput(file: string, inputs: readonly Declared[], name: string | undefined): Declared {
  const all = inputs.map(formatTensor).join(' and ') || 'nothing';
  const wanted = name === undefined ? inputs : inputs.filter((one) => one.name === name);
  if (name !== undefined && wanted.length === 0)
    throw new InputError(`${file}: has no input ${JSON.stringify(name)}; it takes ${all}`);
  if (inputs.length !== 1)
    throw new InputError(
      `${file}: takes ${all}; a segmentation network takes one picture, export it with that input alone`,
    );
  return wanted[0];
}

function layoutOf(told: string, shape: Declared['shape'], asked: Layout | undefined): Layout {
  const could = LAYOUTS.filter((layout) => {
    const channels = extent(shape[layout === 'NCHW' ? 1 : 3]);
    return shape.length === 4 && (extent(shape[0]) ?? 1) === 1 && (channels ?? 3) === 3;
  });
  const certain = could.filter((layout) => extent(shape[layout === 'NCHW' ? 1 : 3]) === 3);
  const found = asked ? could.find((one) => one === asked) : (certain[0] ?? could[0]);
  if (!found)
    throw new InputError(
      `${told}; a segmentation network takes one picture, [1, 3, rows, columns] or [1, rows, columns, 3]`,
    );
  return found;
}

/** Of an extent that the file fixes; free ones have a name, or −1 or 0. */
const extent = (value: number | string | undefined): number | undefined =>
  typeof value === 'number' && value > 0 ? value : undefined;

/** `"pixel_values" float32 [1, 3, height, width]`. */
export function formatTensor({ name, type, shape }: Declared): string {
  return `${JSON.stringify(name)} ${type} [${shape.map((one) => (one === '' ? '?' : String(one))).join(', ')}]`;
}

function formatPixels({ order, mean, deviation, source }: PixelConvention): string {
  const list = (values: readonly number[]) => values.map((value) => Number(value.toFixed(3))).join(', ');
  return `${order}, (0..255 − [${list(mean)}]) / [${list(deviation)}], ${source}`;
}
