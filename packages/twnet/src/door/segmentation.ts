import type { ClassTable } from '@twnet/core/classes';
import { TwnetError } from '@twnet/core/errors';
import type { PictureSize } from '@twnet/core/runtime/frame-call';
import type { Networks } from '@twnet/core/runtime/networks';
import type { SegmentOptions } from '@twnet/core/segment/segment-options';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import type { Model } from '@twnet/node/model/model';
import type { Loss, LossTotals } from '@twnet/node/video/losses';
import type { Video } from '@twnet/node/video/open-video';
import type { VideoInfo } from '@twnet/node/video/video-info';

/**
 * A video that is being segmented: its frames with their labels (once), what the labels mean, and what the video is. The
 * loop over it closes it; who does not loop over it closes it. `segment` makes it.
 */
export class Segmentation implements AsyncIterable<SegmentedFrame>, AsyncDisposable {
  /** What the class ids mean: the name of each. */
  readonly classes: readonly string[];
  /** One RGB colour a class, 0..255. */
  readonly palette: ClassTable['palette'];
  /** The model, and the SHA-256 over its weights. */
  readonly model: { readonly name: string; readonly digest: string };
  /** What the video is; frames have its `width` and `height`. */
  readonly info: VideoInfo;
  /** Of the labels: the frames' size, or that of the larger pictures that a segmenter's key frames come with. */
  readonly labelSize: PictureSize;
  /** What one should know of how it is read, a sentence each; there may be more once it has been read. */
  readonly notes: readonly string[];
  /** What could not be decoded so far; complete once the loop has ended. */
  readonly losses: readonly Loss[];
  /** All losses added up, also where they are too many to list. */
  readonly lossTotals: LossTotals;
  #taken = false;
  #closing: Promise<void> | undefined;

  /** @internal Takes over what `closeParts` closes. */
  constructor(
    private readonly video: Video,
    { card, digest }: Pick<Model, 'card' | 'digest'>,
    private readonly networks: readonly Networks[],
    private readonly options: SegmentOptions,
    private readonly closeParts: () => Promise<void>,
  ) {
    ({ classes: this.classes, palette: this.palette } = card);
    this.model = { name: card.name, digest };
    ({ info: this.info, notes: this.notes, losses: this.losses, lossTotals: this.lossTotals } = video);
    this.labelSize = networks[0].labelSize ?? { width: video.info.width, height: video.info.height };
  }

  /** The frames in display order. @throws Error where they have been taken; what `segmentVideo` throws */
  async *[Symbol.asyncIterator](): AsyncGenerator<SegmentedFrame, void> {
    if (this.#taken) throw new Error(`${this.video.name}: its labels can be read once; segment it again`);
    this.#taken = true;
    try {
      for await (const segmented of segmentVideo(this.video, this.networks, this.options)) {
        yield segmented;
        if (this.#closing) throw new TwnetError(`${this.video.name}: was closed before its last frame`);
      }
    } finally {
      await this.close();
    }
  }

  /** Frees video and networks; a loop that still runs ends with an error. */
  close(): Promise<void> {
    this.#taken = true;
    this.#closing ??= this.closeParts();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
