/**
 * Streams of random numbers of a training, `seededRandom(seed, number, stream)`: every kind of draw has its own, so that
 * none repeats another's numbers.
 */
export const STREAM = {
  /** Order of the stills in an epoch. */
  stillOrder: 1,
  /** Scale, crop, flip and light of a still in a batch. */
  stillSampling: 2,
  keyStart: 3,
  nonKeyStart: 4,
  /** A clip made from a still: which still, camera, objects, quantiser. */
  stillClip: 5,
  streetStill: 6,
  streetClip: 7,
  /** Whether, where and to which still a clip jumps. */
  jump: 8,
  clipSampling: 9,
  sequenceOrder: 10,
  sequenceQuantiser: 11,
  /** Clips and windows of a step of the correction stage. */
  correctionWindows: 12,
  /** Codec, quality and pan of a compressed still. */
  stillCompression: 20,
  /** A clip of an operating point's training: where in which video, window, size, coding; and its frames learnt on. */
  pointClip: 21,
  pointFrames: 22,
  pointStart: 23,
  /** Whether a frame is learnt on as if no key frame came after it. */
  pointForward: 24,
  /** Adapting to footage: frames of a group that are learnt on; samples and windows of a step. */
  adaptFrames: 40,
  adaptWindows: 41,
} as const;

/** What a configuration's seed is raised by for draws that use the same streams for another purpose. */
export const SEED_OFFSET = { validation: 1_000_003, correction: 2_000_003, street: 3_000_017 } as const;
