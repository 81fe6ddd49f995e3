/** Passes over whole label maps. */
import { scratch } from './kernels.js';

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
  const kernels = scratch();
  const [at, sums] = kernels.layOut(labels.length + MARGIN, 256 * 4);
  kernels.bytes(at, labels.length).set(labels);
  const counts = kernels.integers(sums, 256).fill(0);
  kernels.run.addAreas(at, labels.length, sums);
  for (let label = 0; label < 256; label++) areas[label] += counts[label] >>> 0;
}

/** The labels with each value replaced by its entry in `table`, 256 long. */
export function replaceLabels(labels: Uint8Array, table: Uint8Array): Uint8Array {
  const kernels = scratch();
  const [at, entries] = kernels.layOut(labels.length, 256);
  const copy = kernels.bytes(at, labels.length);
  copy.set(labels);
  kernels.bytes(entries, 256).set(table);
  kernels.run.mapLabels(at, labels.length, entries);
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
  const kernels = scratch();
  const [at, columns, list] = kernels.layOut(count, count + MARGIN, 4 * RUNS_AT_ONCE);
  kernels.bytes(at, count).set(labels);
  kernels.run.transposeLabels(at, width, height, columns);
  const turned = kernels.bytes(columns, count);
  const starts = kernels.integers(list, RUNS_AT_ONCE);
  let begun = 0;
  for (let from = 0; ; ) {
    const found = kernels.run.labelRuns(columns, count, from, list, RUNS_AT_ONCE);
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
