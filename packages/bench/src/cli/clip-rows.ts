/** The rows below the distances that the tables of `twnet benchmark clip` share. */

import { percent } from '../../../twnet/src/cli/print-report.js';
import type { ClipFigures } from '../accuracy/clip-figures.js';

type Cell = (figures: ClipFigures) => string;

/** Label and cell of each row; what was not asked for or the clip is too short for is left out. */
export function clipRows(columns: readonly ClipFigures[]): [label: string, cell: Cell][] {
  const rows: [string, (figures: ClipFigures) => number | undefined][] = [
    ['all', ({ meanIou }) => meanIou],
    ['mean', ({ meanOverDistances }) => meanOverDistances],
    ['uniform', ({ uniformDistance }) => uniformDistance?.expected],
    ['boundary', ({ boundaryMeanIou }) => boundaryMeanIou],
    ['VC8', ({ videoConsistency }) => videoConsistency.vc8],
    ['VC16', ({ videoConsistency }) => videoConsistency.vc16],
  ];
  return rows
    .filter(([, value]) => columns.some((column) => !Number.isNaN(value(column) ?? Number.NaN)))
    .map(([label, value]) => [label, (column) => percent(value(column))]);
}
