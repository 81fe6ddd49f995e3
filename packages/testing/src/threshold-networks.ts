import type { Networks } from '@twnet/core/runtime/networks';
import { keepingNetworks } from '@twnet/core/segment/keeping-networks';

/**
 * The simplest segmenter, for tests of what is measured on segmenters: class 1 where red is brighter than half.
 * Its context feature is its scores at stride 4; non-key frames take over the warped ones.
 */
export function thresholdNetworks(width: number, height: number): Networks {
  return keepingNetworks({
    ...{ width, height, classes: 2, layer: 3, contextChannels: 2, contextStride: 4, usesResidual: false },
    async key(pixels) {
      const columns = Math.ceil(width / 4);
      const cells = columns * Math.ceil(height / 4);
      const scores = new Float32Array(2 * cells);
      for (let cell = 0; cell < cells; cell++) {
        const x = 4 * (cell % columns) + 2;
        const y = 4 * Math.floor(cell / columns) + 2;
        scores[cells + cell] = pixels[y * width + x] / 127.5 - 1;
      }
      return { scores, context: scores };
    },
    async nonKey(_pixels, warped) {
      return { scores: warped, context: warped };
    },
  });
}
