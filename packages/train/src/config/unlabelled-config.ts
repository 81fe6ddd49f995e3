/** The configuration's keys of pictures without labels, and of the network that labels them. */
import { z } from 'zod';

/** Keys of `data`. */
export const unlabelled = {
  /** Share of every batch from the videos that are given, each as often as the others. */
  videos: z.number().min(0).max(1).default(0.4),
  /** Share of every batch from the folders of pictures that are given, each as often as the others. */
  stills: z.number().min(0).max(1).default(0.3),
  /** Every so many frames of a video one is taken. */
  every: z.int().min(1).default(4),
  /** Frames of one video, at most. */
  most: z.int().min(2).default(100),
};

/** The network whose labels are the targets of pictures without. */
export const teacher = z.strictObject({
  /** At which it sees a picture; 0: by the picture's size, see `bestScale`. */
  scale: z.number().min(0).max(8).default(0),
  /** Pixels of which it is less sure are ignored. */
  confidence: z.number().min(0).max(1).default(0.5),
  /** It sees the mirror image too, and the mean of both counts. */
  mirrored: z.boolean().default(true),
  /**
   * Whose classes the model has where the data set's are others: 'teacher', whose labels are then the targets of the data
   * set's pictures too; 'data', into which the teacher's are merged.
   */
  classes: z.enum(['teacher', 'data']).default('teacher'),
});
