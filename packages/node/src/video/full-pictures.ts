/** Pictures in the video's own size, beside smaller frames for the networks. */
import type { Frame } from 'node-av/lib';
import { type Look, type Placement, Placements } from './placement.js';
import { ToPlanarRgb } from './planar-rgb.js';

export class FullPictures implements Disposable {
  private readonly placements: Placements;
  private converter: ToPlanarRgb | undefined;
  private prepared: Placement | undefined;

  /** @param first how the first picture looks, whose size they have */
  constructor(
    first: Look,
    private readonly name: string,
  ) {
    this.placements = new Placements(first, first);
  }

  placeOf(look: Look): Placement {
    return this.placements.of(look).place;
  }

  /** Planar RGB, `3 × height × width`. */
  async convert(picture: Frame, place: Placement): Promise<Uint8Array> {
    if (place !== this.prepared) {
      this.converter?.[Symbol.dispose]();
      this.converter = new ToPlanarRgb(place.scaled.width, place.scaled.height, place, this.name);
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
