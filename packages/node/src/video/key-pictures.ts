/** Pictures of the size that the key-frame network sees, made of those frames that are asked for. */
import type { Frame } from 'node-av/lib';
import { PlacedPictures } from './placed-pictures.js';
import type { Look, Placement } from './placement.js';
import type { Size } from './scaling.js';

/** Frames whose decoded pictures are held at a time: those that a segmenter reads ahead, and a few. */
const MOST_HELD = 6;

/** As frames have it: see `VideoFrame.keyPicture`. */
export type TakeKeyPicture = () => Promise<Uint8Array>;

/** What is known of one frame's picture. */
interface Entry {
  readonly index: number;
  readonly place: Placement;
  /** As it was decoded, while it is held. */
  decoded: Frame | undefined;
  made: Promise<Uint8Array> | undefined;
}

export class KeyPictures implements AsyncDisposable {
  private readonly pictures: PlacedPictures;
  /** The oldest first. */
  private readonly held = new Set<Entry>();
  private readonly entries = new WeakMap<TakeKeyPicture, Entry>();
  /** One is made at a time: there is one converter. */
  private last: Promise<unknown> = Promise.resolve();
  private making = 0;
  private ended = false;

  /**
   * @param first how the first picture looks
   * @param size that it gets, before it is turned
   * @param name of the video, for errors
   */
  constructor(
    first: Look,
    size: Size,
    private readonly name: string,
  ) {
    this.pictures = new PlacedPictures(first, size, name);
  }

  /** Of the pictures, as displayed. */
  get size(): Size {
    return this.pictures.size;
  }

  placeOf(look: Look): Placement {
    return this.pictures.placeOf(look);
  }

  /** Holds a frame's decoded picture, which stays the caller's, and gives what makes a key picture of it. */
  hold(index: number, decoded: Frame, place: Placement): TakeKeyPicture {
    const entry: Entry = { index, place, decoded: decoded.clone()!, made: undefined };
    this.held.add(entry);
    for (const oldest of this.held) {
      if (this.held.size <= MOST_HELD) break;
      this.letGo(oldest);
    }
    const take: TakeKeyPicture = () => this.take(entry);
    this.entries.set(take, entry);
    return take;
  }

  /** The frame that this is of is done with: the picture's memory is used again. */
  recycle(take: TakeKeyPicture): void {
    const entry = this.entries.get(take);
    if (!entry) return;
    this.entries.delete(take);
    this.letGo(entry);
    const { made } = entry;
    entry.made = undefined;
    made?.then(
      (pixels) => this.pictures.recycle(pixels),
      () => undefined,
    );
    this.closeIfDone();
  }

  /** No frame will come any more; those that are held can still be asked for. */
  end(): void {
    this.ended = true;
    this.closeIfDone();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const entry of this.held) this.letGo(entry);
    await this.last;
    this.end();
  }

  private async take(entry: Entry): Promise<Uint8Array> {
    if (!entry.made && !entry.decoded)
      throw new Error(
        `${this.name}: the key picture of frame ${entry.index} is no longer there: ask before ${MOST_HELD} later frames are read`,
      );
    entry.made ??= this.make(entry);
    return entry.made;
  }

  private make(entry: Entry): Promise<Uint8Array> {
    const { place } = entry;
    const decoded = entry.decoded!;
    // It frees itself.
    entry.decoded = undefined;
    this.held.delete(entry);
    this.making += 1;
    const made = this.last.then(() => this.pictures.convert(decoded, place));
    const done = () => {
      decoded.free();
      this.making -= 1;
      this.closeIfDone();
    };
    this.last = made.then(done, done);
    return made;
  }

  private letGo(entry: Entry): void {
    entry.decoded?.free();
    entry.decoded = undefined;
    this.held.delete(entry);
  }

  private closeIfDone(): void {
    if (this.ended && this.held.size === 0 && this.making === 0) this.pictures[Symbol.dispose]();
  }
}
