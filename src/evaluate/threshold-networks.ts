import type { FrameScores, SegmentationNetworks } from '../segment/networks.js';

/**
 * The simplest segmenter, for tests of what is measured on segmenters: class 1 where red is brighter than half.
 * Its context feature is its scores at stride 4; non-key frames take over the warped ones.
 */
export class ThresholdNetworks implements SegmentationNetworks {
  readonly classes = 2;
  readonly layer = 3;
  readonly contextChannels = 2;
  readonly contextStride = 4;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {}

  async keyFrame(pixels: Uint8Array): Promise<FrameScores> {
    const columns = Math.ceil(this.width / 4);
    const cells = columns * Math.ceil(this.height / 4);
    const scores = new Float32Array(2 * cells);
    for (let cell = 0; cell < cells; cell++) {
      const x = 4 * (cell % columns) + 2;
      const y = 4 * Math.floor(cell / columns) + 2;
      scores[cells + cell] = pixels[y * this.width + x] / 127.5 - 1;
    }
    return { scores, context: scores };
  }

  async nonKeyFrame(_pixels: Uint8Array, warped: Float32Array): Promise<FrameScores> {
    return { scores: warped, context: warped };
  }

  async close(): Promise<void> {}
}
