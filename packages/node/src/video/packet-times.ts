/** Encoders count frames; this gives their packets the times of those frames. */
import { AV_NOPTS_VALUE } from 'node-av/constants';
import type { Packet } from 'node-av/lib';

/**
 * Packets wait here until their frame's duration is known: the time of the frame after it. Times stay out of the
 * encoder, so that it sees the nominal rate (which MPEG-4 cannot write finer than 1/65535 s, and H.264 states in its
 * stream), and its rate control works by it.
 */
export class PacketTimes {
  /** Ticks of frames that are on their way, by index. */
  private readonly ticks = new Map<number, number>();
  private readonly waiting: Packet[] = [];
  private first = 0;
  private count = 0;
  private lastDuration: number | undefined;

  /** @param frameTicks of one frame at the nominal rate */
  constructor(private readonly frameTicks: number) {}

  /** Notes when the next frame is shown, and for how long if that is known, ticks; gives its index. */
  add(tick: number, duration?: number): number {
    if (this.count === 0) this.first = tick;
    this.ticks.set(this.count, tick);
    this.lastDuration = duration;
    return this.count++;
  }

  /** Takes a packet as the encoder gives it, stamped with indices. */
  push(packet: Packet): void {
    this.waiting.push(packet);
  }

  /** Packets that are ready, stamped in ticks, in the order of decoding. @param all whether no frame will follow */
  *ready(all: boolean): Generator<Packet> {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const index = Number(next.pts);
      if (!all && index + 1 >= this.count) return;
      this.waiting.shift();
      const order = next.dts === AV_NOPTS_VALUE ? index : Number(next.dts);
      const shown = this.at(index);
      const after =
        index + 1 < this.count ? this.at(index + 1) : shown + (this.lastDuration ?? this.frameTicks);
      next.pts = BigInt(shown);
      next.dts = BigInt(Math.min(shown, this.at(order)));
      next.duration = BigInt(Math.max(1, after - shown));
      // Later packets are decoded later.
      this.ticks.delete(order - 1);
      yield next;
    }
  }

  /** Frees what waits. */
  clear(): void {
    for (const packet of this.waiting.splice(0)) packet.free();
  }

  /** Before the first frame there are only decoding times, one nominal frame apart. */
  private at(index: number): number {
    return index < 0 ? this.first + index * this.frameTicks : this.ticks.get(index)!;
  }
}
