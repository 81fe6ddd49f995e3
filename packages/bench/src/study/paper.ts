/**
 * Figures that the paper states (Feng, Li, Li: TWNet), to stand beside ours. Cityscapes val at 1024 × 2048 on a
 * GTX 1080 Ti, where nothing else is said; mIoU in percent.
 */
import type { BackboneName } from '@twnet/core/network/backbones';
import type { WarpLayer } from '@twnet/core/network/key-frame';

/** Which modules a row of Tables 1, 3 and 10 has: fine-tuning (the paper's FT, NKFC), CFR, RGA. */
export interface Modules {
  readonly fineTuned: boolean;
  readonly cfr: boolean;
  readonly rga: boolean;
}

export const WARPING: Modules = { fineTuned: false, cfr: false, rga: false };
export const FINE_TUNED: Modules = { fineTuned: true, cfr: false, rga: false };
export const WITH_CFR: Modules = { fineTuned: true, cfr: true, rga: false };
export const FULL: Modules = { fineTuned: true, cfr: true, rga: true };

export function modulesName({ fineTuned, cfr, rga }: Modules): string {
  if (!fineTuned) return 'warping alone';
  return `fine-tuned${cfr ? ' + CFR' : ''}${rga ? ' + RGA' : ''}`;
}

/** The rows of Tables 3 and 10, in their order. */
export const MODULE_ROWS: readonly Modules[] = [WARPING, FINE_TUNED, WITH_CFR, FULL];

interface PaperFigure {
  readonly meanIou: number;
  readonly framesPerSecond: number;
}

const figures = (rows: readonly (readonly [number, number])[]): readonly PaperFigure[] =>
  rows.map(([meanIou, framesPerSecond]) => ({ meanIou, framesPerSecond }));

/** The per-frame network. */
export const PAPER_PER_FRAME = {
  cityscapes: { meanIou: 73.6, framesPerSecond: 35.5 },
  camvid: { meanIou: 73.5, framesPerSecond: 103.5 },
} as const;

/** Tables 1 and 3: figures of {@link MODULE_ROWS}. */
export const PAPER_CITYSCAPES: Readonly<Record<1 | 2, readonly PaperFigure[]>> = {
  1: figures([
    [67.3, 65.5],
    [69.6, 65.5],
    [70.6, 63.1],
    [71.6, 61.8],
  ]),
  2: figures([
    [65.4, 89.8],
    [67.8, 89.8],
    [68.6, 86.3],
    [69.5, 84.9],
  ]),
};

/** Table 1's last row. */
export const PAPER_LAYER3: PaperFigure = { meanIou: 63.2, framesPerSecond: 119.7 };

/** Table 3's last column, of {@link MODULE_ROWS}: the whole network, then what each module adds. */
export const PAPER_GFLOPS: Readonly<Record<1 | 2, readonly string[]>> = {
  1: ['113.28', '+0', '+2.42', '+0.0012'],
  2: ['73.00', '+0', '+2.42', '+0.0029'],
};

/** Table 10, CamVid's test set at 720 × 960: figures of {@link MODULE_ROWS}. */
export const PAPER_CAMVID: Readonly<Record<1 | 2, readonly PaperFigure[]>> = {
  1: figures([
    [68.8, 183.1],
    [69.9, 183.1],
    [71.0, 179.8],
    [71.5, 175.2],
  ]),
  2: figures([
    [66.7, 252.6],
    [68.1, 252.6],
    [69.3, 245.8],
    [70.0, 240.7],
  ]),
};

/** Table 2: mIoU with CFR by λ1. */
export const PAPER_CONSISTENCY_WEIGHTS: Readonly<Record<1 | 2, readonly (readonly [number, number])[]>> = {
  1: [
    [0, 69.9],
    [1, 70.2],
    [10, 70.6],
    [20, 70.3],
  ],
  2: [
    [0, 67.6],
    [1, 68.1],
    [10, 68.6],
    [20, 68.3],
  ],
};

/** Table 4: IoU by category at Layer 1, of {@link MODULE_ROWS}. */
export const PAPER_CATEGORIES: Readonly<Record<string, readonly number[]>> = {
  object: [43.8, 51.2, 62.2, 62.2],
  human: [56.7, 65.5, 75.2, 76.1],
  vehicle: [82.2, 84.6, 89.7, 90.1],
  nature: [86.6, 89.6, 91.3, 91.1],
  construction: [87.1, 89.1, 90.8, 91.0],
  sky: [91.6, 94.0, 94.2, 94.2],
  flat: [96.6, 97.3, 97.9, 98.0],
};

/** Table 5's video-based models on Cityscapes: mIoU per frame and with video, and how many times as fast. */
export const PAPER_VIDEO_MODELS: readonly {
  readonly name: string;
  readonly perFrame: number;
  readonly meanIou: number;
  readonly speedUp: number;
}[] = [
  { name: 'DFF', perFrame: 71.1, meanIou: 69.2, speedUp: 5.6 / 1.52 },
  { name: 'DVSNet1', perFrame: 73.5, meanIou: 63.2, speedUp: 30.4 / 5.6 },
  { name: 'DVSNet2', perFrame: 73.5, meanIou: 70.4, speedUp: 19.8 / 5.6 },
  { name: 'Prop-mv', perFrame: 75.2, meanIou: 61.7, speedUp: 7.6 / 1.3 },
  { name: 'Interp-mv', perFrame: 75.2, meanIou: 66.6, speedUp: 7.2 / 1.3 },
  { name: 'Low-Latency', perFrame: 80.2, meanIou: 75.9, speedUp: 8.4 / 2.8 },
  { name: 'TWNet, Layer 1', perFrame: 73.6, meanIou: 71.6, speedUp: 61.8 / 35.5 },
  { name: 'TWNet, Layer 2', perFrame: 73.6, meanIou: 69.5, speedUp: 84.9 / 35.5 },
];

/** Table 8: the backbones that the paper has. */
export const PAPER_BACKBONES: Readonly<
  Partial<
    Record<BackboneName, Readonly<Record<'none' | WarpLayer, PaperFigure & { readonly speedUp: number }>>>
  >
> = {
  'mobilenet-v1': {
    none: { meanIou: 73.6, framesPerSecond: 35.5, speedUp: 1 },
    1: { meanIou: 71.6, framesPerSecond: 61.8, speedUp: 1.74 },
    2: { meanIou: 69.5, framesPerSecond: 84.9, speedUp: 2.39 },
    3: { meanIou: 63.2, framesPerSecond: 119.7, speedUp: 3.37 },
  },
  'mobilenet-v2': {
    none: { meanIou: 73.2, framesPerSecond: 32.3, speedUp: 1 },
    1: { meanIou: 71.3, framesPerSecond: 59.6, speedUp: 1.85 },
    2: { meanIou: 69.4, framesPerSecond: 82.5, speedUp: 2.55 },
    3: { meanIou: 62.4, framesPerSecond: 115.8, speedUp: 3.59 },
  },
  'resnet-18': {
    none: { meanIou: 71.6, framesPerSecond: 36.9, speedUp: 1 },
    1: { meanIou: 69.4, framesPerSecond: 63.6, speedUp: 1.72 },
    2: { meanIou: 67.7, framesPerSecond: 86.8, speedUp: 2.35 },
    3: { meanIou: 61.9, framesPerSecond: 120.4, speedUp: 3.26 },
  },
};

/** Table 9: warping at Layer 1 along motion of several kinds. */
export const PAPER_FLOWS: readonly (PaperFigure & { readonly name: string })[] = [
  { name: 'Motion vectors', meanIou: 67.3, framesPerSecond: 65.5 },
  { name: 'FlowNet2', meanIou: 67.5, framesPerSecond: 13.2 },
  { name: 'FlowNet2-s', meanIou: 66.3, framesPerSecond: 26.6 },
  { name: 'FlowNet2-c', meanIou: 66.6, framesPerSecond: 22.7 },
  { name: 'PWC-Net', meanIou: 67.0, framesPerSecond: 29.4 },
];

/** Table 11, CamVid's test set: mIoU per frame and with video, frames a second of each. */
export const PAPER_CAMVID_MODELS: readonly {
  readonly name: string;
  readonly perFrame: number;
  readonly meanIou?: number;
  readonly perFrameRate?: number;
  readonly rate?: number;
}[] = [
  { name: 'DFANet A', perFrame: 64.7, perFrameRate: 120 },
  { name: 'ICNet', perFrame: 67.1, perFrameRate: 27.8 },
  { name: 'BiSeNet', perFrame: 68.7 },
  { name: 'Prop-mv', perFrame: 68.6, meanIou: 63.4, perFrameRate: 3.8, rate: 21.4 },
  { name: 'Interp-mv', perFrame: 68.6, meanIou: 67.3, perFrameRate: 3.8, rate: 19.1 },
  { name: 'TWNet, Layer 1', perFrame: 73.5, meanIou: 71.5, perFrameRate: 103.5, rate: 175.2 },
  { name: 'TWNet, Layer 2', perFrame: 73.5, meanIou: 70.0, perFrameRate: 103.5, rate: 240.7 },
];
