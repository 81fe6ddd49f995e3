export { checkDataSet, type DataSetReport, type SplitReport } from './check.js';
export {
  EVALUATION_CLIP_LENGTH,
  type LabelledEnd,
  locateClips,
  readClips,
  TRAINING_CLIP_LENGTH,
} from './clips.js';
export {
  DATA_SET_KINDS,
  type DataSet,
  type DataSetKind,
  SPLITS,
  type Split,
  type SplitListing,
} from './data-set.js';
export type { ClipLocation, History, LabelledStill } from './history.js';
export { type OpenDataSetOptions, openDataSet } from './open.js';
export { SequenceClipSource, type Sequences } from './sequence-clip-source.js';
