/**
 * Finds frames that a decoder swallowed: time stamps of packets that went in and never came out. H.264's and
 * HEVC's decoders drop what they cannot decode (no intact reference yet, a broken slice header) without a word.
 */

/** More than any codec reorders; bounds the memory for streams whose stamps make no sense. */
const LONGEST_WAIT = 256;

export class PacketLedger {
  /** Presentation stamp → position in decoding order. */
  private readonly pending = new Map<bigint, number>();
  private sequence = 0;

  /** A packet goes in; returns its place in decoding order. */
  sent(pts: bigint): number {
    const sequence = this.sequence++;
    this.pending.delete(pts);
    this.pending.set(pts, sequence);
    if (this.pending.size > LONGEST_WAIT) {
      const [oldest] = this.pending.keys();
      this.pending.delete(oldest);
    }
    return sequence;
  }

  /**
   * A frame came out. Returns how many before it never will: those shown earlier and sent earlier. (Shown
   * earlier alone could also mean that the stream was spliced and its clock set back.)
   *
   * @param expected of those, the ones whose absence is right
   */
  delivered(pts: bigint, expected: (stamp: bigint, sent: number) => boolean = () => false): number {
    const position = this.pending.get(pts) ?? Number.POSITIVE_INFINITY;
    this.pending.delete(pts);
    let missing = 0;
    for (const [stamp, sent] of this.pending) {
      if (stamp < pts && sent < position) {
        this.pending.delete(stamp);
        if (!expected(stamp, sent)) missing += 1;
      }
    }
    return missing;
  }

  /** Reading goes on elsewhere. */
  reset(): void {
    this.pending.clear();
  }

  /** The stream has ended: what is still waiting will not come. */
  ended(): number {
    const missing = this.pending.size;
    this.pending.clear();
    return missing;
  }
}
