import { type BlockMotion, NO_MOTION } from '../frame.js';
import { Kernels } from '../kernels/kernels.js';

/** Side of the blocks, pixels; no picture may be smaller. */
export const MATCHED_BLOCK = 16;
/** What `assembly/matching.ts` needs: pixels around a plane, bytes of a block's record and of what is found of it. */
const MARGIN = 32;
const RECORD_BYTES = 8;
const FOUND_BYTES = 14;

/**
 * Motion of blocks of 16 × 16 pixels, found in the pictures themselves, as an encoder does: predictive search
 * (EPZS: Tourapis 2002) for the least Σ|difference| of luma, in whole pixels, then half ones. What has no texture
 * moves as its neighbours do. Blocks that nothing in the other picture resembles, more than their own mean does, are
 * intra and have no entry. Vectors lead up to 31 pixels beyond the picture's border, whose pixels are repeated there.
 *
 * Takes the pictures of a video one after the other, or pairs of pictures. The same pictures give the same motion. All
 * memory is its own ({@link Kernels}), and none is taken after the first pictures.
 */
export class BlockMatcher {
  readonly #blocks: number;
  /** Addresses: planes of the picture taken last and of the one before, blocks' records, what is found. */
  #current: number;
  #previous: number;
  readonly #records: number;
  readonly #found: number;
  /** Where pictures come in, and how many bytes there are. */
  #entry = 0;
  #room = 0;
  #taken = 0;
  #last: Uint8Array | undefined;

  /**
   * @param width pixels; `height` likewise, both at least 16
   * @throws RangeError for smaller pictures
   */
  constructor(
    readonly width: number,
    readonly height: number,
    private readonly kernels = new Kernels(),
  ) {
    if (!(width >= MATCHED_BLOCK && height >= MATCHED_BLOCK))
      throw new RangeError(
        `pictures of ${width}×${height} have no block of ${MATCHED_BLOCK}×${MATCHED_BLOCK}`,
      );
    this.#blocks = Math.ceil(width / MATCHED_BLOCK) * Math.ceil(height / MATCHED_BLOCK);
    const plane = (width + 2 * MARGIN) * (height + 2 * MARGIN);
    [this.#current, this.#previous, this.#records, this.#found] = kernels.layOut(
      plane,
      plane,
      RECORD_BYTES * this.#blocks,
      FOUND_BYTES * this.#blocks,
    );
    this.forget();
  }

  /**
   * The next picture: planar 8-bit RGB, `3 × height × width`.
   *
   * @throws RangeError for another number of bytes
   */
  takeRgb(pixels: Uint8Array): void {
    const { width, height, kernels } = this;
    if (pixels.length !== 3 * width * height)
      throw new RangeError(`${pixels.length} bytes are no planar RGB picture of ${width}×${height}`);
    kernels.run.takeRgb(this.#enter(pixels), width, height, this.#nextPlane());
  }

  /**
   * The next picture: its luma alone, 8 bits.
   *
   * @param lineBytes from one line to the next, at least `width`
   * @throws RangeError where there are too few bytes
   */
  takeLuma(luma: Uint8Array, lineBytes = this.width): void {
    const { width, height, kernels } = this;
    if (lineBytes < width || luma.length < lineBytes * (height - 1) + width)
      throw new RangeError(`${luma.length} bytes are no luma of ${width}×${height}, ${lineBytes} a line`);
    kernels.run.takeLuma(this.#enter(luma), lineBytes, width, height, this.#nextPlane());
  }

  /** Vectors of the picture taken last against the one taken before it; no entries where there is none. */
  motion(): BlockMotion {
    if (this.#taken < 2) return NO_MOTION;
    const { width, height, kernels } = this;
    const { run } = kernels;
    const found = this.#found;
    const count = run.matchBlocks(this.#current, this.#previous, width, height, this.#records, found);
    if (count === 0) return NO_MOTION;
    const all = this.#blocks;
    const copy = (offset: number, bytes: number): ArrayBuffer =>
      kernels.bytes(found + offset * all, bytes * count).slice().buffer;
    return {
      count,
      direction: new Int8Array(count).fill(-1),
      x: new Int16Array(copy(8, 2)),
      y: new Int16Array(copy(10, 2)),
      width: new Uint8Array(copy(12, 1)),
      height: new Uint8Array(copy(13, 1)),
      dx: new Float32Array(copy(0, 4)),
      dy: new Float32Array(copy(4, 4)),
    };
  }

  /** Vectors of `current` against `previous`, planar RGB both, whichever were taken before. */
  between(current: Uint8Array, previous: Uint8Array): BlockMotion {
    if (this.#last !== previous) {
      this.takeRgb(previous);
      this.forget();
    }
    this.takeRgb(current);
    this.#last = current;
    return this.motion();
  }

  /** Search of the next picture's vectors does not begin with those of the pictures before: they come out as at first. */
  forget(): void {
    this.kernels.bytes(this.#records, RECORD_BYTES * this.#blocks).fill(0);
  }

  /** The plane of the picture before the last is the next one's. */
  #nextPlane(): number {
    [this.#current, this.#previous] = [this.#previous, this.#current];
    this.#taken++;
    this.#last = undefined;
    return this.#current;
  }

  #enter(bytes: Uint8Array): number {
    if (bytes.length > this.#room) {
      this.#entry = this.kernels.add(bytes.length);
      this.#room = bytes.length;
    }
    this.kernels.bytes(this.#entry, bytes.length).set(bytes);
    return this.#entry;
  }
}
