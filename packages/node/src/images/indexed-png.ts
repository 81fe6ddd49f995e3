/**
 * Indexed PNGs (PNG specification, third edition, §11.2): pixels are indices into a palette, so that viewers show
 * colours and programs find ids. Decoders give such files as colours, and libvips writes them only by quantising.
 * A greyscale PNG has the same image data, so going from one to the other changes only the chunks around it.
 */
import { crc32 } from 'node:zlib';

export type Colour = readonly [red: number, green: number, blue: number];

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Where IHDR ends: the signature, its length, type, 13 bytes of data and checksum. */
const HEADER_END = SIGNATURE.length + 12 + 13;
const BIT_DEPTH = SIGNATURE.length + 8 + 8;
const COLOUR_TYPE = BIT_DEPTH + 1;
const GREYSCALE = 0;
const INDEXED = 3;

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** All of it, length and checksum included. */
  readonly bytes: Uint8Array;
}

/**
 * An 8-bit greyscale PNG as an indexed one: the values become indices.
 *
 * @param palette a colour for each of the values that the picture has, at most 256
 * @throws RangeError where the file is no such PNG or the palette too long
 */
export function toIndexedPng(grey: Uint8Array, palette: readonly Colour[]): Uint8Array {
  if (!isPng(grey) || grey[BIT_DEPTH] !== 8 || grey[COLOUR_TYPE] !== GREYSCALE)
    throw new RangeError('toIndexedPng: not an 8-bit greyscale PNG');
  if (palette.length < 1 || palette.length > 256)
    throw new RangeError(`toIndexedPng: a palette has 1 to 256 colours, not ${palette.length}`);
  const colours = chunk('PLTE', Uint8Array.from(palette.flat()));
  return Buffer.concat([withColourType(grey, INDEXED), colours, grey.subarray(HEADER_END)]);
}

/** An indexed PNG taken apart. */
export interface IndexedPng {
  readonly bitDepth: 1 | 2 | 4 | 8;
  readonly palette: readonly Colour[];
  /**
   * The same image data as a greyscale PNG. Decoders stretch fewer than 8 bits to the range of 8:
   * divide by {@link indexScale}.
   */
  readonly grey: Uint8Array;
}

/** What decoders to 8 bits multiply values of so many bits by. */
export const indexScale = (bitDepth: 1 | 2 | 4 | 8): number => 255 / (2 ** bitDepth - 1);

/**
 * Takes an indexed PNG apart; undefined for any other file.
 *
 * @throws Error where the header or the palette is damaged; the image data is left to its decoder
 */
export function parseIndexedPng(file: Uint8Array): IndexedPng | undefined {
  if (!isPng(file) || file[COLOUR_TYPE] !== INDEXED) return undefined;
  const bitDepth = file[BIT_DEPTH];
  const chunks = [...chunksOf(file)];
  const colours = chunks.find(({ type }) => type === 'PLTE');
  if (bitDepth !== 1 && bitDepth !== 2 && bitDepth !== 4 && bitDepth !== 8)
    throw new Error(`it is indexed with ${bitDepth} bits, which PNG does not have`);
  if (!colours || colours.data.length % 3 !== 0) throw new Error('its palette is missing or damaged');
  for (const { bytes } of [chunks[0], colours]) {
    const end = bytes.length - 4;
    if (crc32(bytes.subarray(4, end)) !== view(bytes).getUint32(end))
      throw new Error('its header is damaged (the checksum is wrong)');
  }
  const palette = Array.from({ length: colours.data.length / 3 }, (_, i): Colour => {
    const [red, green, blue] = colours.data.subarray(3 * i);
    return [red, green, blue];
  });
  // Other chunks speak of the colours, and have another form in greyscale files.
  const image = chunks.filter(({ type }) => type === 'IDAT' || type === 'IEND');
  return {
    bitDepth,
    palette,
    grey: Buffer.concat([withColourType(file, GREYSCALE), ...image.map(({ bytes }) => bytes)]),
  };
}

function isPng(file: Uint8Array): boolean {
  return (
    file.length >= HEADER_END &&
    SIGNATURE.every((byte, i) => file[i] === byte) &&
    view(file).getUint32(SIGNATURE.length) === 13
  );
}

/** The signature and IHDR with another colour type. */
function withColourType(file: Uint8Array, type: number): Uint8Array {
  const head = new Uint8Array(file.subarray(0, HEADER_END));
  head[COLOUR_TYPE] = type;
  const data = head.subarray(SIGNATURE.length + 4, HEADER_END - 4);
  view(head).setUint32(HEADER_END - 4, crc32(data));
  return head;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  view(bytes).setUint32(0, data.length);
  bytes.set(Buffer.from(type, 'latin1'), 4);
  bytes.set(data, 8);
  view(bytes).setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** A file's chunks as far as they are whole; of one that is cut short what there is, for the decoder to judge. */
function* chunksOf(file: Uint8Array): Generator<Chunk> {
  for (let at = SIGNATURE.length; at + 8 <= file.length; ) {
    const length = view(file).getUint32(at);
    const end = Math.min(at + 12 + length, file.length);
    const type = Buffer.from(file.subarray(at + 4, at + 8)).toString('latin1');
    yield {
      type,
      data: file.subarray(at + 8, Math.min(at + 8 + length, file.length)),
      bytes: file.subarray(at, end),
    };
    if (type === 'IEND') return;
    at = end;
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
