/** How a `VideoFrame` of each format holds its samples. */

/** One component in a plane. */
export interface Component {
  readonly plane: number;
  /** Bytes of the first sample in its line, and from one sample to the next. */
  readonly offset: number;
  readonly step: number;
  /** It has a sample for so many pixels, as powers of two. */
  readonly across: number;
  readonly down: number;
}

export interface PixelFormat {
  /** Y, Cb, Cr; or red, green, blue. */
  readonly components: readonly [Component, Component, Component];
  readonly isRgb: boolean;
  /** Bits that samples have beyond eight. */
  readonly shift: number;
}

/** In planes of their own. */
function planar(across: number, down: number, bits = 8): PixelFormat {
  const step = bits > 8 ? 2 : 1;
  const chroma = (plane: number): Component => ({ plane, offset: 0, step, across, down });
  const luma = { plane: 0, offset: 0, step, across: 0, down: 0 };
  return { components: [luma, chroma(1), chroma(2)], isRgb: false, shift: bits - 8 };
}

/** One plane for all. */
function packed(offsets: readonly [number, number, number]): PixelFormat {
  const [red, green, blue] = offsets.map((offset) => ({ plane: 0, offset, step: 4, across: 0, down: 0 }));
  return { components: [red, green, blue], isRgb: true, shift: 0 };
}

const NV12: PixelFormat = {
  components: [
    { plane: 0, offset: 0, step: 1, across: 0, down: 0 },
    { plane: 1, offset: 0, step: 2, across: 1, down: 1 },
    { plane: 1, offset: 1, step: 2, across: 1, down: 1 },
  ],
  isRgb: false,
  shift: 0,
};

const FORMATS: Readonly<Record<string, PixelFormat>> = {
  ...{ I420: planar(1, 1), I420A: planar(1, 1), I420P10: planar(1, 1, 10), I420P12: planar(1, 1, 12) },
  ...{ I422: planar(1, 0), I422A: planar(1, 0), I422P10: planar(1, 0, 10), I422P12: planar(1, 0, 12) },
  ...{ I444: planar(0, 0), I444A: planar(0, 0), I444P10: planar(0, 0, 10), I444P12: planar(0, 0, 12) },
  NV12,
  ...{ RGBA: packed([0, 1, 2]), RGBX: packed([0, 1, 2]), BGRA: packed([2, 1, 0]), BGRX: packed([2, 1, 0]) },
};

/** None of a format that is not known, or of frames that do not say theirs. */
export function pixelFormat(name: string | null): PixelFormat | undefined {
  return name === null ? undefined : FORMATS[name];
}
