/** A decoded picture's samples, out of the browser's hands. */
import { InputError } from '@twnet/core/errors';
import type { ColourTags } from './colour-matrix.js';
import { type PixelFormat, pixelFormat } from './pixel-formats.js';

/** What is asked of WebCodecs' `VideoFrame`. */
export type ReadableFrame = Pick<
  VideoFrame,
  'format' | 'codedWidth' | 'codedHeight' | 'visibleRect' | 'colorSpace' | 'allocationSize' | 'copyTo'
>;

export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  readonly format: PixelFormat;
  readonly colour: ColourTags;
  /** Of each plane in `bytes`. */
  readonly planes: readonly { readonly offset: number; readonly stride: number }[];
  /** The reader's, once it has been given back. */
  readonly bytes: Uint8Array;
}

/** Reads pictures into memory that goes to and fro. */
export class PictureReader {
  readonly #spare: Uint8Array[] = [];

  /**
   * @param colour what the container says, which goes before what the browser guesses
   * @throws InputError for a format that is not known
   */
  async read(frame: ReadableFrame, name: string, colour?: ColourTags): Promise<DecodedPicture> {
    const format = pixelFormat(frame.format);
    if (format) return this.#copy(frame, format, colour ?? tagsOf(frame));
    const [rgba, options] = [pixelFormat('RGBA')!, { format: 'RGBA' as const }];
    try {
      return await this.#copy(frame, rgba, {}, options);
    } catch {
      const what = frame.format === null ? 'that the browser does not hand out' : `of format ${frame.format}`;
      throw new InputError(
        `${name}: its frames have pixels ${what}; convert it to 8-bit 4:2:0 (yuv420p) first`,
      );
    }
  }

  /** Takes back a picture that nobody looks at any more. */
  recycle({ bytes }: DecodedPicture): void {
    if (!this.#spare.includes(bytes)) this.#spare.push(bytes);
  }

  async #copy(
    frame: ReadableFrame,
    format: PixelFormat,
    colour: ColourTags,
    options: VideoFrameCopyToOptions = {},
  ): Promise<DecodedPicture> {
    const size = frame.allocationSize(options);
    const spare = this.#spare.pop();
    const bytes = spare?.length === size ? spare : new Uint8Array(size);
    const planes = await frame.copyTo(bytes, options);
    const { width, height } = frame.visibleRect ?? { width: frame.codedWidth, height: frame.codedHeight };
    return { width, height, format, colour, planes, bytes };
  }
}

const tagsOf = ({ colorSpace }: ReadableFrame): ColourTags => ({
  matrix: colorSpace.matrix,
  fullRange: colorSpace.fullRange,
});
