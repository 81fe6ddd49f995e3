import type { CameraFrame } from './camera.js';

/** Frames that may wait for one who is slower than they come. */
const MOST = 4;

/** A frame whose picture was asked for in time. */
export interface PicturedFrame extends CameraFrame {
  readonly pixels: Uint8Array;
}

/** Somebody to whom labelled frames are given; who is too slow gets fewer, and nobody waits for him. */
export interface FrameSink {
  /** @param waits it is not left out; what is promised is that it has been taken care of */
  take(frame: CameraFrame, waits?: boolean): Promise<void> | undefined;
  /** Completes what was begun. @throws OutputError */
  finish(): Promise<void>;
  /** Frames that were left out. */
  readonly dropped: number;
}

/** Takes frames one after the other, with their pictures; those that find the line full are left out. */
export abstract class QueuedSink implements FrameSink {
  dropped = 0;
  private last: Promise<void> = Promise.resolve();
  private waiting = 0;
  private failure: { readonly error: unknown } | undefined;

  /** @param onError is told of the first failure; nothing more is taken then */
  constructor(private readonly onError: (error: unknown) => void) {}

  take(frame: CameraFrame, waits = false): Promise<void> | undefined {
    if (this.failure) return undefined;
    if (this.waiting >= MOST && !waits) {
      this.dropped++;
      return undefined;
    }
    this.waiting++;
    // At once: it is held for a few frames only.
    const picture = this.needsPicture(frame) ? frame.picture() : Promise.resolve(new Uint8Array(0));
    this.last = this.last
      .then(async () => {
        const pixels = await picture;
        if (pixels) await this.write({ ...frame, pixels });
        else this.dropped++;
      })
      .catch((error) => this.fail(error))
      .finally(() => {
        this.waiting--;
      });
    return waits ? this.last : undefined;
  }

  async finish(): Promise<void> {
    await this.last;
    await this.end().catch((error) => this.fail(error));
    if (this.failure) throw this.failure.error;
  }

  protected needsPicture(_frame: CameraFrame): boolean {
    return true;
  }

  /** One at a time. */
  protected abstract write(frame: PicturedFrame): Promise<void>;
  protected abstract end(): Promise<void>;

  private fail(error: unknown): void {
    if (this.failure) return;
    this.failure = { error };
    this.onError(error);
  }
}
