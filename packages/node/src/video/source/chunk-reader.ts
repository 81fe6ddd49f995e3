/** A stream read by demand. */
import type { Readable } from 'node:stream';
import { AVERROR_EIO, AVERROR_EXIT } from 'node-av/constants';

/** Pulls a stream's chunks as they are asked for. */
export class ChunkReader {
  consumed = 0;
  ended = false;
  error: Error | undefined;
  private rest: Buffer = Buffer.alloc(0);
  private aborted = false;
  private wake: (() => void) | undefined;

  /** @param timeout milliseconds that a read may wait for bytes; for ever unless given */
  constructor(
    private readonly stream: Readable,
    private readonly timeout?: number,
  ) {
    const wakeUp = () => this.wake?.();
    stream.on('readable', wakeUp);
    stream.on('end', () => {
      this.ended = true;
      wakeUp();
    });
    stream.on('close', () => {
      this.ended = true;
      wakeUp();
    });
    stream.on('error', (error) => {
      this.error ??= error;
      this.ended = true;
      wakeUp();
    });
  }

  /** The first bytes, up to `length`; they are read again afterwards. */
  async peek(length: number): Promise<Buffer> {
    while (this.rest.length < length && (await this.more()));
    return Buffer.from(this.rest.subarray(0, length));
  }

  async read(length: number): Promise<Buffer | null | number> {
    if (this.rest.length === 0 && !(await this.more())) {
      if (this.aborted) return AVERROR_EXIT;
      return this.error ? AVERROR_EIO : null;
    }
    const part = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(part.length);
    this.consumed += part.length;
    return part;
  }

  /** Waits for more bytes; false when none will come. */
  private async more(): Promise<boolean> {
    while (!this.aborted) {
      const chunk: Buffer | null = this.stream.read();
      if (chunk !== null) {
        this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
        return true;
      }
      if (this.ended) return false;
      await this.bytesOrTimeout();
    }
    return false;
  }

  private async bytesOrTimeout(): Promise<void> {
    const { timeout } = this;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      if (timeout === undefined) return;
      timer = setTimeout(() => {
        this.error ??= Object.assign(new Error(`no bytes for ${timeout / 1000} s`), { code: 'ETIMEDOUT' });
        this.ended = true;
        resolve();
      }, timeout);
    });
    clearTimeout(timer);
    this.wake = undefined;
  }

  abort(): void {
    this.aborted = true;
    this.wake?.();
  }
}
