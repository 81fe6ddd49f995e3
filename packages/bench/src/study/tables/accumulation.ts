/** Figure 8: how errors add up with the distance from the key frame; and accuracy against speed. */

import { distanceChart } from '../../../../twnet/src/page/distance-chart.js';
import { lineChart } from '../../../../twnet/src/page/line-chart.js';
import type { Block, Section } from '../../report/document.js';
import { MODULE_ROWS, modulesName } from '../paper.js';
import type { Study } from '../study.js';
import { variantCommands } from './commands.js';

export function errorAccumulation(study: Study): Section {
  const blocks = study.clips.flatMap((clip): Block[] =>
    ([1, 2] as const).flatMap((layer): Block[] => {
      const perFrame = study.score(clip, 'per-frame', { model: study.base });
      const curves = [
        ...(perFrame ? [{ name: 'per frame', points: perFrame.curve }] : []),
        ...MODULE_ROWS.flatMap((modules) => {
          const score = study.moduleScore(clip, layer, modules);
          return score ? [{ name: modulesName(modules), points: score.curve }] : [];
        }),
      ];
      if (curves.length < 2) return [];
      return [
        { kind: 'text', text: `**${clip.name}**, Layer ${layer}:` },
        {
          kind: 'chart',
          name: `figure-8-${clip.name}-layer${layer}`,
          svg: distanceChart(curves),
          alt: `${clip.name}, Layer ${layer}: mIoU over frames since the key frame`,
        },
      ];
    }),
  );
  return {
    id: 'figure-8',
    title: 'Figure 8: errors over the distance from the key frame',
    blocks: [
      ...blocks,
      {
        kind: 'text',
        text: 'mIoU of all frames scored at each distance, in one confusion matrix a distance.',
      },
    ],
    commands: study.clips.flatMap((clip) => variantCommands(study, clip)),
    missing: [],
  };
}

/** Accuracy kept against speed, a line a backbone through no warping and Layers 1 to 3. */
export function speedAgainstAccuracy(study: Study): Section | undefined {
  const size = study.speedSizes.at(-1);
  if (!size) return undefined;
  const blocks = study.clips.flatMap((clip): Block[] => {
    const lines = study.models.flatMap((model) => {
      const perFrame = study.score(clip, 'per-frame', { model });
      if (!perFrame) return [];
      const points = ([1, 2, 3] as const).flatMap((layer): [number, number][] => {
        const method = layer === 3 ? 'warp-alone' : 'twnet';
        const score = study.score(clip, method, { model, layer });
        const figure = study.speed(model.card.backbone, layer, size);
        return score && figure ? [[figure.speedUp.endToEnd.median, 100 * score.meanIou]] : [];
      });
      return points.length === 0
        ? []
        : [{ name: model.name, points: [[1, 100 * perFrame.meanIou] as [number, number], ...points] }];
    });
    if (lines.length === 0) return [];
    return [
      {
        kind: 'chart',
        name: `speed-accuracy-${clip.name}`,
        svg: lineChart({
          x: { name: `times as fast as per frame, ${size.width}×${size.height}, end to end` },
          y: { name: 'mIoU, %' },
          lines,
          label: `${clip.name}: mIoU against speed, a line a model from per frame over Layers 1 and 2 to 3`,
        }),
        alt: `${clip.name}: mIoU against speed, a line a model`,
      },
    ];
  });
  return blocks.length === 0
    ? undefined
    : { id: 'speed-accuracy', title: 'Accuracy against speed', blocks, commands: [], missing: [] };
}
