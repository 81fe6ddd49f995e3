import { IGNORE_LABEL } from '@twnet/core/classes';
import type { VideoFrame } from '@twnet/core/frame';
import { seededRandom } from '@twnet/core/random';
import { describe, expect, it } from 'vitest';
import type { Still } from './camvid.js';
import { makeStillClip } from './still-clip.js';

const WIDTH = 192;
const HEIGHT = 128;

/** Patches of 24 × 24 pixels, each of a class that stands and of a texture of its own. */
function patchwork(): Still {
  const random = seededRandom(11);
  const area = WIDTH * HEIGHT;
  const labels = new Uint8Array(area);
  const pixels = new Uint8Array(3 * area);
  const patches = Array.from({ length: 64 }, () => ({ label: Math.floor(4 * random()), shade: random() }));
  const grain = Float32Array.from({ length: area / 4 }, () => random());
  for (let y = 0, i = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, i++) {
      const { label, shade } = patches[Math.floor(y / 24) * 8 + Math.floor(x / 24)];
      // Pole (2) would move on its own.
      labels[i] = label === 2 ? 5 : label;
      const texture = grain[(y >> 1) * (WIDTH / 2) + (x >> 1)];
      for (let plane = 0; plane < 3; plane++) pixels[plane * area + i] = 40 + 100 * shade + 80 * texture;
    }
  }
  return { name: 'patchwork', width: WIDTH, height: HEIGHT, pixels, labels };
}

/** Labels of the frame before, carried on by the codec's vectors (Eq. 2); ignored where there are none. */
function warped(labels: Uint8Array, { motion }: VideoFrame): Uint8Array {
  const out = new Uint8Array(labels.length).fill(IGNORE_LABEL);
  const clamp = (value: number, extent: number): number => Math.min(Math.max(value, 0), extent - 1);
  for (let block = 0; block < motion.count; block++) {
    for (let y = motion.y[block]; y < Math.min(motion.y[block] + motion.height[block], HEIGHT); y++) {
      for (let x = motion.x[block]; x < Math.min(motion.x[block] + motion.width[block], WIDTH); x++) {
        const sourceX = clamp(Math.round(x - motion.dx[block]), WIDTH);
        const sourceY = clamp(Math.round(y - motion.dy[block]), HEIGHT);
        out[y * WIDTH + x] = labels[sourceY * WIDTH + sourceX];
      }
    }
  }
  return out;
}

function disagreement(predicted: Uint8Array, truth: Uint8Array): { wrong: number; known: number } {
  let [wrong, known] = [0, 0];
  predicted.forEach((label, i) => {
    if (label === IGNORE_LABEL || truth[i] === IGNORE_LABEL) return;
    known += 1;
    if (label !== truth[i]) wrong += 1;
  });
  return { wrong, known };
}

describe('a made clip', () => {
  it('has labels that move as its vectors say', () => {
    const still = patchwork();
    const total = { warped: 0, stayed: 0, known: 0 };
    for (let index = 0; index < 6; index++) {
      const { frames, labels } = makeStillClip([still], index, { seed: 2, length: 4 });
      for (let t = 1; t < frames.length; t++) {
        const carried = disagreement(warped(labels[t - 1], frames[t]), labels[t]);
        total.warped += carried.wrong;
        total.known += carried.known;
        total.stayed += disagreement(labels[t - 1], labels[t]).wrong;
      }
    }
    expect(total.known).toBeGreaterThan(0.7 * 6 * 3 * WIDTH * HEIGHT);
    expect(total.warped / total.known).toBeLessThan(0.03);
    expect(total.warped).toBeLessThan(total.stayed / 2);
  });

  it('shows what was rendered: decoded pixels are near the still’s, shade by shade', () => {
    const { frames } = makeStillClip([patchwork()], 1, { seed: 2, length: 2 });
    for (const { pixels } of frames) {
      const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
      expect(mean).toBeGreaterThan(100);
      expect(mean).toBeLessThan(160);
    }
  });

  it('needs a still', () => {
    expect(() => makeStillClip([], 0, { seed: 1, length: 2 })).toThrow(/no stills/);
  });
});
