/** How late labels are: quantiles over a whole run and over the last frames, in memory that does not grow. */

/** Bins grow by this factor: quantiles are right to 2 %. */
const STEP = 1.02;
/** Milliseconds of the first bin's end. */
const LEAST = 0.5;
/** Up to LEAST · STEP^BINS, a quarter of an hour. */
const BINS = 720;
/** Frames that count as the last ones. */
const RECENT = 256;

export interface LagSummary {
  readonly median: number;
  readonly p99: number;
  readonly largest: number;
}

export class LagStatistics {
  readonly #bins = new Float64Array(BINS + 1);
  readonly #recent = new Float64Array(RECENT);
  #count = 0;
  #largest = 0;

  get count(): number {
    return this.#count;
  }

  /** @param lag milliseconds */
  add(lag: number): void {
    const bin = lag <= LEAST ? 0 : Math.ceil(Math.log(lag / LEAST) / Math.log(STEP));
    this.#bins[Math.min(bin, BINS)]++;
    this.#recent[this.#count++ % RECENT] = lag;
    this.#largest = Math.max(this.#largest, lag);
  }

  /** Over all frames, milliseconds; 0 where there were none. */
  total(): LagSummary {
    return { median: this.#quantile(0.5), p99: this.#quantile(0.99), largest: this.#largest };
  }

  /** Over the last 256 frames. */
  recent(): LagSummary {
    const lags = this.#recent.slice(0, Math.min(this.#count, RECENT)).sort();
    const at = (share: number) => lags[Math.min(lags.length - 1, Math.ceil(share * lags.length) - 1)] ?? 0;
    return { median: at(0.5), p99: at(0.99), largest: lags.at(-1) ?? 0 };
  }

  #quantile(share: number): number {
    const wanted = Math.ceil(share * this.#count);
    if (wanted === 0) return 0;
    let sum = 0;
    const bin = this.#bins.findIndex((count) => {
      sum += count;
      return sum >= wanted;
    });
    return Math.min(LEAST * STEP ** bin, this.#largest);
  }
}
