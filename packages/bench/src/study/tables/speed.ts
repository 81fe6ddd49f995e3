/** Where the time goes. */

import type { Block, Cell, Section } from '../../report/document.js';
import type { SpeedReport } from '../../speed/speed.js';
import type { Study } from '../study.js';
import { speedCommand } from './backbones.js';

/** Operators of each network that are listed. */
const OPERATORS = 8;
const STAGES = ['decode', 'motion', 'network', 'labels'] as const;

const ms = (value: number | undefined): Cell => value?.toFixed(value < 10 ? 1 : 0);

export function speed(study: Study): Section | undefined {
  const { speed: reports } = study.contents;
  if (reports.length === 0) return undefined;
  return {
    id: 'speed',
    title: 'Speed: stages, operators',
    blocks: [
      {
        kind: 'text',
        text: 'Work of each stage on a frame; stages of neighbouring frames overlap, so that they add up to more than a frame takes.',
      },
      stageTable(study),
      ...reports.flatMap(({ operators }) => operators.flatMap(operatorTable)),
    ],
    commands: [speedCommand(study)],
    missing: [],
  };
}

function stageTable(study: Study): Block {
  const { backbone } = study.main.card;
  const rows = study.speedSizes.flatMap((size) => {
    const of = (layer: 1 | 2 | 3) => study.speed(backbone, layer, size);
    const first = of(1) ?? of(2) ?? of(3);
    if (!first) return [];
    const name = `${size.width}×${size.height}`;
    return [
      [
        `${name}, per frame`,
        ...STAGES.map((stage) => ms(first.stages.perFrame[stage])),
        ms(first.endToEnd.perFrame.median),
      ],
      ...([1, 2, 3] as const).flatMap((layer) => {
        const one = of(layer);
        return one
          ? [
              [
                `${name}, non-key frame, Layer ${layer}`,
                ...STAGES.map((stage) => ms(one.stages.nonKey?.[stage])),
                ms(one.endToEnd.nonKey?.median),
              ],
            ]
          : [];
      }),
    ];
  });
  return {
    kind: 'table',
    columns: ['ms a frame', ...STAGES, 'end to end'].map((name) => ({ name })),
    rows,
  };
}

function operatorTable({
  width,
  height,
  backbone,
  layer,
  operators,
}: SpeedReport['operators'][number]): Block[] {
  const network = layer === 'per-frame' ? 'per frame' : `Layer ${layer}, non-key frame`;
  return [
    { kind: 'text', text: `${backbone} at ${width}×${height}, ${network}, by operator of ONNX Runtime:` },
    {
      kind: 'table',
      columns: ['operator', 'ms a frame', 'share, %', 'calls'].map((name) => ({ name })),
      rows: operators
        .slice(0, OPERATORS)
        .map(({ operator, milliseconds, share, calls }) => [
          operator,
          milliseconds.toFixed(1),
          (100 * share).toFixed(1),
          String(Math.round(calls)),
        ]),
    },
  ];
}
