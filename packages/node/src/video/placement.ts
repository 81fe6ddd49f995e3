/** Where a decoded picture lies in the frames that are handed out: turned, scaled, letterboxed. */
import type { BlockMotion } from '@twnet/core/frame';
import {
  type AskedOrientation,
  type Orientation,
  orientMotion,
  sameOrientation,
  swapsSides,
  turnedSize,
} from './orientation.js';
import { isSquare, type PixelAspect } from './pixel-aspect.js';
import { type Size, scaleMotion } from './scaling.js';

/** How a stream's pictures look at one moment: size as decoded, and how they are to be shown. */
export interface Look extends Size {
  readonly orientation: AskedOrientation;
  /** Of the decoded picture, before it is turned. */
  readonly aspect: PixelAspect;
}

export interface Placement {
  /** Size of the decoded picture. */
  readonly source: Size;
  /** Size it is scaled to, before it is turned. */
  readonly scaled: Size;
  readonly orientation: Orientation;
  /** Size of the frames that are handed out. */
  readonly frame: Size;
  /** Place of the turned picture in them; what it leaves is black. */
  readonly left: number;
  readonly top: number;
}

/** Places a stream's pictures in the frames of the first one. */
export class Placements {
  /** Size of the frames that are handed out. */
  readonly frame: Size;
  private readonly first: Placement;
  private last: { readonly look: Look; readonly place: Placement };

  /** @param scaled what the first picture is scaled to, before it is turned */
  constructor(
    private readonly firstLook: Look,
    scaled: Size,
  ) {
    this.first = placeFirst(firstLook, scaled);
    this.frame = this.first.frame;
    this.last = { look: firstLook, place: this.first };
  }

  /** The next picture's placement, and what changes with it, if anything does. */
  of(look: Look): { readonly place: Placement; readonly change: string | undefined } {
    const { firstLook, first, last } = this;
    if (sameLook(look, last.look)) return { place: last.place, change: undefined };
    const place = sameLook(look, firstLook) ? first : placeLater(look, firstLook, first);
    this.last = { look, place };
    return { place, change: describeChange(last.look, look, place) };
  }
}

function describeChange(from: Look, to: Look, { frame }: Placement): string {
  const resized = from.width !== to.width || from.height !== to.height;
  const what = resized
    ? `pictures change from ${from.width}×${from.height} to ${to.width}×${to.height}`
    : 'pictures are to be shown otherwise (turned, mirrored or with other pixels)';
  return `${what}: fitted into ${frame.width}×${frame.height}`;
}

function sameLook(a: Look, b: Look): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.aspect.num * b.aspect.den === b.aspect.num * a.aspect.den &&
    sameOrientation(a.orientation, b.orientation)
  );
}

/** The first picture's placement: it fills its frame. */
function placeFirst(look: Look, scaled: Size): Placement {
  const { width, height, orientation } = look;
  const frame = turnedSize(scaled, orientation);
  return { source: { width, height }, scaled, orientation, frame, left: 0, top: 0 };
}

/**
 * The placement of a picture that looks otherwise, in the frames of the first: as large as fits with its proportions
 * as shown, and centred.
 */
function placeLater(look: Look, first: Look, { frame }: Placement): Placement {
  const { width, height, orientation } = look;
  const turned = turnedSize(look, orientation);
  const shape = shownAspect(look) / shownAspect(first);
  const factor = Math.min(frame.width / (turned.width * shape), frame.height / turned.height);
  const side = (length: number, most: number): number => Math.min(most, Math.max(1, Math.round(length)));
  const inFrame = {
    width: side(turned.width * shape * factor, frame.width),
    height: side(turned.height * factor, frame.height),
  };
  return {
    source: { width, height },
    scaled: turnedSize(inFrame, orientation),
    orientation,
    frame,
    left: (frame.width - inFrame.width) >> 1,
    top: (frame.height - inFrame.height) >> 1,
  };
}

/** Width over height of a pixel as shown. */
function shownAspect({ aspect, orientation }: Look): number {
  if (isSquare(aspect)) return 1;
  return swapsSides(orientation) ? aspect.den / aspect.num : aspect.num / aspect.den;
}

/** Blocks of the decoded picture, as they are in the frame that is handed out. */
export function placeMotion(motion: BlockMotion, place: Placement): BlockMotion {
  const { source, scaled, orientation, left, top } = place;
  return shiftMotion(orientMotion(scaleMotion(motion, source, scaled), scaled, orientation), left, top);
}

/** Blocks moved by whole pixels; vectors stay. */
export function shiftMotion(motion: BlockMotion, right: number, down: number): BlockMotion {
  if (motion.count === 0 || (right === 0 && down === 0)) return motion;
  return { ...motion, x: motion.x.map((v) => v + right), y: motion.y.map((v) => v + down) };
}
