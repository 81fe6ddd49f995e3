/** Tells whether the end of a file is missing, from what its container announced. */
import { AV_NOPTS_VALUE, AV_TIME_BASE } from 'node-av/constants';
import type { Packet } from 'node-av/lib';
import type { OpenedStream } from './demux.js';
import { countFrames } from './losses.js';

/** Containers whose header states the duration; the others' is worked out from what is there. */
const STATES_DURATION = /matroska|flv|mov/;
/** Containers that state the number of frames. */
const STATES_FRAMES = /mov|avi|ivf/;
/** Seconds by which the last packet of a whole file may fall short: one of audio may carry no duration. */
const TOLERANCE = 0.15;

export class EndCheck {
  private packets = 0;
  /** End of the latest packet of any stream, seconds from the start. */
  private reached = 0;

  constructor(private readonly opened: OpenedStream) {}

  sawPacket(packet: Packet): void {
    const { container, stream } = this.opened;
    if (packet.streamIndex === stream.index) this.packets += 1;
    const stamp = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (stamp === AV_NOPTS_VALUE) return;
    const seconds =
      Number(stamp + packet.duration) * container.streams[packet.streamIndex].timeBase.toDouble();
    const start = container.startTime === AV_NOPTS_VALUE ? 0 : Number(container.startTime) / AV_TIME_BASE;
    this.reached = Math.max(this.reached, seconds - start);
  }

  /** What is missing at the end, if anything is. */
  missing(): string | undefined {
    const { container, stream } = this.opened;
    const format = container.iformat?.name ?? '';
    const expected = STATES_FRAMES.test(format) ? Number(stream.nbFrames) : 0;
    const tooShort = STATES_DURATION.test(format) ? this.shortBy() : undefined;
    // An edit list leaves out frames on purpose: then the duration is right.
    const isMov = format.includes('mov');
    if (this.packets < expected && (!isMov || tooShort !== undefined))
      return `${countFrames(expected - this.packets)} of ${expected} that the file announces`;
    if (!isMov && tooShort !== undefined) return `the last ${tooShort.toFixed(1)} s that the file announces`;
    return undefined;
  }

  /** Seconds missing at the end against the stated duration. */
  private shortBy(): number | undefined {
    const { container, stream } = this.opened;
    if (container.duration === AV_NOPTS_VALUE || container.duration <= 0n) return undefined;
    const rate = stream.avgFrameRate.num > 0 ? stream.avgFrameRate.toDouble() : 25;
    const short = Number(container.duration) / AV_TIME_BASE - this.reached;
    return short > TOLERANCE + 1.5 / rate ? short : undefined;
  }
}
