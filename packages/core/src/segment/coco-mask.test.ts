import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CocoMask, cocoMasks } from './coco-mask.js';

/** Made with the C code of pycocotools. */
const { maps } = JSON.parse(
  readFileSync(new URL('../../../../test/fixtures/coco-masks.json', import.meta.url), 'utf8'),
) as { maps: { width: number; height: number; labels: string; masks: CocoMask[] }[] };

describe('COCO masks', () => {
  it.each(maps)('are those of the reference, $width×$height', ({ width, height, labels, masks }) => {
    expect(cocoMasks(Buffer.from(labels, 'base64'), width, height, 20)).toEqual(masks);
  });

  it('leave out the labels that are no class', () => {
    const labels = Uint8Array.of(255, 3, 2, 255);
    expect(cocoMasks(labels, 2, 2, 3)).toEqual([{ label: 2, counts: '112', area: 1, bbox: [0, 1, 1, 1] }]);
  });

  it('hold the runs of a full-size frame', () => {
    const labels = new Uint8Array(3840 * 2160).fill(1);
    labels[0] = 0;
    const [first, second] = cocoMasks(labels, 3840, 2160, 2);
    expect(first).toMatchObject({ area: 1, bbox: [0, 0, 1, 1] });
    expect(second).toMatchObject({ area: 3840 * 2160 - 1, bbox: [0, 0, 3840, 2160] });
  });
});
