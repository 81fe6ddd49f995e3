/**
 * What frames say of their colours, as far as swscale can use it. Damaged streams and rare ones (ICtCp, logarithmic
 * curves) say other things: swscale then refuses the frame, and on the primaries 13 to 21, which no standard
 * defines, it reads past its table and ends the process (measured with FFmpeg 8.1).
 */
import {
  AVCHROMA_LOC_BOTTOM,
  AVCHROMA_LOC_UNSPECIFIED,
  AVCOL_PRI_BT470M,
  AVCOL_PRI_BT709,
  AVCOL_PRI_EBU3213,
  AVCOL_PRI_SMPTE432,
  AVCOL_PRI_UNSPECIFIED,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_UNSPECIFIED,
  AVCOL_SPC_BT709,
  AVCOL_SPC_BT2020_NCL,
  AVCOL_SPC_FCC,
  AVCOL_SPC_RGB,
  AVCOL_SPC_SMPTE240M,
  AVCOL_SPC_UNSPECIFIED,
  AVCOL_TRC_ARIB_STD_B67,
  AVCOL_TRC_BT709,
  AVCOL_TRC_GAMMA22,
  AVCOL_TRC_IEC61966_2_4,
  AVCOL_TRC_LINEAR,
  AVCOL_TRC_UNSPECIFIED,
} from 'node-av/constants';
import type { Frame } from 'node-av/lib';

const within = (value: number, first: number, last: number) => value >= first && value <= last;

const knowsPrimaries = (tag: number) =>
  tag === AVCOL_PRI_BT709 || within(tag, AVCOL_PRI_BT470M, AVCOL_PRI_SMPTE432) || tag === AVCOL_PRI_EBU3213;

const knowsTransfer = (tag: number) =>
  tag === AVCOL_TRC_BT709 ||
  within(tag, AVCOL_TRC_GAMMA22, AVCOL_TRC_LINEAR) ||
  within(tag, AVCOL_TRC_IEC61966_2_4, AVCOL_TRC_ARIB_STD_B67);

const knowsMatrix = (tag: number) =>
  within(tag, AVCOL_SPC_RGB, AVCOL_SPC_BT709) ||
  within(tag, AVCOL_SPC_FCC, AVCOL_SPC_SMPTE240M) ||
  tag === AVCOL_SPC_BT2020_NCL;

/** Takes off the tags that swscale does not know; the others stay. */
export function dropUnknownTags(frame: Frame): void {
  if (!knowsPrimaries(frame.colorPrimaries)) frame.colorPrimaries = AVCOL_PRI_UNSPECIFIED;
  if (!knowsTransfer(frame.colorTrc)) frame.colorTrc = AVCOL_TRC_UNSPECIFIED;
  if (!knowsMatrix(frame.colorSpace)) frame.colorSpace = AVCOL_SPC_UNSPECIFIED;
  if (!within(frame.colorRange, AVCOL_RANGE_UNSPECIFIED, AVCOL_RANGE_JPEG))
    frame.colorRange = AVCOL_RANGE_UNSPECIFIED;
  if (!within(frame.chromaLocation, AVCHROMA_LOC_UNSPECIFIED, AVCHROMA_LOC_BOTTOM))
    frame.chromaLocation = AVCHROMA_LOC_UNSPECIFIED;
}

/** Takes off all, for frames whose known tags do not go together (an RGB matrix on YCbCr samples). */
export function dropTags(frame: Frame): Frame {
  frame.colorSpace = AVCOL_SPC_UNSPECIFIED;
  frame.colorPrimaries = AVCOL_PRI_UNSPECIFIED;
  frame.colorTrc = AVCOL_TRC_UNSPECIFIED;
  frame.colorRange = AVCOL_RANGE_UNSPECIFIED;
  return frame;
}
