/** Parts of the coded picture that are not to be shown: cut off by the stream or by the container. */
import { AV_PIX_FMT_RGBA, AV_PKT_DATA_FRAME_CROPPING } from 'node-av/constants';
import type { Frame, Stream } from 'node-av/lib';
import type { FilterSpec } from './filter-chain.js';
import { allocateFrame } from './format-converter.js';
import type { Size } from './scaling.js';

/** Pixels cut off at each edge. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where a picture begins in the one that it was cut from, pixels. */
export type Corner = Pick<Crop, 'left' | 'top'>;

const NO_CORNER: Corner = { left: 0, top: 0 };

/**
 * Cuts a frame as its stream says (H.264's frame cropping), where the decoder was told to leave that
 * (`apply_cropping=0`).
 *
 * @returns where the frame's corner lay in the coded picture, in which vectors are given
 */
export function cropDecoded(frame: Frame): Corner {
  const { width, height } = frame;
  // node-av does not show a frame's crop fields, but hands them on.
  using ruler = frame.clone()!;
  frame.applyCropping();
  const [across, down] = [width - frame.width, height - frame.height];
  if (across === 0 && down === 0) return NO_CORNER;
  return measureCorner(ruler, across, down);
}

/** A picture one pixel larger than what is cut off, whose pixels hold their places: the one that stays tells the corner. */
function measureCorner(uncropped: Frame, across: number, down: number): Corner {
  const size = { width: across + 1, height: down + 1 };
  using places = allocateFrame({ ...size, format: AV_PIX_FMT_RGBA });
  const [stride] = places.linesize;
  const [bytes] = places.data!;
  for (let y = 0; y <= down; y++) {
    for (let x = 0; x <= across; x++) {
      bytes.writeUInt16LE(x, y * stride + 4 * x);
      bytes.writeUInt16LE(y, y * stride + 4 * x + 2);
    }
  }
  places.copyProps(uncropped);
  places.applyCropping();
  const [kept] = places.data!;
  return { left: kept.readUInt16LE(0), top: kept.readUInt16LE(2) };
}

/** What the container cuts off (Matroska's PixelCrop, MP4's clap); undefined if nothing. */
export function containerCrop({ codecpar }: Stream): Crop | undefined {
  const bytes = codecpar.getCodedSideData(AV_PKT_DATA_FRAME_CROPPING);
  if (!bytes || bytes.byteLength < 16) return undefined;
  const [top, bottom, left, right] = [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at));
  return top + bottom + left + right > 0 ? { left, top, right, bottom } : undefined;
}

/** What of a crop is left to show of a picture; undefined where it would leave nothing, and so cannot be meant. */
export function croppedSize({ width, height }: Size, { left, top, right, bottom }: Crop): Size | undefined {
  const size = { width: width - left - right, height: height - top - bottom };
  return size.width > 0 && size.height > 0 ? size : undefined;
}

/** FFmpeg's filter that cuts; to the pixel, also where chroma is coarser. */
export function cropFilter({ width, height }: Size, { left, top }: Crop): FilterSpec {
  return ['crop', `w=${width}:h=${height}:x=${left}:y=${top}:exact=1`];
}
