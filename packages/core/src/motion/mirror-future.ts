/** B-frames: blocks that refer only to the future. */
import type { BlockMotion } from '../frame.js';

/** Largest ratio of the two references' distances that is believed; codecs place few B-frames in a row. */
const LARGEST_RATIO = 8;

/**
 * Takes motion to be even: a block that came from nowhere in the past reference but goes to the future one by Mv⁺
 * came from the past one by −Mv⁺ · d⁻/d⁺, the frames' distances. Blocks with a vector into the past keep it alone.
 * d⁻/d⁺ is fitted to the blocks that refer both ways (least squares of Mv⁻ on −Mv⁺), else 1.
 *
 * @returns motion all of whose entries refer to the past (direction −1)
 */
export function mirrorFuture(motion: BlockMotion): BlockMotion {
  if (!motion.direction.some((direction) => direction > 0)) return motion;
  const past = new Map<number, number>();
  for (let b = 0; b < motion.count; b++) if (motion.direction[b] < 0) past.set(placeOf(motion, b), b);
  const ratio = distanceRatio(motion, past);
  const kept = Array.from({ length: motion.count }, (_, b) => b).filter(
    (b) => motion.direction[b] < 0 || !past.has(placeOf(motion, b)),
  );
  const turn = (values: Float32Array): Float32Array =>
    Float32Array.from(kept, (b) => (motion.direction[b] < 0 ? values[b] : -values[b] * ratio));
  return {
    count: kept.length,
    direction: new Int8Array(kept.length).fill(-1),
    x: Int16Array.from(kept, (b) => motion.x[b]),
    y: Int16Array.from(kept, (b) => motion.y[b]),
    width: Uint8Array.from(kept, (b) => motion.width[b]),
    height: Uint8Array.from(kept, (b) => motion.height[b]),
    dx: turn(motion.dx),
    dy: turn(motion.dy),
  };
}

/** A number for the place of a block's corner: entries of both directions share it. */
const placeOf = ({ x, y }: BlockMotion, b: number): number => y[b] * 65_536 + x[b];

function distanceRatio(motion: BlockMotion, past: ReadonlyMap<number, number>): number {
  let products = 0;
  let squares = 0;
  for (let b = 0; b < motion.count; b++) {
    if (motion.direction[b] < 0) continue;
    const other = past.get(placeOf(motion, b));
    if (other === undefined) continue;
    products -= motion.dx[b] * motion.dx[other] + motion.dy[b] * motion.dy[other];
    squares += motion.dx[b] ** 2 + motion.dy[b] ** 2;
  }
  const ratio = products / squares;
  return ratio >= 1 / LARGEST_RATIO && ratio <= LARGEST_RATIO ? ratio : 1;
}
