/** What the page knows and does: the video that is open, frames that have come, the one that is shown. */
import type { Speed } from '@twnet/core/network/operating-point';
import type {
  Choice,
  Detail,
  Opened,
  ShownFrame,
  StudioReply,
  StudioRequest,
  VideoSource,
} from '../messages.js';
import type { Layer } from '../render/label-renderer.js';
import { download } from './download.js';
import { FrameBuffer } from './frame-buffer.js';
import { FIRST_VIEW, type FrameRecord, type View } from './view.js';

/** Frames over which speed is told. */
const RECENT = 24;

export class Player {
  phase: 'welcome' | 'opening' | 'ready' = 'welcome';
  opened: Opened | undefined;
  isLive = false;
  frame: ShownFrame | undefined;
  playing = false;
  ended = false;
  error: string | undefined;
  view: View = FIRST_VIEW;
  choice: Choice = { model: 'models/cityscapes', speed: 'fast', detail: 1 };
  /** Share that is done, while a video is written. */
  exporting: number | undefined;
  /** Of every frame that has come, by its number. */
  readonly records = new Map<number, FrameRecord>();
  /** Milliseconds from choosing the file to the first labels on the screen. */
  firstLabels: number | undefined;

  #worker: Worker | undefined;
  #source: VideoSource | undefined;
  #buffer = new FrameBuffer(1);
  #run = 0;
  #lastShown = 0;
  #asked = 0;
  #clock = 0;
  #arrivals: number[] = [];
  readonly #listeners = new Set<() => void>();

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Before a video is chosen. */
  prime(): void {
    this.#send({ kind: 'prime', choice: this.choice });
  }

  get frameCount(): number | undefined {
    return this.opened?.index?.times.length;
  }

  /** Frames that are labelled a second, of late. */
  get speed(): number | undefined {
    const [first] = this.#arrivals;
    const last = this.#arrivals.at(-1);
    if (first === undefined || last === undefined || this.#arrivals.length < 4) return undefined;
    return (1000 * (this.#arrivals.length - 1)) / (last - first);
  }

  /** Whether a frame could be shown at once. */
  has(index: number): boolean {
    return this.#buffer.get(index) !== undefined;
  }

  open(source: VideoSource): void {
    this.#source = source;
    this.isLive = source.kind === 'live';
    this.#reopen();
  }

  choose(choice: Partial<Choice>): void {
    this.choice = { ...this.choice, ...choice };
    if (this.#source?.kind === 'file') this.#reopen();
    else this.#changed();
  }

  setSpeed = (speed: Speed): void => this.choose({ speed });
  setDetail = (detail: Detail): void => this.choose({ detail });

  close(): void {
    this.#send({ kind: 'close' });
    this.#source = undefined;
    Object.assign(this, { phase: 'welcome', opened: undefined, frame: undefined, playing: false });
    this.#changed();
  }

  look(view: Partial<View>): void {
    const before = this.view;
    this.view = { ...before, ...view };
    const isConfident = (layer: Layer): boolean => layer === 'confidence';
    const needsMore =
      this.view.compares !== before.compares || (isConfident(this.view.layer) && !isConfident(before.layer));
    if (needsMore && this.phase === 'ready' && !this.isLive) this.#start(this.frame?.index ?? 0);
    this.#changed();
  }

  toggleClass(id: number): void {
    const { hidden } = this.view;
    this.look({ hidden: hidden.includes(id) ? hidden.filter((each) => each !== id) : [...hidden, id] });
  }

  /** This class alone, or all again. */
  soloClass(id: number): void {
    const others = (this.opened?.classes ?? []).map((_, each) => each).filter((each) => each !== id);
    const isSolo = this.view.hidden.length === others.length && !this.view.hidden.includes(id);
    this.look({ hidden: isSolo ? [] : others });
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    if (this.phase !== 'ready' || this.isLive) return;
    if (this.ended && this.frame?.index === (this.frameCount ?? 0) - 1) this.seek(0);
    this.playing = true;
    this.#lastShown = performance.now();
    this.#tick();
    this.#changed();
  }

  pause(): void {
    this.playing = false;
    cancelAnimationFrame(this.#clock);
    this.#changed();
  }

  step(by: number): void {
    this.pause();
    this.seek((this.frame?.index ?? 0) + by);
  }

  seek(index: number): void {
    const last = (this.frameCount ?? 1) - 1;
    const to = Math.min(Math.max(index, 0), last);
    const held = this.#buffer.get(to);
    if (held) this.#show(held);
    // The next one is on its way.
    else if (to !== this.#buffer.last + 1 || this.ended) this.#start(to);
    else this.#wanted = to;
    this.#changed();
  }

  exportVideo(format: 'mp4' | 'webm'): void {
    this.pause();
    this.exporting = 0;
    const { opacity, hidden } = this.view;
    this.#send({ kind: 'export', format, look: { opacity, hidden } });
    this.#changed();
  }

  cancelExport(): void {
    this.#send({ kind: 'cancelExport' });
  }

  say(message: string | undefined): void {
    this.error = message;
    this.#changed();
  }

  /** A frame that is to be shown as soon as it comes. */
  #wanted: number | undefined;

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
    this.#changed();
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
    this.ended = false;
    this.#wanted = from;
    this.#run++;
    const { compares, layer } = this.view;
    const until = this.isLive ? Number.POSITIVE_INFINITY : from + this.#buffer.ahead;
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
        if (reply.run === this.#run) this.ended = true;
        break;
      case 'failed':
        if (reply.run !== undefined && reply.run !== this.#run) return;
        this.error = reply.message;
        if (this.phase === 'opening') this.phase = this.frame ? 'ready' : 'welcome';
        this.ended = true;
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
    this.#changed();
  }

  #received(frame: ShownFrame): void {
    const { index, time, type, kind, distance, areas } = frame;
    this.#arrivals = [...this.#arrivals.slice(-RECENT), performance.now()];
    if (!this.isLive) {
      this.records.set(index, { index, time, type, kind, distance, areas });
      this.#buffer.add(frame);
    }
    const isFirst = this.frame === undefined;
    if (isFirst || this.isLive || this.#wanted === index) this.#show(frame);
    if (isFirst) {
      this.firstLabels = performance.now() - this.#asked;
      this.play();
    }
    this.#changed();
  }

  #show(frame: ShownFrame): void {
    this.frame = frame;
    this.#wanted = undefined;
    this.#lastShown = performance.now();
    if (this.isLive) return;
    this.#buffer.keepAround(frame.index);
    this.#send({ kind: 'until', run: this.#run, until: frame.index + this.#buffer.ahead });
  }

  #tick = (): void => {
    cancelAnimationFrame(this.#clock);
    if (!this.playing) return;
    this.#clock = requestAnimationFrame(this.#tick);
    const shown = this.frame;
    const next = shown && this.#buffer.get(shown.index + 1);
    if (!next) {
      if (this.ended && shown && shown.index >= this.#buffer.last) this.pause();
      return;
    }
    const due = this.#lastShown + 1000 * (next.time - shown.time);
    if (performance.now() + 4 < due) return;
    const late = performance.now() - due;
    this.#show(next);
    // A frame that comes a little late does not move all that follow.
    if (late < 100) this.#lastShown = due;
    this.#changed();
  };

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

const bytesOf = ({ frame, labels }: Opened): number =>
  3 * frame.width * frame.height + 2 * labels.width * labels.height;
