/** Labels for frames as they come, never late: the network takes the newest frame, labels are carried to the others. */
import type { VideoFrame } from '../frame.js';
import type { FrameResult } from '../runtime/frame-call.js';
import { CarriedScores, type Followed, type ScoreLayout } from './carried-scores.js';
import type { LatePolicy, LiveFrame } from './live-frame.js';

/** Frames that may wait for the network. */
const MOST_HELD = 16;
/** Share of the last frame in what is expected of the network. */
const NEWEST = 0.25;
/** Share of the last frame in how old frames are when they come. */
const NEWEST_AGE = 0.1;
/** Frames that come less late than this are no sign of anything, milliseconds. */
const LEAST_BEHIND = 100;
/** Frames in a row that are passed over for one that can wait. */
const MOST_PASSED = 2;

export interface Clock {
  /** Milliseconds, from anywhere. */
  now(): number;
  /** Calls back in so many milliseconds, unless what it gives is called before. */
  after(milliseconds: number, call: () => void): () => void;
}

const CLOCK: Clock = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};

export interface LabellerOptions {
  readonly late: LatePolicy;
  /** Milliseconds that a frame may wait for the network to label it. */
  readonly patience: number;
  /** With 'wait': frames from one that the network labels to the next, at most, beside the codec's I-frames. */
  readonly interval?: number;
  readonly clock?: Clock;
}

export interface LabellerEvents {
  /** Has the network label a frame; undefined where its picture is gone. One call at a time. */
  readonly ask: (frame: VideoFrame) => Promise<Pick<FrameResult, 'labels' | 'scores'> | undefined>;
  /** A frame has its labels; frames come in their order. */
  readonly onFrame: (frame: LiveFrame) => void;
  /** A frame is left out. */
  readonly onSkip?: (frame: VideoFrame) => void;
  /** The network failed. */
  readonly onError: (error: unknown) => void;
}

interface Held {
  readonly frame: VideoFrame;
  readonly arrived: number;
  followed: Followed;
  /** Of the scores that `followed.carried` leads to. */
  scores: Scores | undefined;
}

/** Scores that are carried, by the frame that they are of. */
interface Scores {
  readonly index: number;
  /** Whether nothing since tells that they are of another scene. */
  sound: boolean;
}

/** What the network is at work on. */
interface Begun extends Held {
  /** Its frame waits for it. */
  awaited: boolean;
  readonly since: number;
  readonly of: Scores;
}

export class LiveLabeller {
  readonly #carried: CarriedScores;
  readonly #clock: Clock;
  /** In their order; nothing of them has been given out. */
  readonly #held: Held[] = [];
  #scores: Scores | undefined;
  #begun: Begun | undefined;
  /** The frame followed last, where the network may take it. */
  #newest: Held | undefined;
  /** What the network takes, milliseconds. */
  #expected = 0;
  /** How old frames are when they come, milliseconds. */
  #age: number | undefined;
  #passed = 0;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #idle: (() => void)[] = [];
  #ended = false;

  constructor(
    readonly layout: ScoreLayout,
    readonly options: LabellerOptions,
    readonly events: LabellerEvents,
  ) {
    this.#carried = new CarriedScores(layout);
    this.#clock = options.clock ?? CLOCK;
  }

  /** Frames that wait for their labels. */
  get waiting(): number {
    return this.#held.length;
  }

  /**
   * Takes the next frame.
   *
   * @param arrived when it came, on the clock; default now
   * @returns with the policy 'wait', done once the next frame may come
   */
  async add(frame: VideoFrame, arrived = frame.arrived ?? this.#clock.now()): Promise<void> {
    if (this.#ended) return;
    if (this.options.late === 'skip') return this.#addOrSkip(frame, arrived);
    const age = this.#clock.now() - arrived;
    this.#age = this.#age === undefined ? age : this.#age + NEWEST_AGE * (age - this.#age);
    const followed = this.#carried.follow(frame);
    if (frame.discontinuity) {
      // What was carried may be of another scene: good for a frame that could not wait longer, no more.
      for (const scores of [this.#scores, this.#begun?.of]) if (scores) scores.sound = false;
    }
    const held: Held = { frame, arrived, followed, scores: this.#scores };
    this.#held.push(held);
    this.#newest = frame.pictureType === 'B' ? undefined : held;
    const waits = this.options.late === 'wait';
    if (!waits || this.#isDue(frame)) this.#begin();
    this.#drain();
    if (waits && this.#begun) await this.#whenIdle();
  }

  /** No frame comes any more; done when the last ones have their labels. */
  async finish(): Promise<void> {
    if (this.#newest && this.options.late === 'skip') this.events.onSkip?.(this.#newest.frame);
    this.#newest = undefined;
    if (this.#begun) await this.#whenIdle();
    this.#drain(true);
    this.stop();
  }

  /** What waits is left out, and what the network still gives is not looked at. */
  stop(): void {
    this.#ended = true;
    this.#cancel?.();
    for (const { frame } of this.#held.splice(0)) this.events.onSkip?.(frame);
  }

  #addOrSkip(frame: VideoFrame, arrived: number): void {
    const before = this.#newest;
    this.#newest = { frame, arrived, followed: {}, scores: undefined };
    if (before && before.frame !== this.#begun?.frame) this.events.onSkip?.(before.frame);
    if (this.#begun) return;
    this.#held.push(this.#newest);
    this.#begin();
  }

  #isDue({ pictureType, index, discontinuity }: VideoFrame): boolean {
    const { interval = Number.POSITIVE_INFINITY } = this.options;
    if (!this.#scores || discontinuity || pictureType === 'I') return true;
    return index - this.#scores.index >= interval;
  }

  /** Gives the newest frame to the network, if that has none. */
  #begin(): void {
    const newest = this.#newest;
    if (this.#begun || !newest || this.#ended) return;
    const since = this.#clock.now();
    if (this.#isBehind(newest, since)) return;
    const awaited = this.#mayWait(newest, since);
    // The next frame may be able to wait for it where this one is not: labels of the network's own are worth a pause.
    if (!awaited && this.#mostCanWait && this.#passed++ < MOST_PASSED) return;
    this.#passed = 0;
    this.#newest = undefined;
    this.#carried.begin();
    const of = { index: newest.frame.index, sound: true };
    const begun: Begun = { ...newest, awaited, since, of };
    this.#begun = begun;
    this.events.ask(newest.frame).then(
      (result) => this.#answered(begun, result),
      (error) => {
        this.#end();
        if (!this.#ended) this.events.onError(error);
      },
    );
  }

  /**
   * Frames come later than they may, so what decodes and carries has too little of the machine: the network lets it catch
   * up, for as long as it takes itself at most.
   */
  #isBehind({ arrived }: Held, now: number): boolean {
    const { late, patience } = this.options;
    if (late !== 'warp' || !this.#scores?.sound) return false;
    return now - arrived > Math.max(patience, LEAST_BEHIND) && now - this.#answeredAt < this.#expected;
  }

  get #mostCanWait(): boolean {
    const { late, patience } = this.options;
    return late === 'warp' && (this.#age ?? 0) + this.#expected <= patience;
  }

  #mayWait(held: Held, now: number): boolean {
    if (!this.#held.includes(held)) return false;
    if (this.options.late !== 'warp' || !held.scores?.sound) return true;
    return now - held.arrived + this.#expected <= this.options.patience;
  }

  #answered(begun: Begun, result: Awaited<ReturnType<LabellerEvents['ask']>>): void {
    if (this.#ended) {
      this.#end();
      return;
    }
    if (result) this.#take(begun, result.labels, result.scores!);
    else this.#carried.giveUp();
    this.#end(false);
    if (this.options.late === 'skip') {
      if (this.#newest) this.#held.push(this.#newest);
    }
    if (this.options.late !== 'wait') this.#begin();
    this.#drain();
    this.#wake();
  }

  #take(begun: Begun, labels: Uint8Array, scores: Float32Array): void {
    this.#answeredAt = this.#clock.now();
    const took = this.#answeredAt - begun.since;
    this.#expected = this.#expected === 0 ? took : this.#expected + NEWEST * (took - this.#expected);
    const at = this.#held.findIndex(({ frame }) => frame === begun.frame);
    for (const held of this.#held.splice(0, at)) this.#giveCarried(held);
    if (at >= 0) {
      this.#held.shift();
      this.#give(begun, labels, 'network', 0);
    }
    if (this.options.late === 'skip') return;
    this.#carried.arrive(scores);
    this.#scores = begun.of;
    for (const held of this.#held) {
      held.followed = { carried: held.followed.begun };
      held.scores = this.#scores;
    }
  }

  #end(wakes = true): void {
    this.#begun = undefined;
    if (wakes) this.#wake();
  }

  /** Gives out what need not wait. */
  #drain(all = false): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const { late, patience } = this.options;
    for (;;) {
      const [first] = this.#held;
      if (!first) return;
      const left = all ? 0 : late === 'warp' ? first.arrived + patience - this.#clock.now() : 1;
      const awaited = this.#begun?.awaited && this.#begun.frame === first.frame;
      const isReady = first.scores?.sound && !awaited;
      const isOver = left <= 0 && (first.scores !== undefined || all);
      if (!isReady && !isOver && this.#held.length <= MOST_HELD) {
        if (left > 0 && late === 'warp' && first.scores)
          this.#cancel = this.#clock.after(left, () => this.#drain());
        return;
      }
      this.#held.shift();
      this.#giveCarried(first);
    }
  }

  #giveCarried(held: Held): void {
    const { frame, followed, scores } = held;
    if (!followed.carried || !scores) this.events.onSkip?.(frame);
    else this.#give(held, this.#carried.labels(followed.carried), 'warp', frame.index - scores.index);
  }

  #give({ frame, arrived }: Held, labels: Uint8Array, by: LiveFrame['by'], distance: number): void {
    const { width, height } = this.layout.labels;
    const lag = this.#clock.now() - arrived;
    this.events.onFrame({ frame, labels, labelSize: { width, height }, by, distance, lag });
  }

  #whenIdle(): Promise<void> {
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #wake(): void {
    for (const wake of this.#idle.splice(0)) wake();
  }
}
