/** IEEE 754 half precision, as arrays of its 16-bit patterns. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Rounds to nearest, ties to even; overflow becomes infinity. */
export function toHalf(values: Float32Array): Uint16Array {
  const result = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = halfBits(values[i]);
  return result;
}

/** The smallest magnitude that rounds to infinity. */
const OVERFLOW = 65520;

/** Whether rounding makes no finite value infinite. */
export function fitsHalf(values: Float32Array): boolean {
  return !values.some((value) => Math.abs(value) >= OVERFLOW && Number.isFinite(value));
}

function halfBits(value: number): number {
  float[0] = value;
  const pattern = bits[0];
  const sign = (pattern >>> 16) & 0x8000;
  const magnitude = pattern & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Subnormal: units of 2^−24, rounded by the float itself (ties to even).
    const units = Math.abs(value) * 2 ** 24;
    const floor = Math.floor(units);
    const rest = units - floor;
    return sign | (floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0));
  }
  const rebased = magnitude - 0x38000000;
  return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
}

/** By bit patterns: a model has millions of them, and powers of two take 15 times as long. */
export function fromHalf(patterns: Uint16Array): Float32Array {
  const result = new Float32Array(patterns.length);
  const single = new Uint32Array(result.buffer);
  for (let i = 0; i < patterns.length; i++) {
    const pattern = patterns[i];
    const magnitude = pattern & 0x7fff;
    const sign = (pattern & 0x8000) << 16;
    if (magnitude >= 0x0400 && magnitude < 0x7c00) single[i] = sign | ((magnitude << 13) + 0x38000000);
    // Subnormal, or zero.
    else if (magnitude < 0x0400) result[i] = (sign ? -1 : 1) * magnitude * 2 ** -24;
    else single[i] = magnitude > 0x7c00 ? 0x7fc00000 : sign | 0x7f800000;
  }
  return result;
}
