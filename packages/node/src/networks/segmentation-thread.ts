/** Speaks to the thread that runs networks: frames of any number of streams go in, promises of labels come out. */
import { TwnetError } from '@twnet/core/errors';
import { FairQueue } from '@twnet/core/runtime/fair-queue';
import type { FrameOutput } from '@twnet/core/runtime/frame-call';
import { type Partner, startPartner } from '../workers/partner.js';
import type { FrameCall, OpenRequest } from './frame-runner.js';
import type { ThreadReply, ThreadRequest } from './segmentation-worker.js';

/** Frames with the thread: one that it runs, one that is there when that is done. */
const FRAMES_THERE = 2;

interface Waiting {
  readonly resolve: (reply: ThreadReply) => void;
  readonly reject: (error: Error) => void;
}

/** What is asked, before it has a number. */
type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

export class SegmentationThread {
  private readonly partner: Partner<ThreadRequest>;
  private readonly queue = new FairQueue(FRAMES_THERE);
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;
  private streams = 0;
  private readonly spare: Uint8Array<ArrayBuffer>[] = [];
  private ended: Error | undefined;
  private closing: Promise<void> | undefined;

  constructor() {
    this.partner = startPartner<ThreadRequest, ThreadReply>('segmentation-worker', import.meta.url, {
      onReply: (reply) => this.answered(reply),
      onEnd: (error) => this.fail(error ?? new TwnetError('the inference thread ended')),
    });
  }

  async open(request: Omit<OpenRequest, 'kind'>): Promise<void> {
    await this.ask({ kind: 'open', ...request });
  }

  /** A number for a stream of frames, which has a context feature of its own. */
  begin(): number {
    return this.streams++;
  }

  /** Runs a frame; a stream's frames are run in the order of the calls, which need not wait for one another. */
  async frame(call: FrameCall): Promise<FrameOutput> {
    if (this.ended) throw this.ended;
    // What is sent are copies, the pixels' in memory that goes to and fro: megabytes a frame are costly to allocate.
    const sent = { ...call, pixels: this.copyOf(call.pixels) };
    const transfer: ArrayBuffer[] = [sent.pixels.buffer];
    if (sent.kind === 'nonKey') {
      const { field, residual } = sent;
      const [dx, dy] = [field.dx.slice(), field.dy.slice()];
      Object.assign(sent, {
        field: { ...field, dx, dy },
        ...(residual ? { residual: residual.slice() } : {}),
      });
      transfer.push(dx.buffer, dy.buffer);
      if (sent.residual) transfer.push(sent.residual.buffer as ArrayBuffer);
    }
    const { output, pixels } = await this.queue.run(call.stream, () => this.ask(sent, transfer));
    if (pixels) this.spare.push(pixels);
    return output!;
  }

  /** Ends a stream: its frames that wait are refused, its memory serves another one. */
  async end(stream: number): Promise<void> {
    if (this.ended) return;
    this.queue.drop(stream, new TwnetError('the stream of frames was closed'));
    await this.ask({ kind: 'end', stream }).catch(() => undefined);
  }

  /** Refuses all frames that are not done, and ends the thread once it has left the one it runs. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    const alive = this.ended === undefined;
    const left = alive ? this.ask({ kind: 'close' }).catch(() => undefined) : undefined;
    const closed = this.waiting.get(this.count - 1);
    this.ended ??= new TwnetError('the networks are closed; open them again');
    const interrupted = new TwnetError('the networks were closed before they were done with this frame');
    const refused = this.queue.end(this.ended);
    for (const [id, waiting] of this.waiting) {
      if (waiting === closed) continue;
      this.waiting.delete(id);
      waiting.reject(interrupted);
    }
    await left;
    await refused;
    await this.partner.end();
  }

  private copyOf(pixels: Uint8Array): Uint8Array<ArrayBuffer> {
    const spare = this.spare.pop();
    const copy = spare?.length === pixels.length ? spare : new Uint8Array(pixels.length);
    copy.set(pixels);
    return copy;
  }

  private ask(request: Unnumbered<ThreadRequest>, transfer: ArrayBuffer[] = []): Promise<ThreadReply> {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.count++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.partner.hold(true);
      this.partner.ask({ ...request, id } as ThreadRequest, transfer);
    });
  }

  private answered(reply: ThreadReply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    // Nothing to wait for: the thread does not keep the process.
    if (this.waiting.size === 0) this.partner.hold(false);
    if (reply.error === undefined) waiting?.resolve(reply);
    else waiting?.reject(new TwnetError(`the network could not run: ${reply.error}`));
  }

  private fail(error: Error): void {
    this.ended ??= error;
    void this.queue.end(error);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
