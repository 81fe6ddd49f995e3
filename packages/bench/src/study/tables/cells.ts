/** How figures are written in tables. */
import type { Cell } from '../../report/document.js';

/** A share as percent with one decimal; nothing for what is not a number. */
export function percent(share: number | null | undefined): Cell {
  return typeof share === 'number' && Number.isFinite(share) ? (100 * share).toFixed(1) : undefined;
}

/** A ratio with three decimals. */
export function ratio(value: number | undefined): Cell {
  return value !== undefined && Number.isFinite(value) ? value.toFixed(3) : undefined;
}

export function times(value: number | undefined): Cell {
  return value !== undefined && Number.isFinite(value) ? `${value.toFixed(2)}×` : undefined;
}

export const tick = (there: boolean): string => (there ? '✓' : '');
