/** Pictures of another size than the frames, beside them. */
import type { Frame } from 'node-av/lib';
import { type Look, type Placement, Placements } from './placement.js';
import { ToPlanarRgb } from './planar-rgb.js';
import { type Size, scalerFor } from './scaling.js';

export class PlacedPictures implements Disposable {
  private readonly placements: Placements;
  private converter: ToPlanarRgb | undefined;
  private prepared: Placement | undefined;

  /**
   * @param first how the first picture looks
   * @param size that it gets, before it is turned; later ones are fitted into it
   * @param name of the video, for errors
   */
  constructor(
    first: Look,
    size: Size,
    private readonly name: string,
  ) {
    this.placements = new Placements(first, size);
  }

  /** Of the pictures, as displayed. */
  get size(): Size {
    return this.placements.frame;
  }

  placeOf(look: Look): Placement {
    return this.placements.of(look).place;
  }

  /** Planar RGB, `3 × height × width`. */
  async convert(picture: Frame, place: Placement): Promise<Uint8Array> {
    if (place !== this.prepared) {
      this.converter?.[Symbol.dispose]();
      const { width, height } = place.scaled;
      this.converter = new ToPlanarRgb(width, height, place, this.name, scalerFor(place));
      this.prepared = place;
    }
    return this.converter!.convert(picture);
  }

  /** Takes back an array that nobody looks at any more. */
  recycle(pixels: Uint8Array): void {
    this.converter?.recycle(pixels);
  }

  [Symbol.dispose](): void {
    this.converter?.[Symbol.dispose]();
  }
}
