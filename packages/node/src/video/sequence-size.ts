/** Sizes that MPEG-1 and MPEG-2 streams announce: FFmpeg's decoder drops the frame that it holds where they change. */
import { AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, type AVCodecID } from 'node-av/constants';
import type { Packet } from 'node-av/lib';

const SEQUENCE_HEADER = Buffer.from([0, 0, 1, 0xb3]);

export class SequenceSize {
  private readonly applies: boolean;
  private last: number | undefined;

  constructor(codecId: AVCodecID) {
    this.applies = codecId === AV_CODEC_ID_MPEG1VIDEO || codecId === AV_CODEC_ID_MPEG2VIDEO;
  }

  /** Whether a packet begins a sequence of another size than the one before: then the decoder is to be emptied first. */
  changesWith(packet: Packet): boolean {
    const bytes = this.applies ? packet.data : null;
    const at = bytes?.indexOf(SEQUENCE_HEADER) ?? -1;
    if (!bytes || at < 0 || at + 7 > bytes.length) return false;
    // Twelve bits of width, twelve of height (ISO 13818-2, 6.2.2.1).
    const size = bytes.readUIntBE(at + 4, 3);
    const changed = this.last !== undefined && size !== this.last;
    this.last = size;
    return changed;
  }
}
