/** From Y, Cb and Cr to red, green and blue, by the factors of FFmpeg's swscale. */

export interface ColourTags {
  /** As WebCodecs names it; unknown and missing ones are BT.601, as FFmpeg takes them. */
  readonly matrix?: string | null;
  readonly fullRange?: boolean | null;
}

/** Of Cr in red, of Cb in blue, of Cb and of Cr in green, 16 bits after the point, limited range. */
const BT601 = [104597, 132201, 25675, 53279] as const;
const FACTORS: Readonly<Record<string, readonly [number, number, number, number]>> = {
  bt709: [117489, 138438, 13975, 34925],
  'bt2020-ncl': [110013, 140363, 12277, 42626],
};

/** For the kernel `planesToRgb`; none where the samples are red, green and blue. */
export function colourMatrix({ matrix, fullRange }: ColourTags): Int16Array | undefined {
  if (matrix === 'rgb') return undefined;
  const [redCr, blueCb, greenCb, greenCr] = FACTORS[matrix ?? ''] ?? BT601;
  const chroma = (fullRange ? 224 / 255 : 1) / 65536;
  const luma = fullRange ? 1 : 255 / 219;
  const scaled = [luma, redCr * chroma, -greenCb * chroma, -greenCr * chroma, blueCb * chroma];
  return Int16Array.of(
    fullRange ? 0 : 16 * 64,
    128 * 64,
    ...scaled.map((factor) => Math.round(factor * 2 ** 13)),
  );
}
