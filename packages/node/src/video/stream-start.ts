/**
 * How a stream begins. One that was cut out of a longer one begins with a key frame that may be followed by frames
 * shown before it, which refer to what was cut away (an open group of pictures). Decoders leave those out, no player
 * shows them, and nothing of the video is lost with them. Frames that come before the first key frame are lost.
 */
import { AV_NOPTS_VALUE } from 'node-av/constants';
import type { Packet } from 'node-av/lib';

/** Frames after the first key frame that may be shown before it; later ones have a clock of their own. */
const LONGEST_LEAD = 32;

export class StreamStart {
  /** The first key frame: its place in decoding order and its time. */
  private key: { readonly sent: number; readonly pts: bigint } | undefined;

  /** @param sent the packet's place in decoding order */
  sawPacket({ isKeyframe, pts }: Packet, sent: number): void {
    if (isKeyframe && pts !== AV_NOPTS_VALUE) this.key ??= { sent, pts };
  }

  /** Whether a frame that the decoder left out had to be left out. */
  leavesOut(stamp: bigint, sent: number): boolean {
    const { key } = this;
    return key !== undefined && sent > key.sent && sent <= key.sent + LONGEST_LEAD && stamp < key.pts;
  }

  /** Reading goes on elsewhere: with another key frame. */
  reset(): void {
    this.key = undefined;
  }
}
