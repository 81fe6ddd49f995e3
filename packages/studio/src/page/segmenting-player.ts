/** Plays a video that is segmented meanwhile, by the page's worker. */
import type { Speed } from '@twnet/core/network/operating-point';
import type { Choice, Detail, OpenedHere, StudioReply, StudioRequest, VideoSource } from '../messages.js';
import { download } from '../player/download.js';
import { Player } from '../player/player.js';
import type { FramePlace, View } from '../player/view.js';
import type { Layer, Opened, ShownFrame } from '../shown.js';
import { FrameBuffer } from './frame-buffer.js';

/** Frames over which speed is told. */
const RECENT = 24;

/** Frames of a camera that may be on their way to the page. */
const LIVE_AHEAD = 2;

/** What is known of a frame that has gone by. */
export interface FrameRecord extends FramePlace {
  readonly index: number;
  readonly time: number;
  readonly type: string;
  readonly areas: Uint32Array;
}

export class SegmentingPlayer extends Player {
  declare opened: OpenedHere | undefined;
  choice: Choice = { model: 'models/cityscapes', speed: 'fast', detail: 1 };
  /** Share that is done, while a video is written. */
  exporting: number | undefined;
  override readonly records = new Map<number, FrameRecord>();
  /** Milliseconds from choosing the file to the first labels on the screen. */
  firstLabels: number | undefined;

  #worker: Worker | undefined;
  #source: VideoSource | undefined;
  #buffer = new FrameBuffer(1);
  #run = 0;
  #ended = false;
  #asked = 0;
  #arrivals: number[] = [];
  /** A frame that is to be shown as soon as it comes. */
  #wanted: number | undefined;

  /** Before a video is chosen. */
  prime(): void {
    this.#send({ kind: 'prime', choice: this.choice });
  }

  override get canCompare(): boolean {
    return !this.isLive;
  }

  /** Frames that are labelled a second, of late. */
  get speed(): number | undefined {
    const [first] = this.#arrivals;
    const last = this.#arrivals.at(-1);
    if (first === undefined || last === undefined || this.#arrivals.length < 4) return undefined;
    return (1000 * (this.#arrivals.length - 1)) / (last - first);
  }

  override held(index: number): ShownFrame | undefined {
    return this.#buffer.get(index);
  }

  open(source: VideoSource): void {
    this.#source = source;
    this.isLive = source.kind === 'live';
    this.#reopen();
  }

  choose(choice: Partial<Choice>): void {
    this.choice = { ...this.choice, ...choice };
    if (this.#source?.kind === 'file') this.#reopen();
    else this.changed();
  }

  setSpeed = (speed: Speed): void => this.choose({ speed });
  setDetail = (detail: Detail): void => this.choose({ detail });

  close(): void {
    this.#send({ kind: 'close' });
    this.#source = undefined;
    Object.assign(this, { phase: 'welcome', opened: undefined, frame: undefined, playing: false });
    this.changed();
  }

  override look(view: Partial<View>): void {
    const before = this.view;
    super.look(view);
    const isConfident = (layer: Layer): boolean => layer === 'confidence';
    const needsMore =
      this.view.compares !== before.compares || (isConfident(this.view.layer) && !isConfident(before.layer));
    if (needsMore && this.phase === 'ready' && !this.isLive) this.#start(this.frame?.index ?? 0);
  }

  override seek(index: number): void {
    const last = (this.frameCount ?? 1) - 1;
    const to = Math.min(Math.max(index, 0), last);
    const held = this.#buffer.get(to);
    if (held) this.show(held);
    // The next one is on its way.
    else if (to !== this.#buffer.last + 1 || this.#ended) this.#start(to);
    else this.#wanted = to;
    this.changed();
  }

  exportVideo(format: 'mp4' | 'webm'): void {
    this.pause();
    this.exporting = 0;
    const { opacity, hidden } = this.view;
    this.#send({ kind: 'export', format, look: { opacity, hidden } });
    this.changed();
  }

  cancelExport(): void {
    this.#send({ kind: 'cancelExport' });
  }

  protected override get isAtEnd(): boolean {
    return this.#ended && this.frame !== undefined && this.frame.index >= this.#buffer.last;
  }

  protected override show(frame: ShownFrame): void {
    super.show(frame);
    this.#wanted = undefined;
    const run = this.#run;
    if (this.isLive) {
      // Not before it is drawn: a page that draws slowly would be sent ever more.
      requestAnimationFrame(() => this.#send({ kind: 'until', run, until: frame.index + LIVE_AHEAD }));
      return;
    }
    this.#buffer.keepAround(frame.index);
    this.#send({ kind: 'until', run, until: frame.index + this.#buffer.ahead });
  }

  #reopen(): void {
    const source = this.#source!;
    this.#asked = performance.now();
    this.records.clear();
    Object.assign(this, {
      phase: 'opening',
      frame: undefined,
      error: undefined,
      playing: false,
      exporting: undefined,
    });
    this.firstLabels = undefined;
    this.changed();
    const transfer = source.kind === 'live' ? [source.frames as unknown as Transferable] : [];
    this.#send({ kind: 'open', source, choice: this.choice }, transfer);
  }

  #send(request: StudioRequest, transfer: Transferable[] = []): void {
    if (!this.#worker) {
      this.#worker = new Worker(new URL('./studio-worker.js', import.meta.url), {
        type: 'module',
        name: 'twnet studio',
      });
      this.#worker.onmessage = ({ data }: MessageEvent<StudioReply>) => this.#answered(data);
      this.#worker.onerror = ({ message }) => this.say(message || 'the page’s worker cannot be loaded');
    }
    this.#worker.postMessage(request, transfer);
  }

  #start(from: number): void {
    this.#buffer.clear();
    this.#arrivals = [];
    this.#ended = false;
    this.#wanted = from;
    this.#run++;
    const { compares, layer } = this.view;
    const until = from + (this.isLive ? LIVE_AHEAD : this.#buffer.ahead);
    const confidence = layer === 'confidence';
    this.#send({ kind: 'run', run: this.#run, from, until, compares, confidence });
  }

  #answered(reply: StudioReply): void {
    switch (reply.kind) {
      case 'opened':
        this.opened = reply.opened;
        this.phase = 'ready';
        this.#buffer = new FrameBuffer(bytesOf(reply.opened));
        this.#start(0);
        break;
      case 'frame':
        if (reply.run === this.#run) this.#received(reply.frame);
        return;
      case 'ended':
        if (reply.run === this.#run) this.#ended = true;
        break;
      case 'failed':
        if (reply.run !== undefined && reply.run !== this.#run) return;
        this.error = reply.message;
        if (this.phase === 'opening') this.phase = this.frame ? 'ready' : 'welcome';
        this.#ended = true;
        break;
      case 'exporting':
        if (this.exporting !== undefined) this.exporting = reply.done;
        break;
      case 'exported':
        this.exporting = undefined;
        this.error = reply.message;
        if (reply.file) download(reply.file, reply.file.name);
        break;
    }
    this.changed();
  }

  #received(frame: ShownFrame): void {
    const { index, time, type, kind, distance, areas } = frame;
    this.#arrivals = [...this.#arrivals.slice(-RECENT), performance.now()];
    if (!this.isLive) {
      this.records.set(index, { index, time, type, kind, distance, areas });
      this.#buffer.add(frame);
    }
    const isFirst = this.frame === undefined;
    if (isFirst || this.isLive || this.#wanted === index) this.show(frame);
    if (isFirst) {
      this.firstLabels = performance.now() - this.#asked;
      this.play();
    }
    this.changed();
  }
}

const bytesOf = ({ frame, labels }: Opened): number =>
  3 * frame.width * frame.height + 2 * labels.width * labels.height;
