/** What a ray from the camera meets. */

/** Reused for every pixel. */
export interface Hit {
  /** CamVid's class id. */
  label: number;
  /** Metres along the street from the camera; infinite for the sky. */
  depth: number;
  r: number;
  g: number;
  b: number;
}

/** Where the camera is. */
export interface View {
  readonly x: number;
  readonly height: number;
  readonly z: number;
  /** Seconds; clouds drift. */
  readonly time: number;
  /** Width of a pixel at one metre, metres. */
  readonly pixel: number;
}

export function setHit(hit: Hit, label: number, depth: number, r: number, g: number, b: number): true {
  hit.label = label;
  hit.depth = depth;
  hit.r = r;
  hit.g = g;
  hit.b = b;
  return true;
}
