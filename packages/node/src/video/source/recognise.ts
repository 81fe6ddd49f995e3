/** What a source is, by its first bytes, where FFmpeg does not take it for a video: for the error that says so. */

/** A text that names other files or addresses: FFmpeg's demuxer for it, and what people call it. */
export interface Playlist {
  readonly demuxer: 'hls' | 'dash' | 'concat' | 'sdp' | 'imf' | undefined;
  readonly name: string;
}

const PLAYLISTS: readonly (readonly [RegExp, Playlist['demuxer'], string])[] = [
  [/^#EXTM3U/, 'hls', 'HLS, m3u8'],
  [/^ffconcat\s/, 'concat', 'ffconcat'],
  [/^(?:#[^\n]*\n|\s)*file\s+\S/, 'concat', 'a list of files'],
  [/^(?:<\?xml[^>]*>|<!--[\s\S]*?-->|\s)*<(?:\w+:)?MPD[\s>]/, 'dash', 'DASH, mpd'],
  [/<(?:\w+:)?CompositionPlaylist[\s>]/, 'imf', 'IMF'],
  [/<(?:\w+:)?(?:AssetMap|PackingList)[\s>]/, undefined, 'IMF'],
  [/^v=0\r?\n[\s\S]*^m=(?:video|audio|application)/m, 'sdp', 'SDP'],
  [/^(?:<\?xml[^>]*>|\s)*<SmoothStreamingMedia[\s>]/i, undefined, 'Smooth Streaming'],
  [/^\[playlist\]/i, undefined, 'pls'],
  [/^\[Reference\]|^\s*<asx[\s>]/i, undefined, 'ASX'],
  [/^(?:<\?xml[^>]*>|\s)*<(?:smil|playlist)[\s>]/i, undefined, 'SMIL or XSPF'],
  [/^RTSPtext|^rtsp:\/\/|^https?:\/\/\S+\s*$/, undefined, 'an address'],
  [/^# VobSub index file/, undefined, 'VobSub'],
  [/^\s*\w*Source\s*\(|^(?:import|from) vapoursynth/im, undefined, 'a script'],
];

/** The playlist that a source starts as, if it is one. */
export function recognisePlaylist(start: Buffer): Playlist | undefined {
  if (!isText(start)) return undefined;
  const text = start.toString('utf8').replace(/^\uFEFF/, '');
  for (const [pattern, demuxer, name] of PLAYLISTS) {
    if (pattern.test(text)) return { demuxer, name };
  }
  return undefined;
}

/** Bytes at a place: what has them. */
const MAGIC: readonly (readonly [string, number, string])[] = [
  ['PK\x03\x04', 0, 'a ZIP archive or an office document'],
  ['PK\x05\x06', 0, 'an empty ZIP archive'],
  ['\x1f\x8b', 0, 'a gzip archive'],
  ['BZh', 0, 'a bzip2 archive'],
  ['\xfd7zXZ\x00', 0, 'an xz archive'],
  ['7z\xbc\xaf\x27\x1c', 0, 'a 7-Zip archive'],
  ['Rar!\x1a\x07', 0, 'a RAR archive'],
  ['\x28\xb5\x2f\xfd', 0, 'a Zstandard archive'],
  ['ustar', 257, 'a tar archive'],
  ['%PDF-', 0, 'a PDF document'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 0, 'an office document'],
  ['SQLite format 3\x00', 0, 'a database'],
  ['\x7fELF', 0, 'a program'],
  ['MZ', 0, 'a program'],
  ['\x89HDF', 0, 'an HDF5 file'],
  ['CD001', 0x8001, 'a disc image'],
];

/** A few words for what is no video, such as `a ZIP archive`; undefined for what nothing is known of. */
export function recogniseOther(start: Buffer): string | undefined {
  const bytes = start.toString('latin1');
  for (const [magic, at, name] of MAGIC) if (bytes.startsWith(magic, at)) return name;
  if (!isText(start)) return undefined;
  const text = start.toString('utf8').replace(/^\uFEFF/, '');
  if (/^\s*(?:<!--[\s\S]*?-->\s*)*<(?:!doctype html|html)[\s>]/i.test(text)) return 'a web page';
  return 'text';
}

/** Whether bytes read as text: no control characters but white space, and UTF-8 that may be cut at the end. */
function isText(bytes: Buffer): boolean {
  if (bytes.length === 0) return false;
  for (const byte of bytes) if (byte < 32 && (byte < 9 || byte > 13) && byte !== 27) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether the pictures of an MP4 or MOV come before its index, so that it cannot be read from front to back.
 *
 * @param start its first bytes; false where they do not tell
 */
export function hasIndexAtEnd(start: Buffer): boolean {
  let at = 0;
  let boxes = 0;
  while (at + 8 <= start.length) {
    const type = start.toString('latin1', at + 4, at + 8);
    if (!/^[\w ©-]{4}$/.test(type)) return false;
    // `wide` and `free` may stand alone in front of QuickTime's `mdat`.
    if (type === 'mdat') return boxes > 0 || at + 8 < start.length;
    if (type === 'moov' || type === 'moof') return false;
    if (boxes === 0 && !/^(?:ftyp|wide|free|skip|pnot|uuid|styp)$/.test(type)) return false;
    const size = start.readUInt32BE(at);
    if (size === 1 && at + 16 <= start.length) at += Number(start.readBigUInt64BE(at + 8));
    else if (size >= 8) at += size;
    else return false;
    boxes += 1;
  }
  return false;
}
