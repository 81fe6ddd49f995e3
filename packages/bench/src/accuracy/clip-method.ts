/** The ways from key frames to labels for every frame that `twnet benchmark clip` compares. */
export const CLIP_METHODS = [
  'twnet',
  'per-frame',
  'warp-alone',
  'prop-mv',
  'interp-mv',
  'dff',
  'taplab',
] as const;
export type ClipMethod = (typeof CLIP_METHODS)[number];
