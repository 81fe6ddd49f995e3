/**
 * Cameras that send a clip over and over, by TCP as MPEG-TS, at its own pace. Lag is taken from the moment at which the
 * last byte of a frame was sent, so that what waits in sockets and demuxers counts.
 */
import type { LatePolicy } from '@twnet/core/live/live-frame';
import { LiveSession } from '@twnet/node/live/session';
import type { Model } from '@twnet/node/model/model';
import { loopedClip } from '@twnet/testing/looped-stream';
import { StreamServer } from '@twnet/testing/stream-server';
import { ProcessWatch } from './process-watch.js';
import { Truth } from './truth.js';

/** Seconds at the beginning that do not count. */
const START = 5;

export interface SteadyOptions {
  readonly seconds: number;
  readonly late?: LatePolicy;
  readonly cameras?: number;
  readonly maxWait?: number;
  readonly threads?: number;
}

/** What one camera's frames were given. */
class Tally {
  readonly sent = new Map<number, number>();
  readonly lags: { readonly at: number; readonly lag: number }[] = [];
  private equal = 0;
  private compared = 0;
  private distances = 0;
  private given = 0;
  private shown: Uint8Array | undefined;
  private last = -1;

  constructor(
    private readonly truth: Truth,
    private readonly begun: number,
  ) {}

  noteSent(index: number): void {
    this.sent.set(index, performance.now());
    this.sent.delete(index - 2000);
  }

  /** Frames that are left out show the labels of the one before them. */
  take(labels: Uint8Array, index: number, distance: number): void {
    const now = performance.now();
    const at = (now - this.begun) / 1000;
    if (at > START) {
      const sent = this.sent.get(index);
      if (sent !== undefined) this.lags.push({ at, lag: now - sent });
      for (let t = this.last + 1; this.shown && t < index; t++) this.compare(this.shown, t);
      this.compare(labels, index);
      this.distances += distance;
      this.given++;
    }
    this.shown = labels;
    this.last = index;
  }

  get agreement(): number {
    return this.equal / this.compared;
  }

  get meanDistance(): number {
    return this.distances / this.given;
  }

  private compare(labels: Uint8Array, index: number): void {
    this.equal += this.truth.share(labels, index);
    this.compared++;
  }
}

export async function steady(model: Model, path: string, options: SteadyOptions) {
  const { seconds, late = 'warp', cameras: count = 1, maxWait, threads } = options;
  const truth = await Truth.of(model, path);
  using clip = await loopedClip(path);
  const begun = performance.now();
  const tallies = Array.from({ length: count }, () => new Tally(truth, begun));
  const servers = await Promise.all(
    tallies.map((tally) => new StreamServer(clip, { onSent: ({ index }) => tally.noteSent(index) }).start()),
  );
  const perSecond = clip.packets.length / (Number(clip.round) / clip.perSecond);
  const cameras = servers.map(({ address }, i) => ({
    ...{ name: String(i), source: address, late, maxWait, reconnect: false },
  }));
  const session = new LiveSession(
    { model, threads, cameras },
    {
      onFrame: ({ camera, labels, frame, distance }) =>
        tallies[Number(camera)].take(labels, Math.round(frame.timestamp * perSecond), distance),
    },
  );
  const stop = AbortSignal.timeout(1000 * seconds);
  using watch = new ProcessWatch();
  const cpu = process.cpuUsage();
  const failures = await session.run(stop);
  const { user, system } = process.cpuUsage(cpu);
  await Promise.all(servers.map((server) => server.kill()));
  if (failures.length > 0) throw failures[0].error;
  const lags = tallies.flatMap((tally) => tally.lags);
  const total = (of: (stats: (typeof session.cameras)[number]['stats']) => number) =>
    session.cameras.reduce((sum, { stats }) => sum + of(stats), 0);
  const labelled = total(({ byNetwork, byWarp }) => byNetwork + byWarp);
  const mean = (of: (tally: Tally) => number) =>
    tallies.reduce((sum, tally) => sum + of(tally), 0) / tallies.length;
  const quarter = (k: number) => {
    const [from, to] = [k, k + 1].map((part) => START + (part * (seconds - START)) / 4);
    return lagsOf(lags.filter(({ at }) => at >= from && at < to)).p99;
  };
  return {
    ...{ late, seconds, cameras: count },
    frames: total(({ received }) => received),
    lag: { ...lagsOf(lags), p99ByQuarter: [0, 1, 2, 3].map(quarter) },
    byNetwork: rounded(total(({ byNetwork }) => byNetwork) / labelled),
    byWarp: rounded(total(({ byWarp }) => byWarp) / labelled),
    leftOut: rounded(total(({ skipped }) => skipped) / total(({ received }) => received)),
    behind: total(({ behind }) => behind),
    meanDistance: rounded(mean(({ meanDistance }) => meanDistance)),
    agreement: rounded(mean(({ agreement }) => agreement)),
    differs: rounded(1 - mean(({ agreement }) => agreement)),
    cores: rounded((user + system) / 1000 / (performance.now() - begun)),
    held: watch.parts(4),
  };
}

function lagsOf(list: readonly { readonly lag: number }[]) {
  const sorted = list.map(({ lag }) => lag).sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  return { median: at(0.5), p99: at(0.99), largest: Math.round(sorted.at(-1)!) };
}

export const rounded = (value: number): number => Number(value.toFixed(4));
