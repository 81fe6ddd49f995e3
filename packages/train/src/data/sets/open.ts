/** Opens a data set of any layout. */
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { isOriginalCamVid, openOriginalCamVid, openSegNetCamVid } from './camvid-layouts.js';
import { openCityscapes } from './cityscapes.js';
import { DataSet, type DataSetKind, type Layout } from './data-set.js';
import { isFolder } from './listing.js';
import { openPlainFolders } from './plain-folders.js';

const OPEN: Readonly<Record<DataSetKind, (folder: string) => Promise<Layout>>> = {
  camvid: openSegNetCamVid,
  'camvid-original': openOriginalCamVid,
  cityscapes: openCityscapes,
  folders: openPlainFolders,
};

export interface OpenDataSetOptions {
  /** The layout; told from the folder's contents where nothing is said. */
  readonly kind?: DataSetKind;
}

/**
 * Opens a data set. Nothing but folders is read.
 *
 * @throws InputError when the folder is missing or has no known layout, or its class table is unusable
 */
export async function openDataSet(folder: string, { kind }: OpenDataSetOptions = {}): Promise<DataSet> {
  if (!(await isFolder(folder))) throw new InputError(`${folder}: is no folder; give a data set's folder`);
  const layout = await OPEN[kind ?? (await detectKind(folder))](folder);
  if (layout.splits.length === 0)
    throw new InputError(
      `${folder}: has no split of the layout '${layout.kind}'; docs/guide/data.md shows layouts`,
    );
  return new DataSet(layout);
}

async function detectKind(folder: string): Promise<DataSetKind> {
  const has = (...names: string[]): Promise<boolean> => isFolder(join(folder, ...names));
  if (await has('leftImg8bit')) return 'cityscapes';
  if (await isOriginalCamVid(folder)) return 'camvid-original';
  if (await has('images')) return 'folders';
  if ((await has('train')) || (await has('test')) || (await has('trainannot'))) return 'camvid';
  throw new InputError(
    `${folder}: has no known layout: Cityscapes has leftImg8bit, CamVid train and trainannot or 701_StillsRaw_full, one's own data images and labels; docs/guide/data.md shows layouts`,
  );
}
