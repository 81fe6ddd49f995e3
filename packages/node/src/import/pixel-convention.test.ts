import { describe, expect, it } from 'vitest';
import { type PixelConvention, parsePreprocessor, pixelConvention } from './pixel-convention.js';

const parse = (value: unknown) => parsePreprocessor(JSON.stringify(value), 'preprocessor_config.json');
/** What an 8-bit grey becomes in the first channel. */
const entered = ({ mean, deviation }: PixelConvention, value: number) => (value - mean[0]) / deviation[0];

describe('pixels', () => {
  it("are by default by ImageNet's mean and deviation, and say so", () => {
    const assumed = pixelConvention({});
    expect(entered(assumed, 255)).toBeCloseTo((1 - 0.485) / 0.229, 6);
    expect(assumed).toMatchObject({ order: 'RGB', source: expect.stringMatching(/^assumed: ImageNet/) });
  });

  it.each([
    ['0..1', 0, 1],
    ['0..255', 0, 255],
    ['-1..1', -1, 1],
  ] as const)('are brought to %s', (range, least, most) => {
    const convention = pixelConvention({ range });
    expect([entered(convention, 0), entered(convention, 255)]).toEqual([least, most]);
  });

  it('have a mean and deviation of 0 to 1, or of 0 to 255', () => {
    const small = pixelConvention({ mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] });
    const large = pixelConvention({ mean: [127.5, 127.5, 127.5], deviation: [63.75, 63.75, 63.75] });
    for (const value of [0, 100, 255]) expect(entered(small, value)).toBeCloseTo(entered(large, value), 9);
    expect(entered(pixelConvention({ mean: [0.5, 0.5, 0.5] }), 255)).toBeCloseTo(0.5, 9);
  });

  it('come as options say before the file, as the file says before what is assumed', () => {
    const file = parse({
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
      size: { height: 512, width: 640 },
    });
    expect(pixelConvention({}, file)).toEqual(file);
    const both = pixelConvention({ range: '0..255', bgr: true }, file);
    expect(both).toMatchObject({ order: 'BGR', mean: [0, 0, 0], size: { width: 640, height: 512 } });
  });
});

describe("a Hugging Face network's file", () => {
  it("is a SegFormer's", () => {
    const file = parse({
      ...{ do_normalize: true, do_rescale: true, do_resize: true, do_reduce_labels: true, resample: 2 },
      ...{ image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225], rescale_factor: 1 / 255 },
      ...{ image_processor_type: 'SegformerFeatureExtractor', size: { height: 512, width: 512 } },
    });
    expect(entered(file, 51)).toBeCloseTo((0.2 - 0.485) / 0.229, 6);
    expect(file.size).toEqual({ width: 512, height: 512 });
  });

  it("is a MobileViT's: blue first, rescaled, not normalised, cropped", () => {
    const file = parse({
      ...{ do_flip_channel_order: true, do_rescale: true, rescale_factor: 1 / 255, do_normalize: false },
      ...{ do_center_crop: true, crop_size: { height: 512, width: 512 }, size: { shortest_edge: 544 } },
    });
    expect(file).toMatchObject({ order: 'BGR', size: { width: 512, height: 512 } });
    expect(entered(file, 255)).toBeCloseTo(1, 9);
  });

  it.each([
    [{ size: 512 }, { width: 512, height: 512 }],
    [{ size: { shortest_edge: 720 } }, { width: 1280, height: 720 }],
    [{ size: { longest_edge: 1280 } }, { width: 1280, height: 720 }],
    [{ size: 512, do_resize: false }, undefined],
    [{}, undefined],
  ])('tells a size by %j', (said, size) => {
    expect(parse(said).size).toEqual(size);
  });

  it.each([
    ['[1, 2', /is not JSON/],
    ['[]', /it is to be a Hugging Face image processor's/],
    ['{"image_mean": [0.5], "image_std": [1, 1, 1]}', /image_mean/],
    ['{"image_mean": [0, 0, 0], "image_std": [1, 0, 1]}', /image_std: holds 0/],
    ['{"size": {"height": -1, "width": 4}}', /size/],
  ])('is refused that is %s', (text, reason) => {
    expect(() => parsePreprocessor(text, 'p.json')).toThrow(reason);
  });
});
