/** A frame's pictures: of the frames' own size, and the larger ones beside it that were asked for. */
import type { VideoFrame } from '@twnet/core/frame';
import { type WorkingSize, workingSize } from '@twnet/core/network/working-size';
import type { Frame } from 'node-av/lib';
import { KeyPictures } from './key-pictures.js';
import type { OpenVideoOptions } from './open-options.js';
import { PlacedPictures } from './placed-pictures.js';
import { type Look, type Placement, Placements } from './placement.js';
import { ToPlanarRgb } from './planar-rgb.js';
import { halfScalerFor, type Size, scalerFor } from './scaling.js';

/** Where a decoded picture lies in each of them. */
export interface PicturePlaces {
  readonly frame: Placement;
  readonly full: Placement | undefined;
  readonly key: Placement | undefined;
}

export type GivenPictures = Pick<VideoFrame, 'pixels' | 'fullPixels' | 'keyPicture'>;

const NO_PIXELS = new Uint8Array(0);

export class FramePictures implements AsyncDisposable {
  /** Share of the video's sides that the key picture has, which the frame is where there is none. */
  readonly scale: number;
  /** Of the frames, as displayed. */
  readonly size: Size;
  /** Of key pictures, as displayed. */
  readonly keySize: Size;
  private readonly placements: Placements;
  private readonly full: PlacedPictures | undefined;
  private readonly key: KeyPictures | undefined;
  private converter: ToPlanarRgb | undefined;
  /** What the converter is set up for. */
  private prepared: Placement | undefined;

  /**
   * @param look of the first frame
   * @param name of the video, for errors
   */
  constructor(
    private readonly look: Look,
    private readonly options: OpenVideoOptions,
    private readonly name: string,
  ) {
    const { keyPictures, fullPixels } = options;
    const { scale, key, frame } = this.sizesWithin(options.maxSide);
    this.scale = scale;
    this.placements = new Placements(look, frame);
    this.size = this.placements.frame;
    if (keyPictures) this.key = new KeyPictures(look, key, name);
    this.keySize = this.key?.size ?? this.size;
    if (fullPixels && !isSameSize(frame, look)) this.full = new PlacedPictures(look, look, name);
  }

  /** What is to be known of their sizes, if anything is. */
  get note(): string | undefined {
    const { maxSide } = this.options;
    const [{ key: from }, { key: to }] = [this.sizesWithin(undefined), this.sizesWithin(maxSide)];
    if (from.width === to.width && from.height === to.height) return undefined;
    const [asked, taken] = [from, to].map(({ width, height }) => `${width}×${height}`);
    return `its frames are taken at ${taken} instead of ${asked}, at most ${maxSide} pixels a side (maxSide)`;
  }

  /** Whether decoded pictures are made into anything. */
  get areWanted(): boolean {
    return (this.options.pixels ?? true) || this.full !== undefined || this.key !== undefined;
  }

  /** Where the next picture lies, and what changes with it, if anything does. */
  placesOf(look: Look): { readonly places: PicturePlaces; readonly change: string | undefined } {
    const { place: frame, change } = this.placements.of(look);
    return { places: { frame, full: this.full?.placeOf(look), key: this.key?.placeOf(look) }, change };
  }

  /** @param picture valid until the promise is kept */
  async convert(index: number, picture: Frame, { frame, full, key }: PicturePlaces): Promise<GivenPictures> {
    if (frame !== this.prepared) this.prepare(frame);
    const pixels = this.converter ? await this.converter.convert(picture) : NO_PIXELS;
    const fullPixels = full && (await this.full!.convert(picture, full));
    return {
      pixels,
      ...(fullPixels && { fullPixels }),
      ...(key && {
        keyPicture:
          fullPixels && isSameSize(key.frame, full!.frame)
            ? async () => fullPixels
            : this.key!.hold(index, picture, key),
      }),
    };
  }

  recycle({ pixels, fullPixels, keyPicture }: VideoFrame): void {
    this.converter?.recycle(pixels);
    if (fullPixels) this.full?.recycle(fullPixels);
    if (keyPicture) this.key?.recycle(keyPicture);
  }

  /** No frame will come any more; key pictures of those that came last can still be asked for. */
  end(): void {
    this.converter?.[Symbol.dispose]();
    this.converter = undefined;
    this.full?.[Symbol.dispose]();
    this.key?.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.key?.[Symbol.asyncDispose]();
  }

  private sizesWithin(maxSide: number | undefined): WorkingSize {
    const { scale = 1, keyPictures = false } = this.options;
    return workingSize(this.look, { scale, halved: keyPictures, maxSide });
  }

  private prepare(place: Placement): void {
    const { width, height } = place.scaled;
    this.converter?.[Symbol.dispose]();
    const scaler = this.key ? halfScalerFor(place) : scalerFor(place);
    if (this.options.pixels ?? true)
      this.converter = new ToPlanarRgb(width, height, place, this.name, scaler);
    this.prepared = place;
  }
}

const isSameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;
