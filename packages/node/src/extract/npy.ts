/** Headers of NumPy's .npy format, version 1.0 (NEP 1): magic, length, a Python dictionary of type and shape. */

/** A type as NumPy writes it (`<f4`), or the fields of a record in the order in which they lie in memory, packed. */
export type NpyType = string | readonly (readonly [field: string, type: string])[];

/** Digits of the largest length that leaves the header as long as it was. */
const LENGTH_DIGITS = 16;
const ALIGNMENT = 64;
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];

/**
 * What stands before an array's values, which follow row by row. Its length does not depend on the first of the
 * dimensions, so that it can be written anew once that is known.
 *
 * @param shape none for a single value
 */
export function npyHeader(type: NpyType, shape: readonly number[]): Uint8Array {
  const [first, ...inner] = shape.map(String);
  const dimensions =
    first === undefined ? '()' : `(${[first, ...inner].join(', ')}${inner.length === 0 ? ',' : ''})`;
  const text = `{'descr': ${descriptionOf(type)}, 'fortran_order': False, 'shape': ${dimensions}, }`;
  const longest = text.length - (first ?? '').length + LENGTH_DIGITS;
  const length = Math.ceil((MAGIC.length + 2 + longest + 1) / ALIGNMENT) * ALIGNMENT;
  const rest = length - MAGIC.length - 2;
  const header = Buffer.alloc(length, ' ');
  header.set(MAGIC);
  header.writeUInt16LE(rest, MAGIC.length);
  header.write(text, MAGIC.length + 2, 'latin1');
  header[length - 1] = 0x0a;
  return header;
}

/** Bytes of one value. */
export function npySize(type: NpyType): number {
  if (typeof type !== 'string') return type.reduce((sum, [, field]) => sum + npySize(field), 0);
  return Number(/\d+$/.exec(type)![0]);
}

function descriptionOf(type: NpyType): string {
  if (typeof type === 'string') return `'${type}'`;
  return `[${type.map(([field, each]) => `('${field}', '${each}')`).join(', ')}]`;
}
