/** Passes over whole label maps. */
import { SCRATCH } from './kernels.js';

/** A vector is read where a label is wanted. */
const MARGIN = 16;
/** Runs that are fetched at a time: those of a common frame at once, and little memory. */
const RUNS_AT_ONCE = 65536;

/**
 * Adds how many labels there are of each value.
 *
 * @param areas 256 counts
 */
export function addLabelAreas(labels: Uint8Array, areas: Uint32Array): void {
  const [at, sums] = SCRATCH.layOut(labels.length + MARGIN, 256 * 4);
  SCRATCH.bytes(at, labels.length).set(labels);
  const counts = SCRATCH.integers(sums, 256).fill(0);
  SCRATCH.run.addAreas(at, labels.length, sums);
  for (let label = 0; label < 256; label++) areas[label] += counts[label] >>> 0;
}

/** The labels with each value replaced by its entry in `table`, 256 long. */
export function replaceLabels(labels: Uint8Array, table: Uint8Array): Uint8Array {
  const [at, entries] = SCRATCH.layOut(labels.length, 256);
  const copy = SCRATCH.bytes(at, labels.length);
  copy.set(labels);
  SCRATCH.bytes(entries, 256).set(table);
  SCRATCH.run.mapLabels(at, labels.length, entries);
  return copy.slice();
}

/**
 * Calls `onRun` for every run of one label in a map's columns, from top to bottom and left to right; a run goes on from
 * a column to the next.
 *
 * @param onRun the label, the position where it begins (`height` · column + row) and where it has ended
 */
export function columnRuns(
  labels: Uint8Array,
  width: number,
  height: number,
  onRun: (label: number, start: number, end: number) => void,
): void {
  const count = labels.length;
  const [at, columns, list] = SCRATCH.layOut(count, count + MARGIN, 4 * RUNS_AT_ONCE);
  SCRATCH.bytes(at, count).set(labels);
  SCRATCH.run.transposeLabels(at, width, height, columns);
  const turned = SCRATCH.bytes(columns, count);
  const starts = SCRATCH.integers(list, RUNS_AT_ONCE);
  let begun = 0;
  for (let from = 0; ; ) {
    const found = SCRATCH.run.labelRuns(columns, count, from, list, RUNS_AT_ONCE);
    for (let i = 0; i < found; i++) {
      const start = starts[i] >>> 0;
      if (start > begun) onRun(turned[begun], begun, start);
      begun = start;
    }
    if (found < RUNS_AT_ONCE) break;
    from = begun + 1;
  }
  if (count > begun) onRun(turned[begun], begun, count);
}
