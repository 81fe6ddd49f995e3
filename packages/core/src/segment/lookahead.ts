/** Frames that may wait for the next key frame: a second of most videos. From farther away little is left of a key frame. */
export const LOOKAHEAD = 30;
