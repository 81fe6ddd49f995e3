/** CRC-32 of data of which the start is only known when the rest has been written. */

/** The polynomial, its bits in reverse order, as zip has it. */
const POLYNOMIAL = 0xedb88320;
/** The polynomial 1, and x^8, by which a further byte multiplies. */
const ONE = 0x80000000;
const BYTE = 0x00800000;

/**
 * The checksum of two pieces one after the other, from those of each: a checksum is a remainder modulo a polynomial
 * over GF(2), so that the first piece's has to be multiplied by x to the power of the bits that follow (as zlib's
 * `crc32_combine`, which Node does not hand on).
 *
 * @param length bytes of the second piece
 */
export function joinChecksums(first: number, second: number, length: number): number {
  let factor = ONE;
  for (let left = length, power = BYTE; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) factor = product(power, factor);
    power = product(power, power);
  }
  return (product(factor, first) ^ second) >>> 0;
}

/** Of two polynomials of bits, x^0 highest. */
function product(a: number, b: number): number {
  let sum = 0;
  for (let bit = ONE, rest = b; bit !== 0; bit >>>= 1) {
    if (a & bit) sum ^= rest;
    rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
  }
  return sum;
}
