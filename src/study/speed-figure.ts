/** How fast a network configuration is, whatever measured it. */
import type { BackboneName, WarpLayer } from '../network/index.js';

export interface SpeedFigure {
  readonly backbone: BackboneName;
  readonly layer: WarpLayer;
  readonly width: number;
  readonly height: number;
  /** Frames a group of pictures has, one of them a key frame. */
  readonly gop: number;
  /** Medians, milliseconds: one frame of the networks alone, with the warp before it. */
  readonly network: { readonly key: number; readonly nonKey: number };
  /** Medians, milliseconds a frame of whole groups of pictures, from the file to labels of full size. */
  readonly endToEnd: { readonly perFrame: number; readonly propagated: number };
  /** Speed-ups of a whole group of pictures: medians of the rounds' own ratios. */
  readonly speedUp: { readonly network: number; readonly endToEnd: number };
}
