/** One interface for every layout of a data set on disk. */

import type { ClassTable } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { firstTen } from '@twnet/node/images/label-coding';
import type { History, LabelledStill } from './history.js';

export const DATA_SET_KINDS = ['camvid', 'camvid-original', 'cityscapes', 'folders'] as const;

/** camvid: SegNet's layout; camvid-original: 960×720 with 32 colours; folders: one's own data. */
export type DataSetKind = (typeof DATA_SET_KINDS)[number];

export const SPLITS = ['train', 'val', 'test'] as const;

export type Split = (typeof SPLITS)[number];

/** What a split's folders hold. */
export interface SplitListing {
  readonly stills: readonly LabelledStill[];
  /** Pictures and label files without a partner. */
  readonly unpaired: readonly string[];
  /** The split is published without labels: its pictures, which no figure can be made from. */
  readonly unlabelled?: readonly string[];
}

/** What a layout knows. */
export interface Layout {
  readonly kind: DataSetKind;
  readonly folder: string;
  readonly classes: ClassTable;
  /** The splits that are on disk. */
  readonly splits: readonly Split[];
  readonly list: (split: Split) => Promise<SplitListing>;
  /** The frames before the labelled ones; undefined where the layout has none. */
  readonly history?: History;
}

/** An open data set; nothing of its pictures is in memory. */
export class DataSet {
  constructor(private readonly layout: Layout) {}

  get kind(): DataSetKind {
    return this.layout.kind;
  }
  get folder(): string {
    return this.layout.folder;
  }
  get classes(): ClassTable {
    return this.layout.classes;
  }
  get splits(): readonly Split[] {
    return this.layout.splits;
  }
  get history(): History | undefined {
    return this.layout.history;
  }

  /** What is there, faults included. */
  list(split: Split): Promise<SplitListing> {
    return this.layout.list(split);
  }

  /**
   * The labelled stills of a split, by name; `loadStill` reads one.
   *
   * @throws InputError when the split is missing, empty or has no public labels, or files lack their partner
   */
  async stills(split: Split): Promise<readonly LabelledStill[]> {
    const { folder, splits } = this.layout;
    if (!splits.includes(split)) {
      throw new InputError(`${folder}: has no split '${split}'; it has ${splits.join(', ')}`);
    }
    const { stills, unpaired, unlabelled } = await this.list(split);
    if (unlabelled) {
      throw new InputError(`${folder}: its split '${split}' has no public labels; use val`);
    }
    if (unpaired.length > 0) throw new InputError(`${folder}: without a partner: ${firstTen(unpaired)}`);
    if (stills.length === 0) throw new InputError(`${folder}: its split '${split}' is empty`);
    return stills;
  }

  /** The split that figures are made on: test, or val where test has no labels. */
  get scoringSplit(): Split {
    const candidates: readonly Split[] = this.kind === 'cityscapes' ? ['val'] : ['test', 'val'];
    return candidates.find((split) => this.splits.includes(split)) ?? candidates[0];
  }
}
