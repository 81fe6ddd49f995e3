/** What of a video could not be used. */

/** A part of the input that could not be used. */
export interface Loss {
  /** Frames decoded before it. */
  readonly afterFrame: number;
  /** What is missing, as words to follow “lost …”. */
  readonly what: string;
}

/** Losses added up, however many there are. */
export interface LossTotals {
  /** Places where something is missing. */
  readonly places: number;
  /** Frames that are missing, as far as their number is known. */
  readonly frames: number;
  /** Frames that are there, with damage. */
  readonly damagedFrames: number;
}

/** A stream damaged from end to end must not fill the memory with its list of losses. */
const LONGEST_LIST = 1000;

/** Collects losses, and remembers whether the next frame follows on the one before it. */
export class LossLog {
  readonly losses: Loss[] = [];
  readonly totals = { places: 0, frames: 0, damagedFrames: 0 };
  private gap = true;
  /** Frames of the latest entry, if it is one of lost frames. */
  private lostFrames = 0;

  /** Something between the frames is missing: the next frame does not continue the one before. */
  lose(afterFrame: number, what: string): void {
    this.gap = true;
    this.note(afterFrame, what);
  }

  /** A frame that is there, but not as it was. */
  damage(afterFrame: number): void {
    this.totals.damagedFrames += 1;
    this.lose(afterFrame, 'part of a damaged frame');
  }

  /** Frames that never came out of the decoder; such that are missing at one place make one entry. */
  loseFrames(afterFrame: number, count: number, how = 'that cannot be decoded'): void {
    const same = this.lostFrames > 0 && this.losses.at(-1)?.afterFrame === afterFrame;
    const total = same ? this.lostFrames + count : count;
    if (same) {
      this.losses.pop();
      this.totals.places -= 1;
    }
    this.lose(afterFrame, `${countFrames(total)} ${how}`);
    this.totals.frames += count;
    this.lostFrames = total;
  }

  /** Something is missing, but between the frames delivered nothing is; `frames` of it are counted. */
  note(afterFrame: number, what: string, frames = 0): void {
    this.lostFrames = 0;
    this.totals.places += 1;
    this.totals.frames += frames;
    if (this.losses.length < LONGEST_LIST) this.losses.push({ afterFrame, what });
    else if (this.losses.length === LONGEST_LIST)
      this.losses.push({ afterFrame, what: 'further parts, too many to list' });
  }

  /** What was before the frames asked for does not count. */
  forget(): void {
    this.losses.length = 0;
    Object.assign(this.totals, { places: 0, frames: 0, damagedFrames: 0 });
    this.lostFrames = 0;
    this.gap = true;
  }

  /** The next frame starts afresh, though nothing is lost (a stream join, another size). */
  breakHere(): void {
    this.gap = true;
  }

  /** Whether the frame to be delivered now does not continue the one before it. */
  takeGap(): boolean {
    const gap = this.gap;
    this.gap = false;
    return gap;
  }
}

/** `1 frame`, `3 frames`. */
export function countFrames(count: number): string {
  return count === 1 ? '1 frame' : `${count} frames`;
}
