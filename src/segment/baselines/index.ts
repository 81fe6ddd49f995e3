/** Other ways from key frames to labels for every frame, for comparison; each gives what `segmentVideo` gives. */
export type { BaselineFrame, BaselineOptions, KeyFrameNetwork } from './baseline.js';
export { deepFeatureFlow } from './dff.js';
export { interpMv } from './interp-mv.js';
export { propMv } from './prop-mv.js';
export { TAPLAB_NEW_SHARE, type TapLabOptions, tapLab } from './taplab.js';
export { type RegionShare, regionSize, TAPLAB_SHARE } from './taplab-regions.js';
