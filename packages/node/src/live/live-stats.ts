/** What a camera has done so far. */

import { LagStatistics, type LagSummary } from '@twnet/core/live/lag-statistics';
import type { LiveFrame } from '@twnet/core/live/live-frame';

/** Frames a second are those of the last seconds. */
const WINDOW = 5000;

export interface CameraStats {
  /** Frames that came. */
  readonly received: number;
  /** Of those with labels: by the network, by labels that were carried. */
  readonly byNetwork: number;
  readonly byWarp: number;
  /** Left out. */
  readonly skipped: number;
  /** Labelled frames a second, over the last 5 s. */
  readonly framesPerSecond: number;
  /** Milliseconds from arrival to labels: of all frames, and of the last 256. */
  readonly lag: LagSummary;
  readonly recentLag: LagSummary;
  /** Milliseconds from the first frame's arrival to the first labels; null before. */
  readonly firstLabelAfter: number | null;
  /** Connections that were opened, and lost. */
  readonly connections: number;
  readonly losses: number;
  /** How often decoding fell behind by a second, and frames were left out up to the next key frame. */
  readonly behind: number;
}

export class CameraCounts {
  private readonly lag = new LagStatistics();
  /** Times of the last labelled frames. */
  private readonly times: number[] = [];
  private counts = { received: 0, byNetwork: 0, byWarp: 0, skipped: 0, connections: 0, losses: 0, behind: 0 };
  private firstArrival: number | undefined;
  private firstLabelAfter: number | null = null;

  received(arrived: number): void {
    this.counts.received++;
    this.firstArrival ??= arrived;
  }

  labelled({ by, lag }: LiveFrame): void {
    const now = performance.now();
    this.counts[by === 'network' ? 'byNetwork' : 'byWarp']++;
    this.lag.add(lag);
    this.firstLabelAfter ??= now - (this.firstArrival ?? now);
    this.times.push(now);
    this.forget(now);
  }

  skipped(): void {
    this.counts.skipped++;
  }

  opened(): void {
    this.counts.connections++;
  }

  fellBehind(): void {
    this.counts.behind++;
  }

  lost(): void {
    this.counts.losses++;
  }

  get stats(): CameraStats {
    const now = performance.now();
    this.forget(now);
    const { lag, times, counts, firstLabelAfter } = this;
    const seconds = times.length > 0 ? Math.max(0.2, Math.min(WINDOW, now - times[0]) / 1000) : 1;
    return {
      ...counts,
      framesPerSecond: times.length / seconds,
      lag: lag.total(),
      recentLag: lag.recent(),
      firstLabelAfter,
    };
  }

  private forget(now: number): void {
    const kept = this.times.findIndex((time) => time >= now - WINDOW);
    if (kept > 0) this.times.splice(0, kept);
    else if (kept < 0) this.times.length = 0;
  }
}
