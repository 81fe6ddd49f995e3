/** A damaged or hostile header may claim any size; 8192 × 8192 is more than 8K video has. */
export const MOST_PIXELS = 8192 * 8192;
