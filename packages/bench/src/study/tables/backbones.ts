/** Tables 6, 7 and 8: heads and backbones. */
import { BACKBONE_NAMES, type BackboneName } from '@twnet/core/network/backbones';
import { keyFrameNetwork, type WarpLayer } from '@twnet/core/network/key-frame';
import { nonKeyFrameNetwork } from '@twnet/core/network/non-key-frame';
import type { Cell, Section } from '../../report/document.js';
import { PAPER_BACKBONES } from '../paper.js';
import type { Study } from '../study.js';
import { percent, ratio, tick, times } from './cells.js';
import { clipCommand } from './commands.js';

const LAYERS = [1, 2, 3] as const;
const TOLD: Readonly<Record<BackboneName, string>> = {
  'mobilenet-v1': 'MobileNetV1',
  'mobilenet-v2': 'MobileNetV2',
  'resnet-18': 'ResNet-18',
  'efficientvit-b0': 'EfficientViT-B0',
};
/** Table 7, in the names of TensorFlow Slim. */
const SLIM: Readonly<Partial<Record<BackboneName, readonly string[]>>> = {
  'mobilenet-v1': ['conv2d_3', 'conv2d_5', 'conv2d_11'],
  'mobilenet-v2': ['layer_4', 'layer_7', 'layer_14'],
  'resnet-18': ['conv2_2', 'conv3_2', 'conv4_2'],
};

/** The layer that head n is, as this project's descriptions name it; decoder layer 4 − n takes it in. */
function headLayer(backbone: BackboneName, head: number): string {
  const { layers } = keyFrameNetwork(backbone, 2);
  const skip = layers.find(({ name }) => name === `lateral${4 - head}.skip`);
  return skip && 'input' in skip ? String(skip.input).replace(/^encoder\./, '') : '';
}

/** Whether a version of the network still computes head n. */
function hasHead(version: 'none' | WarpLayer, head: number): boolean {
  const { layers } =
    version === 'none' ? keyFrameNetwork('mobilenet-v1', 2) : nonKeyFrameNetwork('mobilenet-v1', 2, version);
  return layers.some(({ name }) => name === `lateral${4 - head}.skip`);
}

export function heads(): Section {
  return {
    id: 'table-6',
    title: 'Tables 6 and 7: head layers',
    blocks: [
      { kind: 'text', text: 'Read off the networks as they are built; the paper has the same ticks.' },
      {
        kind: 'table',
        columns: ['network', 'head1', 'head2', 'head3'].map((name) => ({ name })),
        rows: (['none', ...LAYERS] as const).map((version) => [
          version === 'none' ? 'per frame' : `TWNet, Layer ${version}`,
          ...LAYERS.map((head) => tick(hasHead(version, head))),
        ]),
      },
      {
        kind: 'table',
        columns: [
          { name: 'backbone' },
          ...LAYERS.flatMap((head) => [{ name: `head${head}` }, { name: 'paper', paper: true }]),
        ],
        rows: BACKBONE_NAMES.map((backbone) => [
          TOLD[backbone],
          ...LAYERS.flatMap((head) => [headLayer(backbone, head), SLIM[backbone]?.[head - 1] ?? '']),
        ]),
      },
    ],
    commands: [],
    missing: [],
  };
}

/** Table 8. Accuracy of the models given; speed of every backbone measured, whose weights do not matter for it. */
export function backbones(study: Study): Section {
  const rows: Cell[][] = [];
  const missing: string[] = [];
  const sizes = study.speedSizes;
  for (const backbone of BACKBONE_NAMES) {
    const model = study.models.find(({ card }) => card.backbone === backbone);
    if (!model)
      missing.push(
        `accuracy of ${TOLD[backbone]}: train a model (\`twnet train key --backbone ${backbone}\`, \`twnet train nonkey\`) and give it with \`--model\``,
      );
    for (const layer of ['none', ...LAYERS] as const) {
      const paper = PAPER_BACKBONES[backbone];
      const accuracy = study.clips.flatMap((clip): Cell[] => {
        if (!model) return [undefined, undefined];
        if (layer === 'none') return [percent(study.score(clip, 'per-frame', { model })?.meanIou), '1'];
        const score =
          layer === 3
            ? study.score(clip, 'warp-alone', { model, layer })
            : study.score(clip, 'twnet', { model, layer });
        return [percent(score?.meanIou), ratio(study.kept(clip, score, model))];
      });
      const speed = sizes.flatMap((size): Cell[] => {
        if (layer === 'none') {
          const any = LAYERS.map((one) => study.speed(backbone, one, size)).find((figure) => figure);
          return [any?.endToEnd.perFrame.median.toFixed(0), any && times(1), any && times(1)];
        }
        const figure = study.speed(backbone, layer, size);
        return [
          figure?.endToEnd.propagated.median.toFixed(0),
          times(figure?.speedUp.endToEnd.median),
          times(figure?.speedUp.network.median),
        ];
      });
      rows.push([
        TOLD[backbone],
        layer === 'none' ? 'none' : `Layer ${layer}`,
        // A backbone that the paper does not have.
        paper ? (paper[layer].meanIou / paper.none.meanIou).toFixed(3) : '',
        paper ? times(paper[layer].speedUp) : '',
        ...accuracy,
        ...speed,
      ]);
    }
  }
  if (sizes.length === 0) missing.push('speed: run without `--no-speed`');
  return {
    id: 'table-8',
    title: 'Table 8: backbones',
    blocks: [
      {
        kind: 'table',
        columns: [
          { name: 'backbone' },
          { name: 'warped' },
          { name: 'paper: ÷ per frame', paper: true },
          { name: 'paper: speed', paper: true },
          ...study.clips.flatMap(({ name }) => [{ name: `${name}: mIoU` }, { name: '÷ per frame' }]),
          ...sizes.flatMap(({ width, height }) => [
            { name: `${width}×${height}: ms a frame` },
            { name: 'speed' },
            { name: 'networks alone' },
          ]),
        ],
        rows,
      },
      {
        kind: 'text',
        text: `Trained from: ${study.models.map(({ card }) => `${TOLD[card.backbone]}: ${card.provenance.startedFrom}`).join('. ')}.`,
      },
      {
        kind: 'text',
        text: `Speed is of whole groups of ${study.contents.protocol.gop} pictures, end to end from the file to labels of full size, and of the networks alone.`,
      },
    ],
    commands: [
      ...study.clips.flatMap((clip) => clipCommand(study, clip)),
      ...(sizes.length === 0 ? [] : [speedCommand(study)]),
    ],
    missing,
  };
}

export function speedCommand(study: Study): string {
  const sizes = study.speedSizes.map(({ width, height }) => `${width}x${height}`).join(',');
  return `twnet benchmark speed --backbones ${BACKBONE_NAMES.join(',')} --layers 1,2,3 --sizes ${sizes}`;
}
