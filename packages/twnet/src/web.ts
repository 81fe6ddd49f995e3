/**
 * Segmenting in a browser, of files that never leave the machine, cameras and screens. Needs the packages `onnxruntime-web`
 * and `mediabunny` (optional peers of this one), and a bundler.
 *
 * @module twnet/web
 */
export { CAMVID, CITYSCAPES, CLASS_TABLES, type ClassTable, IGNORE_LABEL } from '@twnet/core/classes';
export { InputError, PartialInputError, TwnetError } from '@twnet/core/errors';
export type { BlockMotion, PictureType, VideoFrame } from '@twnet/core/frame';
export type { ModelCard } from '@twnet/core/model/model-card';
export type { PictureSize } from '@twnet/core/runtime/frame-call';
export type { ModelNetworks } from '@twnet/core/runtime/networks';
export { Overlay } from '@twnet/core/segment/overlay';
export type { KeyFrameRule } from '@twnet/core/segment/schedule';
export type { SegmentOptions } from '@twnet/core/segment/segment-options';
export type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
export { segmentVideo } from '@twnet/core/segment/segmenter';
export { chooseProvider, type Provider, threadsHere } from '@twnet/web/engine/provider';
export { loadKernels } from '@twnet/web/kernels/provide';
export { type ModelInput, readModel } from '@twnet/web/model/model';
export { type Assets, loadNetworks, type WebNetworksOptions } from '@twnet/web/networks/networks';
export type { SegmentInputOptions } from '@twnet/web/segment/input-options';
export { type OpeningSegmentation, segment, type VideoInput } from '@twnet/web/segment/segment';
export type { Segmentation } from '@twnet/web/segment/segmentation';
export { DecodedFile, type FileRange } from '@twnet/web/video/decoded-file';
export type { FileInput } from '@twnet/web/video/demux';
export type { VideoInfo } from '@twnet/web/video/info';
export { framesOf, type LiveInput, LivePictures } from '@twnet/web/video/live-pictures';
export { type OpenVideoOptions, Video } from '@twnet/web/video/open-video';
export type { PictureSource, SourceFrame } from '@twnet/web/video/source-frame';
