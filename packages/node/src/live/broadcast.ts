/** A camera's frames for whoever looks at them; nothing is encoded while nobody does. */
import type { ClassTable } from '@twnet/core/classes';
import { Overlay } from '@twnet/core/segment/overlay';
import { labelPng } from '../output/label-png.js';
import type { CameraFrame } from './camera.js';
import { type PicturedFrame, QueuedSink } from './frame-queue.js';
import { JpegEncoder } from './jpeg.js';

/** Somebody who looks. What they are too slow for is left out. */
export interface Viewer {
  /** Picture and labels apart, or the one drawn over the other. */
  readonly wants: 'parts' | 'overlay';
  readonly isReady: () => boolean;
  send(message: Buffer): void;
}

/** Pixels of the label map's longer side, at most. */
const LABELS_SIDE = 640;

export class Broadcast extends QueuedSink {
  private readonly viewers = new Set<Viewer>();
  private encoder: JpegEncoder | undefined;
  private size = '';
  private readonly overlay: Overlay;

  constructor(private readonly palette: ClassTable['palette']) {
    super(() => undefined);
    this.overlay = new Overlay(palette);
  }

  add(viewer: Viewer): () => void {
    this.viewers.add(viewer);
    return () => this.viewers.delete(viewer);
  }

  get count(): number {
    return this.viewers.size;
  }

  override take(frame: CameraFrame): undefined {
    if (this.viewers.size > 0) void super.take(frame);
  }

  /** What cannot be shown is left out: whoever looks sees the next frame. */
  protected async write(frame: PicturedFrame): Promise<void> {
    try {
      await this.show(frame);
    } catch {
      this.dropped++;
      await this.end();
    }
  }

  private async show(frame: PicturedFrame): Promise<void> {
    const ready = [...this.viewers].filter((viewer) => viewer.isReady());
    const encoder = await this.encoderFor(frame);
    for (const wants of ['parts', 'overlay'] as const) {
      const own = ready.filter((viewer) => viewer.wants === wants);
      if (own.length === 0) continue;
      const message = wants === 'parts' ? await this.parts(frame, encoder) : await this.drawn(frame, encoder);
      for (const viewer of own) viewer.send(message);
    }
  }

  protected async end(): Promise<void> {
    this.encoder?.[Symbol.dispose]();
    this.encoder = undefined;
  }

  /** A header in JSON behind its length (32 bits, little-endian), the picture as JPEG, the labels as indexed PNG. */
  private async parts(frame: PicturedFrame, encoder: JpegEncoder): Promise<Buffer> {
    const { labels, labelSize, seconds, by, distance, lag } = frame;
    const factor = Math.min(1, LABELS_SIDE / Math.max(labelSize.width, labelSize.height));
    const size = {
      width: Math.round(labelSize.width * factor),
      height: Math.round(labelSize.height * factor),
    };
    const [jpeg, png] = await Promise.all([
      encoder.encode(frame.pixels),
      labelPng(labels, labelSize.width, labelSize.height, { size, palette: this.palette }),
    ]);
    const header = Buffer.from(
      JSON.stringify({ seconds, by, distance, lag, picture: jpeg.length, labels: png.length }),
    );
    const length = Buffer.alloc(4);
    length.writeUInt32LE(header.length);
    return Buffer.concat([length, header, jpeg, png]);
  }

  private async drawn(
    { pixels, labels, labelSize, info }: PicturedFrame,
    encoder: JpegEncoder,
  ): Promise<Buffer> {
    const size = { width: info.keyWidth, height: info.keyHeight };
    return encoder.encode(this.overlay.draw(pixels, labels, undefined, { size, labelSize }));
  }

  private async encoderFor({
    info: { keyWidth: width, keyHeight: height },
  }: PicturedFrame): Promise<JpegEncoder> {
    const size = `${width}×${height}`;
    if (size === this.size && this.encoder) return this.encoder;
    await this.end();
    this.size = size;
    this.encoder = await JpegEncoder.open({ width, height });
    return this.encoder;
  }
}
