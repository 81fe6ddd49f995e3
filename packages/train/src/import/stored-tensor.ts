/** Tensors as files hold them, decoded only when they are asked for. */
import { fromHalf } from '@twnet/core/network/half';

/** Bytes of weights that are read at all: ten times ResNet-18's, so that no file fills the memory. */
export const LARGEST_FILE = 512 * 2 ** 20;

/** Element types, by safetensors' names. */
const ELEMENT_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

export type ElementType = keyof typeof ELEMENT_BYTES;

export interface StoredTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Product of the shape. */
  readonly elements: number;
  /** The values as float32, row-major; decoded anew by every call. */
  readonly read: () => Float32Array;
}

export type StoredTensors = ReadonlyMap<string, StoredTensor>;

/** A file of weights of whatever format. */
export interface WeightFile {
  /** For people: `safetensors`, `PyTorch (zip)`, … */
  readonly format: string;
  readonly tensors: StoredTensors;
  /** What a safetensors file says of itself. */
  readonly metadata: Readonly<Record<string, string>>;
}

export function isElementType(text: unknown): text is ElementType {
  return typeof text === 'string' && Object.hasOwn(ELEMENT_BYTES, text);
}

export const elementBytes = (type: ElementType): number => ELEMENT_BYTES[type];

/** Product of a shape that a file states, undefined when it is no shape or its product no exact number. */
export function elementsOf(shape: unknown): number | undefined {
  if (!Array.isArray(shape) || shape.length > 32) return undefined;
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) return undefined;
  const product = shape.reduce<number>((so, extent) => so * extent, 1);
  return Number.isSafeInteger(product) ? product : undefined;
}

/** Decodes little-endian elements to float32; `bytes` holds whole elements and may lie at any offset. */
export function decodeElements(bytes: Uint8Array, type: ElementType): Float32Array {
  const { buffer } = new Uint8Array(bytes);
  switch (type) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F64':
      return Float32Array.from(new Float64Array(buffer));
    case 'F16':
      return fromHalf(new Uint16Array(buffer));
    case 'BF16':
      return fromBrainFloat(new Uint16Array(buffer));
    case 'I64':
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case 'I32':
      return Float32Array.from(new Int32Array(buffer));
    case 'I16':
      return Float32Array.from(new Int16Array(buffer));
    case 'I8':
      return Float32Array.from(new Int8Array(buffer));
    case 'U16':
      return Float32Array.from(new Uint16Array(buffer));
    case 'U8':
    case 'BOOL':
      return Float32Array.from(new Uint8Array(buffer));
  }
}

/** A bfloat16 is the upper half of a float32. */
function fromBrainFloat(patterns: Uint16Array): Float32Array {
  const bits = new Uint32Array(patterns.length);
  for (let i = 0; i < patterns.length; i++) bits[i] = patterns[i] << 16;
  return new Float32Array(bits.buffer);
}
