/** A report as data: what its pages, in HTML and in Markdown, are rendered from. */
import type { Recording } from '@twnet/core/segment/recording';

export interface Column {
  readonly name: string;
  /** Figures that the paper states: set apart from those that were measured. */
  readonly paper?: boolean;
}

/** A table's cell as text; without one: not measured. */
export type Cell = string | undefined;

export interface TableBlock {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  /** The first cell names the row. */
  readonly rows: readonly (readonly Cell[])[];
}

/** A chart, which scales to the room there is. */
export interface ChartBlock {
  readonly kind: 'chart';
  /** File name in the Markdown's folder of pictures, without an ending. */
  readonly name: string;
  readonly svg: string;
  /** What it shows, for those who do not see it. */
  readonly alt: string;
}

export interface PictureBlock {
  readonly kind: 'picture';
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly format: 'png' | 'webp' | 'jpeg';
  readonly alt: string;
}

export interface TextBlock {
  readonly kind: 'text';
  readonly text: string;
}

/** Clips to play, in HTML; one a report. */
export interface ViewerBlock {
  readonly kind: 'viewer';
  /** What there is to see, for those who can play them. */
  readonly about: string;
  readonly recordings: readonly Recording[];
}

export type Block = TableBlock | ChartBlock | PictureBlock | TextBlock | ViewerBlock;

export interface Section {
  /** Anchor, such as `table-3`. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
  /** The command that gives these figures alone. */
  readonly commands: readonly string[];
  /** What is missing, and what to do for it. */
  readonly missing: readonly string[];
}

export interface Report {
  readonly title: string;
  /** Paragraphs before the first section. */
  readonly about: readonly string[];
  readonly sections: readonly Section[];
}

/** Shown where nothing was measured. */
export const NOT_MEASURED = '–';
