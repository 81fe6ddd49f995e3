/** Sizes that MPEG-1 and MPEG-2 streams announce: FFmpeg's decoder drops the frame that it holds where they change. */
import { AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, type AVCodecID } from 'node-av/constants';

const SEQUENCE_HEADER = Buffer.from([0, 0, 1, 0xb3]);

export class SequenceSize {
  private readonly applies: boolean;
  private last: number | undefined;

  constructor(codecId: AVCodecID) {
    this.applies = codecId === AV_CODEC_ID_MPEG1VIDEO || codecId === AV_CODEC_ID_MPEG2VIDEO;
  }

  /** Whether a packet begins a sequence of another size than the one before: then the decoder is to be emptied first. */
  changesWith(packet: Buffer | null): boolean {
    if (!this.applies || !packet) return false;
    const at = packet.indexOf(SEQUENCE_HEADER);
    if (at < 0 || at + 7 > packet.length) return false;
    // Twelve bits of width, twelve of height (ISO 13818-2, 6.2.2.1).
    const size = packet.readUIntBE(at + 4, 3);
    const changed = this.last !== undefined && size !== this.last;
    this.last = size;
    return changed;
  }
}
