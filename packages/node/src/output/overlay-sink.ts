import type { ClassTable } from '@twnet/core/classes';
import type { NamedClass } from '@twnet/core/segment/class-choice';
import { Overlay } from '@twnet/core/segment/overlay';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { encodeVideo, type VideoWriter } from '../video/encode-video.js';
import type { Video } from '../video/open-video.js';

/** I-frames of the overlay video lie this far apart: it is for looking at, and for jumping about in. */
const OVERLAY_GOP = 25;

export interface OverlayOptions {
  /** Video file to write, the labels drawn over the pictures. */
  readonly overlay?: string;
  /** One colour a class, for the overlay. */
  readonly palette: ClassTable['palette'];
  /** Share of the colours, 0 (picture only) to 1; default 0.5. */
  readonly opacity?: number;
  /** Say along the lower edge which colour is which class. Default true. */
  readonly legend?: boolean;
  /** Copy the video's audio into it, where its container can hold it (`onNote` says where not). Default true. */
  readonly audio?: boolean;
  /** Called with a sentence for each thing that the overlay could not keep of the video. */
  readonly onNote?: (note: string) => void;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The video's own size, and that of the pictures that are drawn over: the same where the video gives such. */
function sizesOf({ info, origin }: Pick<Video, 'info' | 'origin'>): { drawn: Size; full: Size } {
  const full = { width: info.fullWidth, height: info.fullHeight };
  return { full, drawn: origin.options.fullPixels ? full : { width: info.width, height: info.height } };
}

/** What draws it takes long to load. */
async function legendFor(...call: Parameters<typeof import('./legend.js').drawLegend>) {
  const { drawLegend } = await import('./legend.js');
  return drawLegend(...call);
}

/** Writes the video that labels are drawn over. */
export class OverlaySink implements AsyncDisposable {
  #drawn: Uint8Array | undefined;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    readonly overlay: Overlay,
    /** Size of the pictures that are drawn over. */
    readonly size: Size,
    readonly writer: VideoWriter,
    /** Whether the video was opened up to its end. */
    readonly toEnd: boolean,
    readonly onNote: OverlayOptions['onNote'],
  ) {}

  /**
   * Opens the file to write; undefined where none is asked for.
   *
   * @param classes those that are kept, for the legend
   * @throws InputError, OutputError
   */
  static async open(
    video: Pick<Video, 'info' | 'origin'>,
    { overlay: output, palette, opacity, legend: named = true, audio = true, onNote }: OverlayOptions,
    classes: readonly NamedClass[],
  ): Promise<OverlaySink | undefined> {
    if (output === undefined) return undefined;
    const { frameRate, pixelAspect } = video.info;
    const { drawn, full } = sizesOf(video);
    const { width, height } = drawn;
    const legend = named ? await legendFor(classes, palette, { width, height }) : undefined;
    if (named && !legend) onNote?.(`without a legend: it would hide too much of ${width}×${height} pixels`);
    const overlay = new Overlay(palette, opacity, legend);
    const size = { width, height, pixelAspect };
    const { start = 0, duration, from = 0, to } = video.origin.options;
    const begins = start > 0 || (typeof from === 'number' ? from : from.seconds) > 0;
    const writer = await encodeVideo({
      ...{ output, ...size, frameRate, codec: 'auto', gop: OVERLAY_GOP },
      scaleTo: drawn.width !== full.width ? full : undefined,
      audio: audio ? video.origin : undefined,
      from: begins ? video.origin.first : undefined,
    });
    return new OverlaySink(overlay, drawn, writer, duration === undefined && to === undefined, onNote);
  }

  /**
   * Appends a frame; its pixels stay as they are. Encoding goes on beside the networks; only one frame is in it.
   *
   * @throws OutputError if it, or the frame before, cannot be written
   */
  async write({ frame, labels, labelSize = frame }: SegmentedFrame): Promise<void> {
    // Not in place: the next frame's residual needs the picture as it is. The writer has taken the last one's copy.
    this.#drawn = this.overlay.draw(frame.fullPixels ?? frame.pixels, labels, this.#drawn, {
      size: this.size,
      labelSize,
    });
    await this.#writing;
    this.#writing = this.writer.write(this.#drawn, frame.timestamp, frame.duration);
    // A failure is thrown by whoever waits for it next.
    this.#writing.catch(() => undefined);
  }

  /**
   * Completes the file and gives it its name.
   *
   * @param whole whether the video was read to its end, so that what is left of its audio belongs to it
   */
  async commit(whole = true): Promise<void> {
    await this.#writing;
    await this.writer.finish({ rest: whole && this.toEnd });
    for (const note of this.writer.notes) this.onNote?.(note);
  }

  /** Leaves nothing of the file, unless it was committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.writer.abort();
  }
}
