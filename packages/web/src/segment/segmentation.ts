import type { ClassTable } from '@twnet/core/classes';
import { TwnetError } from '@twnet/core/errors';
import type { Model } from '@twnet/core/model/model';
import type { PictureSize } from '@twnet/core/runtime/frame-call';
import type { ModelNetworks } from '@twnet/core/runtime/networks';
import type { SegmentOptions } from '@twnet/core/segment/segment-options';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import type { VideoInfo } from '../video/info.js';
import type { Video } from '../video/open-video.js';

/** A video that is being segmented: see `Segmentation` of `twnet`. The loop over it closes it. */
export class Segmentation implements AsyncIterable<SegmentedFrame>, AsyncDisposable {
  /** What the class ids mean: the name of each. */
  readonly classes: readonly string[];
  /** One RGB colour a class, 0..255. */
  readonly palette: ClassTable['palette'];
  /** The model, and the SHA-256 over its weights. */
  readonly model: { readonly name: string; readonly digest: string };
  /** What the video is; frames have its `width` and `height`. */
  readonly info: VideoInfo;
  /** Of the labels. */
  readonly labelSize: PictureSize;
  #taken = false;
  #closing: Promise<void> | undefined;

  /** @internal Takes over the video and the networks. */
  constructor(
    private readonly video: Video,
    { card, digest }: Model,
    private readonly networks: ModelNetworks,
    private readonly options: SegmentOptions,
  ) {
    ({ classes: this.classes, palette: this.palette } = card);
    this.model = { name: card.name, digest };
    this.info = video.info;
    this.labelSize = networks.labelSize;
  }

  /** The frames in display order. @throws Error where they have been taken; what `segmentVideo` throws */
  async *[Symbol.asyncIterator](): AsyncGenerator<SegmentedFrame, void> {
    const { name } = this.info;
    if (this.#taken) throw new Error(`${name}: its labels can be read once; segment it again`);
    this.#taken = true;
    try {
      for await (const segmented of segmentVideo(this.video, this.networks, this.options)) {
        yield segmented;
        if (this.#closing) throw new TwnetError(`${name}: was closed before its last frame`);
      }
    } finally {
      await this.close();
    }
  }

  /** Frees video and networks; a loop that still runs ends with an error. */
  close(): Promise<void> {
    this.#taken = true;
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.video.close();
    await this.networks.close();
  }
}
