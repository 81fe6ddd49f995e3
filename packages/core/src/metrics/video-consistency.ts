/** The clip lengths of VSPW's figures, frames. */
export const CONSISTENCY_LENGTHS = [8, 16] as const;

/**
 * Video consistency (VC8, VC16) of predictions on labelled video, as VSPW's VC_perclip.py computes it (Miao et
 * al., CVPR 2021): of the pixels whose true label stays the same over a clip of n consecutive frames, the share
 * whose predicted label stays the same, right or wrong; the mean over the clips of all videos. As there, a clip
 * starts at every frame but the last n of a video (the one that ends with the video is not counted, so a video
 * of n frames has none), ignored true labels are taken as a label, and clips without a steady pixel are left out.
 */
export class VideoConsistency {
  readonly #longest: number;
  readonly #lengths: readonly number[];
  /** Sum of the shares and number of clips, for each length. */
  readonly #sums: Float64Array;
  readonly #clips: Float64Array;
  /** For how many frames, this one included and at most `#longest`, a pixel's labels have been what they are. */
  #truthRun = new Uint8Array(0);
  #predictionRun = new Uint8Array(0);
  #truth = new Uint8Array(0);
  #prediction = new Uint8Array(0);
  #frames = 0;
  /** Share of each length's clip that ends with the newest frame: counts once a frame follows. */
  #pending: number[] = [];

  /** @param lengths frames of a clip, at most 255 */
  constructor(lengths: readonly number[] = CONSISTENCY_LENGTHS) {
    this.#lengths = lengths;
    this.#longest = Math.max(...lengths);
    this.#sums = new Float64Array(lengths.length);
    this.#clips = new Float64Array(lengths.length);
  }

  /**
   * Adds the next frame of the video (both maps are copied).
   *
   * @throws RangeError when the maps differ in size, or from the video's frames before
   */
  add(prediction: Uint8Array, truth: Uint8Array): void {
    if (this.#frames === 0) this.#begin(truth.length);
    if (prediction.length !== truth.length || truth.length !== this.#truth.length) {
      throw new RangeError(
        `maps of ${prediction.length} and ${truth.length} labels in a video of ${this.#truth.length} pixels`,
      );
    }
    this.#countPending();
    this.#frames++;
    if (this.#frames > 1) {
      lengthenRuns(this.#truthRun, this.#truth, truth, this.#longest);
      lengthenRuns(this.#predictionRun, this.#prediction, prediction, this.#longest);
    }
    this.#truth.set(truth);
    this.#prediction.set(prediction);
    this.#pending = this.#shares();
  }

  /** The next frame begins another video. */
  endVideo(): void {
    this.#frames = 0;
    this.#pending = [];
  }

  /** Mean over the clips of each length, in the order given; NaN where no video was long enough. */
  means(): number[] {
    return Array.from(this.#sums, (sum, index) => sum / this.#clips[index]);
  }

  #begin(pixels: number): void {
    if (this.#truth.length !== pixels) {
      this.#truth = new Uint8Array(pixels);
      this.#prediction = new Uint8Array(pixels);
      this.#truthRun = new Uint8Array(pixels);
      this.#predictionRun = new Uint8Array(pixels);
    }
    this.#truthRun.fill(1);
    this.#predictionRun.fill(1);
  }

  #countPending(): void {
    for (const [index, share] of this.#pending.entries()) {
      if (Number.isNaN(share)) continue;
      this.#sums[index] += share;
      this.#clips[index]++;
    }
  }

  /** Of each length's clip that ends here; NaN where the video is too short yet or no pixel is steady. */
  #shares(): number[] {
    const steady = new Float64Array(this.#longest + 1);
    const consistent = new Float64Array(this.#longest + 1);
    const truthRun = this.#truthRun;
    const predictionRun = this.#predictionRun;
    for (let i = 0; i < truthRun.length; i++) {
      steady[truthRun[i]]++;
      consistent[Math.min(truthRun[i], predictionRun[i])]++;
    }
    return this.#lengths.map((length) => sumFrom(consistent, length) / sumFrom(steady, length));
  }
}

function lengthenRuns(runs: Uint8Array, before: Uint8Array, now: Uint8Array, longest: number): void {
  for (let i = 0; i < runs.length; i++) runs[i] = now[i] !== before[i] ? 1 : Math.min(runs[i] + 1, longest);
}

function sumFrom(counts: Float64Array, first: number): number {
  let sum = 0;
  for (let i = first; i < counts.length; i++) sum += counts[i];
  return sum;
}
