/**
 * Label maps as COCO's run-length encoded masks (maskApi.c of cocodataset/cocoapi): columns from left to right, each
 * from top to bottom; runs of 0 and 1 in turns, of 0 first; the counts written as text.
 */
import { columnRuns } from '../kernels/label-maps.js';

export interface CocoMask {
  /** The class id. */
  readonly label: number;
  /** COCO's compressed counts. */
  readonly counts: string;
  /** Pixels. */
  readonly area: number;
  /** The smallest rectangle that holds it: x, y, width, height, pixels. */
  readonly bbox: readonly [number, number, number, number];
}

/** The masks of all classes below `classes` that a label map has, by id. */
export function cocoMasks(labels: Uint8Array, width: number, height: number, classes: number): CocoMask[] {
  const masks: (MaskBuilder | undefined)[] = [];
  columnRuns(labels, width, height, (label, start, end) => {
    if (label >= classes) return;
    masks[label] ??= new MaskBuilder(height);
    masks[label].add(start, end);
  });
  return masks.flatMap((mask, label) => (mask ? [{ label, ...mask.finish(labels.length) }] : []));
}

class MaskBuilder {
  readonly #text = new CountText();
  #end = 0;
  #area = 0;
  #left = -1;
  #right = -1;
  #top: number;
  #bottom = -1;

  constructor(readonly height: number) {
    this.#top = height;
  }

  add(start: number, end: number): void {
    const { height } = this;
    this.#text.add(start - this.#end);
    this.#text.add(end - start);
    this.#end = end;
    this.#area += end - start;
    const first = Math.floor(start / height);
    const last = Math.floor((end - 1) / height);
    if (this.#left < 0) this.#left = first;
    this.#right = last;
    // What goes on into the next column has that one's top and this one's bottom.
    this.#top = first < last ? 0 : Math.min(this.#top, start - first * height);
    this.#bottom = first < last ? height - 1 : Math.max(this.#bottom, end - 1 - last * height);
  }

  finish(count: number): Omit<CocoMask, 'label'> {
    if (this.#end < count) this.#text.add(count - this.#end);
    const [left, top] = [this.#left, this.#top];
    return {
      counts: this.#text.toString(),
      area: this.#area,
      bbox: [left, top, this.#right - left + 1, this.#bottom - top + 1],
    };
  }
}

/** Counts as COCO writes them: from the fourth on less the last but one, five bits a character from 48. */
class CountText {
  #bytes = new Uint8Array(256);
  #length = 0;
  #count = 0;
  #last = 0;
  #lastButOne = 0;

  add(count: number): void {
    // 32 bits take at most seven characters.
    if (this.#length + 7 > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    let rest = this.#count > 2 ? count - this.#lastButOne : count;
    for (let more = true; more; ) {
      const bits = rest & 31;
      rest >>= 5;
      more = bits & 16 ? rest !== -1 : rest !== 0;
      this.#bytes[this.#length++] = 48 + bits + (more ? 32 : 0);
    }
    this.#lastButOne = this.#last;
    this.#last = count;
    this.#count++;
  }

  toString(): string {
    return new TextDecoder().decode(this.#bytes.subarray(0, this.#length));
  }
}
