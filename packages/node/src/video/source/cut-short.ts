/**
 * Whether a file ends before its time, by what its structure says: boxes, lists and segments with a size, tables
 * that point beyond the end. Stated durations and numbers of frames are no evidence: they count what was dropped
 * on purpose, begin elsewhere, or are of the longest stream.
 */
import type { ByteSource } from './byte-source.js';

/** A header that is off by its own length is a writer's mistake. */
const TOLERANCE = 16;
/** Boxes of a fragmented MP4 that are looked at, 1 to 10 a second. */
const MOST_BOXES = 1e6;

/** A part of a file as it is asked for. */
type ReadAt = (at: number, length: number) => Promise<Buffer>;

/** Bytes that are missing at the end; undefined where none are, or where the format does not tell. */
export async function bytesMissing(bytes: ByteSource, format: string): Promise<number | undefined> {
  const size = bytes.size();
  if (size === undefined) return undefined;
  const { start } = bytes;
  // What came through a pipe is gone; its start is not.
  const readAt: ReadAt =
    bytes.readAt?.bind(bytes) ??
    (async (at, length) => start.subarray(at, Math.min(at + length, start.length)));
  const end = await announcedEnd(format, start, readAt, size);
  return end !== undefined && end > size + TOLERANCE ? end - size : undefined;
}

function announcedEnd(
  format: string,
  start: Buffer,
  readAt: ReadAt,
  size: number,
): Promise<number | undefined> | number | undefined {
  if (format.includes('mp4')) return endOfBoxes(readAt, size);
  if (format === 'avi') return endOfLists(readAt, size);
  if (format.startsWith('matroska')) return endOfClusters(start, size);
  if (format === 'flv') return endOfTags(start, readAt, size);
  if (format === 'ogg') return endOfPages(readAt, size);
  if (format === 'mpegts') return endOfPackets(start, size);
  if (format === 'gif') return endOfGif(readAt, size);
  return undefined;
}

/** MP4, MOV: the end of the last box, which lies beyond the file's if that was cut. */
async function endOfBoxes(readAt: ReadAt, size: number): Promise<number | undefined> {
  let at = 0;
  for (let boxes = 0; at < size && boxes < MOST_BOXES; boxes++) {
    const header = await readAt(at, 16);
    if (header.length < 8) return undefined;
    const type = header.toString('latin1', 4, 8);
    if (!/^(?:ftyp|styp|moov|mdat|moof|sidx|mfra|free|skip|wide|uuid|emsg|prft|meta|pnot|udta)$/.test(type))
      return undefined;
    const length = header.readUInt32BE(0);
    if (length === 0) return undefined;
    at += length === 1 && header.length === 16 ? Number(header.readBigUInt64BE(8)) : length;
    if (length > 1 && length < 8) return undefined;
  }
  return at;
}

/** AVI: the end of the last list of pictures (`movi`); the index after it is not needed. */
async function endOfLists(readAt: ReadAt, size: number): Promise<number | undefined> {
  let end: number | undefined;
  for (let riff = 0; riff + 12 <= size; ) {
    const header = await readAt(riff, 12);
    if (header.length < 12 || header.toString('latin1', 0, 4) !== 'RIFF') return end;
    const length = header.readUInt32LE(4);
    // Written to a pipe: the sizes were never filled in.
    if (length === 0 || length === 0xffffffff) return end;
    end = (await endOfMovi(readAt, riff + 12, riff + 8 + length)) ?? riff + 8 + length;
    riff += 8 + length + (length % 2);
  }
  return end;
}

async function endOfMovi(readAt: ReadAt, from: number, to: number): Promise<number | undefined> {
  for (let at = from; at + 12 <= to; ) {
    const header = await readAt(at, 12);
    if (header.length < 12) return undefined;
    const length = header.readUInt32LE(4);
    if (header.toString('latin1', 8, 12) === 'movi') return length === 0 ? undefined : at + 8 + length;
    at += 8 + length + (length % 2);
  }
  return undefined;
}

const EBML = { header: 0x1a45dfa3, segment: 0x18538067, seekHead: 0x114d9b74, seek: 0x4dbb } as const;
const SEEK_ID = 0x53ab;
const SEEK_POSITION = 0x53ac;
const CUES = 0x1c53bb6b;

/** Matroska: the end of the segment, or of its clusters where the index (cues) follows them and is not whole. */
function endOfClusters(start: Buffer, size: number): number | undefined {
  const header = element(start, 0);
  if (header?.id !== EBML.header || header.size === undefined) return undefined;
  const segment = element(start, header.data + header.size);
  if (segment?.id !== EBML.segment || segment.size === undefined) return undefined;
  const end = segment.data + segment.size;
  const cues = cuesPosition(start, segment.data);
  const cuesFollow = cues !== undefined && cues > start.length;
  return cuesFollow && size >= cues ? size : end;
}

interface EbmlElement {
  readonly id: number;
  /** Where its content begins. */
  readonly data: number;
  /** undefined: not known when it was written. */
  readonly size: number | undefined;
}

function element(bytes: Buffer, at: number): EbmlElement | undefined {
  const idLength = Math.clz32(bytes[at] ?? 0) - 23;
  const sizeAt = at + idLength;
  const sizeLength = Math.clz32(bytes[sizeAt] ?? 0) - 23;
  if (idLength > 4 || sizeLength > 8 || sizeAt + sizeLength > bytes.length) return undefined;
  const id = bytes.readUIntBE(at, idLength);
  let size = bytes[sizeAt] & ((1 << (8 - sizeLength)) - 1);
  let allOnes = size === (1 << (8 - sizeLength)) - 1;
  for (let i = 1; i < sizeLength; i++) {
    size = size * 256 + bytes[sizeAt + i];
    allOnes &&= bytes[sizeAt + i] === 0xff;
  }
  return { id, data: sizeAt + sizeLength, size: allOnes ? undefined : size };
}

function cuesPosition(start: Buffer, segment: number): number | undefined {
  const head = element(start, segment);
  if (head?.id !== EBML.seekHead || head.size === undefined) return undefined;
  const end = Math.min(head.data + head.size, start.length);
  for (let at = head.data; at < end; ) {
    const seek = element(start, at);
    if (seek?.size === undefined) return undefined;
    at = seek.data + seek.size;
    if (seek.id !== EBML.seek) continue;
    const id = element(start, seek.data);
    const position = id?.id === SEEK_ID ? element(start, id.data + (id.size ?? 0)) : undefined;
    if (!id?.size || position?.id !== SEEK_POSITION || !position.size || position.size > 6) continue;
    if (start.readUIntBE(id.data, Math.min(id.size, 4)) === CUES && position.data + position.size <= end)
      return segment + start.readUIntBE(position.data, position.size);
  }
  return undefined;
}

/** FLV: the size that its metadata states, or the last tag, whose length is written after it. */
async function endOfTags(start: Buffer, readAt: ReadAt, size: number): Promise<number | undefined> {
  const key = Buffer.from('\x00\x08filesize\x00', 'latin1');
  const at = start.indexOf(key);
  const stated = at >= 0 && at + key.length + 8 <= start.length ? start.readDoubleBE(at + key.length) : 0;
  if (stated > 0) return stated;
  const last = await readAt(size - 4, 4);
  if (last.length < 4) return undefined;
  const length = last.readUInt32BE(0);
  const tag = length >= 11 && length < size ? await readAt(size - 4 - length, 4) : undefined;
  const whole = tag?.length === 4 && tag.readUIntBE(1, 3) + 11 === length;
  // How much is missing is written nowhere; that it is, is.
  return whole ? size : size + TOLERANCE + 1;
}

/** Ogg: the end of the last page. */
async function endOfPages(readAt: ReadAt, size: number): Promise<number | undefined> {
  const from = Math.max(0, size - 2 * 65_307);
  const tail = await readAt(from, size - from);
  const at = tail.lastIndexOf('OggS');
  if (at < 0 || tail.length < size - from) return undefined;
  const segments = tail[at + 26];
  if (segments === undefined || at + 27 + segments > tail.length) return size + TOLERANCE + 1;
  const content = tail.subarray(at + 27, at + 27 + segments).reduce((sum, length) => sum + length, 0);
  return from + at + 27 + segments + content;
}

/** MPEG-TS: whole packets. */
function endOfPackets(start: Buffer, size: number): number | undefined {
  for (const [length, sync] of [
    [188, 0],
    [192, 4],
    [204, 0],
  ]) {
    const regular = [0, 1, 2, 3].every((n) => start[sync + n * length] === 0x47);
    if (regular) return size % length > TOLERANCE ? size - (size % length) + length + TOLERANCE : size;
  }
  return undefined;
}

/** GIF: a semicolon ends it; a few bytes may follow. */
async function endOfGif(readAt: ReadAt, size: number): Promise<number | undefined> {
  const tail = await readAt(Math.max(0, size - TOLERANCE), TOLERANCE);
  return tail.length === 0 || tail.includes(0x3b) ? size : size + TOLERANCE + 1;
}
