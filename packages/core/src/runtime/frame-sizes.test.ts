import { describe, expect, it } from 'vitest';
import { frameSizes, sizesFor } from './frame-sizes.js';

const SEGMENTER = { architecture: 'segmenter' } as const;
const size = (width: number, height: number) => ({ width, height });

describe('frameSizes', () => {
  it('of a segmenter: labels of the key pictures, scores of 8 × 8 of their pixels', () => {
    const sizes = frameSizes(SEGMENTER, { ...size(683, 384), keySize: size(1365, 768) });
    expect(sizes).toMatchObject({ given: size(1365, 768), enlarges: false, labels: size(1365, 768) });
    expect(sizes.scores).toEqual({ rows: 96, columns: 171, labels: { ...size(1365, 768), stride: 8 } });
  });

  it('of a segmenter whose key pictures are enlarged frames: labels of the frames', () => {
    const sizes = frameSizes(SEGMENTER, size(481, 361));
    expect(sizes).toMatchObject({ given: size(481, 361), key: size(962, 722), enlarges: true });
    expect(sizes.scores).toEqual({ rows: 91, columns: 121, labels: { ...size(481, 361), stride: 4 } });
  });

  it('of the network of key frames alone: frames are what it sees', () => {
    const asked = { ...size(963, 720), keySize: size(963, 720), labelSize: size(482, 360), perFrame: true };
    expect(frameSizes(SEGMENTER, asked)).toMatchObject({ key: size(963, 720), enlarges: false });
    expect(frameSizes(SEGMENTER, asked).scores.labels).toEqual({ ...size(482, 360), stride: 4 });
    expect(() => frameSizes(SEGMENTER, { ...asked, perFrame: false })).toThrow(RangeError);
  });

  it('that do not go together are refused', () => {
    expect(() => frameSizes(SEGMENTER, { ...size(480, 360), keySize: size(962, 720) })).toThrow(
      'networks: key pictures of 962×720 for frames of 480×360; not twice that',
    );
    expect(() => frameSizes(SEGMENTER, { ...size(480, 360), labelSize: size(240, 180) })).toThrow(
      'networks: labels of 240×180 for key pictures of 960×720; neither that nor half of it',
    );
    expect(() => frameSizes({}, { ...size(480, 360), keySize: size(960, 720) })).toThrow(RangeError);
  });

  it('of a video: labels have its own size where they can', () => {
    const small = { ...size(480, 360), keyWidth: 960, keyHeight: 720, scale: 2 };
    expect(sizesFor(SEGMENTER, small)).toEqual({
      ...size(480, 360),
      keySize: size(960, 720),
      labelSize: size(480, 360),
    });
    const large = { ...size(1024, 512), keyWidth: 2048, keyHeight: 1024, scale: 1 };
    expect(sizesFor(SEGMENTER, large).labelSize).toEqual(size(2048, 1024));
    expect(sizesFor({}, small)).toEqual(size(480, 360));
  });
});
