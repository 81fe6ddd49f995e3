/** Speaks over a port to whoever runs networks: frames of any number of streams go in, promises of labels come out. */
import { TwnetError } from '../errors.js';
import type { MotionField } from '../motion/field.js';
import { FairQueue } from './fair-queue.js';
import type { FrameResult, FrameStream } from './frame-call.js';
import type { FrameCall, OpenRequest, RunnerReply, RunnerRequest } from './frame-runner.js';
import type { OpenPort, Port } from './port.js';

/** Frames on the far side: one that it runs, one that is there when that is done. */
const FRAMES_THERE = 2;

const NO_PIXELS = new Uint8Array(0);

interface Waiting {
  readonly resolve: (reply: RunnerReply) => void;
  readonly reject: (error: Error) => void;
}

/** What is asked, before it has a number. */
type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

type Vectors = Omit<MotionField, 'coverage'>;
const vectorsOf = ({ rows, columns, stride, dx, dy }: Vectors): Vectors => ({
  rows,
  columns,
  stride,
  dx,
  dy,
});

export class RemoteRunner {
  private readonly port: Port<RunnerRequest>;
  private readonly queue = new FairQueue(FRAMES_THERE);
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;
  private streams = 0;
  private readonly spare: Uint8Array<ArrayBuffer>[] = [];
  /** Whether the non-key-frame network looks at the frame, not only at what is warped. */
  private seesFrames = true;
  private ended: Error | undefined;
  private closing: Promise<void> | undefined;

  constructor(open: OpenPort<RunnerRequest, RunnerReply>) {
    this.port = open({
      onReply: (reply) => this.answered(reply),
      onEnd: (error) => this.fail(error ?? new TwnetError('the inference thread ended')),
    });
  }

  async open(request: Omit<OpenRequest, 'kind'>): Promise<void> {
    const { nonKey } = request;
    this.seesFrames = typeof nonKey === 'object' && nonKey.inputs.has('image');
    await this.ask({ kind: 'open', ...request });
  }

  /** Begins a stream of frames, which has a context feature of its own. Streams take turns. */
  stream(): FrameStream {
    const stream = this.streams++;
    return {
      keyFrame: async (pixels, request = {}) => this.frame({ kind: 'key', stream, pixels, request }),
      nonKeyFrame: async (pixels, field, residual, request = {}) =>
        this.frame({ kind: 'nonKey', stream, pixels, field, residual, request }),
      takeOver: async (context) => {
        if (this.ended) throw this.ended;
        const copy = context.slice();
        await this.queue.run(stream, () =>
          this.ask({ kind: 'takeOver', stream, context: copy }, [copy.buffer]),
        );
      },
      close: () => this.end(stream),
    };
  }

  private async frame(call: FrameCall): Promise<FrameResult> {
    if (this.ended) throw this.ended;
    // What is sent are copies, the pixels' in memory that goes to and fro: megabytes a frame are costly to allocate.
    const seen = call.kind === 'key' || this.seesFrames;
    const sent = { ...call, pixels: this.copyOf(seen ? call.pixels : NO_PIXELS) };
    const transfer: ArrayBuffer[] = [sent.pixels.buffer];
    if (sent.kind === 'nonKey') {
      const own = (values: Float32Array): Float32Array => {
        const copy = values.slice();
        transfer.push(copy.buffer);
        return copy;
      };
      const vectors = (field: Vectors): Vectors => ({
        ...vectorsOf(field),
        dx: own(field.dx),
        dy: own(field.dy),
      });
      const { field, residual, request } = sent;
      const following = request.between?.following;
      Object.assign(sent, { field: vectors(field), ...(residual ? { residual: own(residual) } : {}) });
      if (following) {
        const copied = { field: vectors(following.field), share: own(following.share) };
        Object.assign(sent, { request: { ...request, between: { following: copied } } });
      }
    }
    const { result, pixels } = await this.queue.run(call.stream, () => this.ask(sent, transfer));
    if (pixels) this.spare.push(pixels);
    return result!;
  }

  /** A stream's frames that wait are refused, its memory serves another one. */
  private async end(stream: number): Promise<void> {
    if (this.ended) return;
    this.queue.drop(stream, new TwnetError('the stream of frames was closed'));
    await this.ask({ kind: 'end', stream }).catch(() => undefined);
  }

  /** Refuses all frames that are not done, and ends the far side once it has left the one it runs. */
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
    await this.port.end();
  }

  private copyOf(pixels: Uint8Array): Uint8Array<ArrayBuffer> {
    // Key frames may come with larger pictures than others.
    const at = this.spare.findIndex(({ length }) => length === pixels.length);
    const copy = at < 0 ? new Uint8Array(pixels.length) : this.spare.splice(at, 1)[0];
    copy.set(pixels);
    return copy;
  }

  private ask(request: Unnumbered<RunnerRequest>, transfer: ArrayBuffer[] = []): Promise<RunnerReply> {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.count++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.port.hold(true);
      this.port.ask({ ...request, id } as RunnerRequest, transfer);
    });
  }

  private answered(reply: RunnerReply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    // Nothing to wait for: the far side does not keep the program.
    if (this.waiting.size === 0) this.port.hold(false);
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
