/** Labels of a picture beside others of it, which may have another size. */
import { IGNORE_LABEL } from '@twnet/core/classes';

export interface LabelMap {
  /** Class ids, `height × width`. */
  readonly labels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Pixels of the reference that have a label, and how many of them have it in the other map, too, at their place there. */
export function equalLabels(
  reference: LabelMap,
  { labels, width, height }: LabelMap,
): { equal: number; pixels: number } {
  let [equal, pixels] = [0, 0];
  for (let y = 0, i = 0; y < reference.height; y++) {
    const row = Math.floor(((y + 0.5) * height) / reference.height) * width;
    for (let x = 0; x < reference.width; x++, i++) {
      const wanted = reference.labels[i];
      if (wanted === IGNORE_LABEL) continue;
      pixels++;
      if (labels[row + Math.floor(((x + 0.5) * width) / reference.width)] === wanted) equal++;
    }
  }
  return { equal, pixels };
}
