/// <reference types="node" preserve="true" />
/** The paper's tables and figures from measurements that are kept, so that a study can be stopped and go on. */

export { begunStamp } from './begun-stamp.js';
export type { ClipProtocol } from './clip-score.js';
export { type MeasuredStudy, measureStudy, type StudyOptions, type StudyProgress } from './measure.js';
export { Measurements } from './measurements.js';
export type { ReportContents } from './paper-report.js';
export { type SpeedsOptions, studySpeeds } from './speeds.js';
export { folderClip, type StreetClipSettings, type StudyClip, streetClip } from './study-clip.js';
export { openStudyModel, type StudyModel } from './study-model.js';
export { writeReport } from './write-report.js';
