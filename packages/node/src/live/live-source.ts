/** A source that never ends: opened, watched, and opened again when it is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError, messageOf } from '@twnet/core/errors';
import type { VideoFrame } from '@twnet/core/frame';
import { Interruption } from '@twnet/core/options/interruption';
import type { OpenVideoOptions } from '../video/open-options.js';
import { openVideo, type Video } from '../video/open-video.js';
import type { LiveOpening } from '../video/source/live-opening.js';
import { nameOf } from '../video/source/open-container.js';
import { Arrivals } from './arrivals.js';
import { Pace } from './pace.js';
import { SessionClock } from './session-clock.js';

export interface LiveSourceOptions {
  /** How its frames are to come. */
  readonly opening?: Omit<OpenVideoOptions, 'live' | 'signal' | 'timeout'>;
  readonly live?: LiveOpening;
  /** Seconds without a frame after which a source counts as lost; default 10. */
  readonly timeout?: number;
  /** Seconds that a source has for its first frame; default 30, or `timeout` where that is longer. */
  readonly patience?: number;
  /** Open it again when it is lost or has ended, and where it cannot be opened. */
  readonly reconnect: boolean;
  /** Seconds to wait before the first and, doubling, at most before any further try; default 0.5 and 30. */
  readonly wait?: { readonly first: number; readonly most: number };
  /** Frames come no faster than their times say: files as if they were cameras. */
  readonly paced?: boolean;
  /** Nothing is lost where it is read late: frames arrive when they are asked for. */
  readonly waits?: boolean;
  readonly signal: AbortSignal;
}

export type LiveItem =
  | { readonly kind: 'open'; readonly video: Video }
  /** `seconds`: since the session began, by the frame's own clock within a connection. */
  | { readonly kind: 'frame'; readonly frame: VideoFrame; readonly seconds: number; readonly video: Video }
  /** Decoding does not keep up: what comes up to the next key frame is left out. */
  | { readonly kind: 'behind' }
  /** Why it is open no more; `wait`: seconds to the next try, undefined where there is none. */
  | { readonly kind: 'lost'; readonly why: string; readonly wait: number | undefined };

const TIMEOUT = 10;
const PATIENCE = 30;
const WAIT = { first: 0.5, most: 30 };
/** A connection that lasted so long was none that fails at once, milliseconds. */
const GOOD = 5000;

/** Milliseconds that frames may wait to be read. */
const MOST_BEHIND = 1000;

/** No frame came for too long. */
class Stalled extends Error {}

/**
 * Frames of a source, one connection after another, until the signal says to stop, or the source has ended and is not to be
 * opened again. Whoever loops over it must not stop for long: frames are read only when they are asked for.
 *
 * @throws InputError where it cannot be opened, and is not to be tried again
 */
export async function* liveItems(source: string, options: LiveSourceOptions): AsyncGenerator<LiveItem, void> {
  const { signal, reconnect } = options;
  const { first, most } = options.wait ?? WAIT;
  const clock = new SessionClock();
  let wait = first;
  while (!signal.aborted) {
    const opened = performance.now();
    let why = 'has ended';
    try {
      yield* connection(source, options, clock);
    } catch (error) {
      if (signal.aborted) return;
      if (!reconnect && !(error instanceof Stalled)) throw error;
      if (!(error instanceof Stalled || error instanceof InputError)) throw error;
      why = withoutName(messageOf(error), nameOf(source));
    }
    if (signal.aborted) return;
    if (performance.now() - opened >= GOOD) wait = first;
    yield { kind: 'lost', why, wait: reconnect ? wait : undefined };
    if (!reconnect) return;
    await sleep(1000 * wait, undefined, { signal }).catch(() => undefined);
    wait = Math.min(2 * wait, most);
  }
}

async function* connection(
  source: string,
  {
    opening,
    live = {},
    timeout = TIMEOUT,
    patience = Math.max(PATIENCE, timeout),
    ...rest
  }: LiveSourceOptions,
  clock: SessionClock,
): AsyncGenerator<LiveItem, void> {
  const { signal, paced, waits } = rest;
  const own = new AbortController();
  const stop = () => own.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const watch = new Watch(own);
  using interruption = new Interruption(own.signal);
  let video: Video | undefined;
  try {
    watch.expect(patience, `gave no frame for ${patience} s`);
    const opened = openVideo(source, { ...opening, live, timeout, signal: own.signal });
    video = await interruption.wait(opened).catch((error) => {
      // What is opened later all the same is closed.
      opened.then((late) => late.close()).catch(() => undefined);
      throw error;
    });
    yield { kind: 'open', video };
    const frames = video[Symbol.asyncIterator]();
    const pace = paced ? new Pace() : undefined;
    const arrivals = new Arrivals();
    let skips = false;
    clock.reconnect();
    for (;;) {
      watch.expect(timeout, `gave no frame for ${timeout} s`);
      const asked = performance.now();
      const next = await interruption.wait(frames.next());
      watch.rest();
      if (next.done) return;
      const frame = pace
        ? await pace.wait(next.value, own.signal)
        : waits
          ? { ...next.value, arrived: performance.now() }
          : arrivals.date(next.value, asked);
      if (performance.now() - frame.arrived! > MOST_BEHIND && !skips) {
        skips = true;
        video.skipToKeyFrame();
        yield { kind: 'behind' };
      } else if (frame.pictureType === 'I') skips = false;
      yield { kind: 'frame', frame, seconds: clock.next(frame), video };
    }
  } finally {
    watch.rest();
    signal.removeEventListener('abort', stop);
    own.abort(new Stalled('is closed'));
    // A read that hangs in a driver must not keep anybody.
    const closed = video?.close().catch(() => undefined);
    if (!signal.aborted) await Promise.race([closed, sleep(1000, undefined, { ref: false })]);
  }
}

/** Ends a connection on which nothing happens. */
class Watch {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly controller: AbortController) {}

  expect(seconds: number, why: string): void {
    this.rest();
    this.timer = setTimeout(() => this.controller.abort(new Stalled(why)), 1000 * seconds);
  }

  rest(): void {
    clearTimeout(this.timer);
  }
}

/** Messages name their source; so does whoever reports them. */
function withoutName(message: string, name: string): string {
  return message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
}
