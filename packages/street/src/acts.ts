/** What moves near the camera, where it is and where it was a frame before. */
import type { BuiltBlock } from './block.js';
import type { CameraState } from './drive.js';
import type { Mover } from './site.js';
import { type Actor, type Stance, stance, type WayTraffic } from './way-traffic.js';

/** What moves, at a frame and at the one before. */
export interface Act {
  readonly actor: Actor;
  readonly now: Stance;
  readonly earlier: Stance;
}

function actorOf({ parts, body, foot, track, start, speed, height, figure }: Mover): Actor {
  const at = (time: number): Stance | undefined => {
    const distance = start + speed * time;
    if (distance < 0 || distance > track.length) return undefined;
    return stance(track.at(distance), height, figure, distance, time);
  };
  return { parts, body, foot, at };
}

export function actsOf(
  blocks: readonly BuiltBlock[],
  traffic: WayTraffic,
  camera: CameraState,
  before: CameraState,
  time: number,
  timeBefore: number,
): Act[] {
  const list: Act[] = [];
  const add = (actor: Actor): void => {
    const now = actor.at(time, camera.distance);
    // Nothing drives through the camera.
    if (!now || Math.hypot(now.x - camera.x, now.z - camera.z) < actor.foot[0] + 0.9) return;
    list.push({ actor, now, earlier: actor.at(timeBefore, before.distance) ?? now });
  };
  for (const { movers } of blocks) for (const mover of movers) add(actorOf(mover));
  for (const actor of traffic.actors(camera.distance, time)) add(actor);
  return list;
}
